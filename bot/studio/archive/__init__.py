"""A zip from a stranger: every trap in it is found before an entry is unpacked, and what lies is caught while it is."""
