"""The studio as a chat has it, in no platform's words: what is asked for, and the sheets that answer."""
