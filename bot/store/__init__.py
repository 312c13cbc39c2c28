"""What is durable: a port, and the databases behind it."""
