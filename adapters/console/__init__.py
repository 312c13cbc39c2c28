"""The terminal: a story as text, and what a creator wants to know of one."""
