"""Telegram as an adapter: updates become events, cards become messages with a video and buttons."""

from __future__ import annotations

import os

# How python-telegram-bot is told that we know its times are no longer plain seconds; without it, every time that
# Telegram asks for patience comes with a warning.
os.environ.setdefault("PTB_TIMEDELTA", "true")
