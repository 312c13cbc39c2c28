"""What creators do: random test plays, and the figures they leave."""
