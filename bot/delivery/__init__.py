"""From the outbox to the platforms: in order for each chat, until it is shown."""
