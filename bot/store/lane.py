"""Lanes: chats are dealt out to a fixed number of them, so that several workers can share the deliveries to all chats.

Whoever holds a lane delivers to every chat in it, alone: so the cards of a chat stay in order, and its pace is kept.
"""

from __future__ import annotations

from zlib import crc32

LANES = 64
"""More than workers that one would run, few enough to be held and renewed in one statement. Stored with each card."""


def chat_of(address: str) -> str:
    """The chat of an address: its topics ("chat/7") share its fate, its limits and its lane."""
    return address.partition("/")[0]


def lane_of(platform: str, address: str) -> int:
    """The lane of an address."""
    return crc32(f"{platform}:{chat_of(address)}".encode()) % LANES
