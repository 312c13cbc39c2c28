"""Find, sign, serve and make clips."""
