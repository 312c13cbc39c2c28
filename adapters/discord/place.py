"""Where things are on Discord: channels by their number, a room's branches by a name until their thread is made."""

from __future__ import annotations

from bot.delivery.pace import Rate

PLATFORM = "discord"

CHANNEL = Rate(per_second=1, burst=4)
"""About five messages in five seconds in a channel; one is left for what the library does by itself."""

WHISPER = "e"
"""Begins the address of somebody who plays in answers that only they see."""


def whisper(user: int) -> str:
    """The address of what only this person sees."""
    return f"{WHISPER}{user}"


def home_of(address: str) -> int:
    """The channel of an address, and of the branch of a room that is to have a thread there. Raises `ValueError`."""
    return int(address.partition("/")[0])


def rate_of(address: str) -> Rate:
    """How fast a channel may be spoken to."""
    return CHANNEL
