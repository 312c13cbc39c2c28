"""Whole databases: copied from one kind to another, backed up, restored."""
