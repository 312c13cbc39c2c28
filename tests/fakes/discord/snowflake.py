"""Ids as Discord makes them: milliseconds since 2015 in the upper bits."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.fakes.telegram.clock import Clock

EPOCH_MS = 1_420_070_400_000
_COUNTER_BITS = 22


class Snowflakes:
    """Rising ids by the server's clock. Several in one millisecond differ in the lower bits."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> int:
        made = (int(self._clock.now() * 1000) - EPOCH_MS) << _COUNTER_BITS
        self._last = max(made, self._last + 1)
        return self._last

    def for_shard(self, shard: int, shards: int) -> int:
        """An id that belongs to this one of so many shards: (id >> 22) % shards."""
        made = self.next() >> _COUNTER_BITS
        made += (shard - made) % shards
        self._last = max(self._last, (made << _COUNTER_BITS) + 1)
        return self._last


def made_at(snowflake: int) -> float:
    """Unix seconds of an id."""
    return ((snowflake >> _COUNTER_BITS) + EPOCH_MS) / 1000


def iso(seconds: float) -> str:
    """Unix seconds as Discord writes times."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")
