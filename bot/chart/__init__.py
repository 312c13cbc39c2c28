"""The map of a story: what may be seen of it, where it stands, and the drawing; and the picture of an evening."""
