"""The engine: pure functions over branch state."""
