"""The bench: the one process in which what creators send is opened, read, proven, played and drawn."""
