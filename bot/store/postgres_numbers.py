"""Numbers that nobody has to be asked for: those that grow with time, and those that are made of names."""

from __future__ import annotations

import time
from hashlib import blake2b

COUNTER_BITS = 20
"""Numbers of one millisecond: a million. Unix milliseconds before them fit signed 64 bits until the year 2248."""

HOME_BITS = 62
"""Bits of a home, as many as an id of a session has."""


class Numbers:
    """Counts up, also over restarts and when the clock goes back. For one process."""

    def __init__(self) -> None:
        self._last = 0

    def after(self, last: int) -> None:
        """From now on above that number too: the highest that was given before and still matters."""
        self._last = max(self._last, last)

    def next(self) -> int:
        """A number above all before it."""
        self._last = max(self._last + 1, (time.time_ns() // 1_000_000) << COUNTER_BITS)
        return self._last


def home_of(*names: str) -> int:
    """Where a row lies that belongs to no session: the same names, the same number."""
    digest = blake2b("\0".join(names).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest) >> (64 - HOME_BITS)
