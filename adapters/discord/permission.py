"""What the bot needs to be allowed in a channel, and how each is called where a server's owner looks for it."""

from __future__ import annotations

from adapters.words import Words

ADMINISTRATOR = 1 << 3
VIEW, SEND, FILES = 1 << 10, 1 << 11, 1 << 15
THREADS, SEND_IN_THREADS = 1 << 35, 1 << 38
MANAGE_EVENTS, CREATE_EVENTS = 1 << 33, 1 << 44
"""Discord, bitwise permission flags."""

NAMES = {
    VIEW: "may_view", SEND: "may_send", FILES: "may_files", THREADS: "may_threads",
    SEND_IN_THREADS: "may_send_in_threads", CREATE_EVENTS: "may_events",
}  # fmt: skip

INVITE = VIEW | SEND | FILES | THREADS | SEND_IN_THREADS | CREATE_EVENTS
"""All that the bot asks for when it is invited: their sum is in the README's link."""


IN_CHANNEL, IN_THREAD, NEW_THREADS = (SEND,), (SEND_IN_THREADS,), (THREADS, SEND_IN_THREADS)
"""What is needed to play in a channel, in a thread that is there, and in threads that are made for it."""


def missing(may: int, *needed: int) -> list[int]:
    """What a room lacks that needs these in its channel, and whatever all need."""
    if may & ADMINISTRATOR:
        return []
    return [one for one in (VIEW, FILES, *needed) if not may & one]


def may_make_events(may: int) -> bool:
    """Whether the bot may put events into the server's calendar."""
    return bool(may & (ADMINISTRATOR | MANAGE_EVENTS | CREATE_EVENTS))


def named(lacking: list[int], words: Words) -> str:
    """What is missing, as Discord's own settings call it."""
    return ", ".join(words(NAMES[one]) for one in lacking)
