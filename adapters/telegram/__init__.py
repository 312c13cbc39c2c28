"""Telegram as an adapter: updates become events, cards become messages with a video and buttons."""
