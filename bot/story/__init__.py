"""The story language: what a story is, how it is read, what can be known of it. Pure."""
