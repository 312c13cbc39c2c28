"""One package per platform: an event reader and a card renderer, and nothing else."""
