"""The clock by which everything in the house happens: this machine's, put right where the database's says otherwise."""

from __future__ import annotations

import time

import structlog

log = structlog.get_logger()

TOLERATED = 1_000
"""Milliseconds by which two machines may differ before one of them counts as wrong."""


class Clock:
    """Calling it gives Unix milliseconds. Deadlines are kept by workers on several machines: they must agree."""

    def __init__(self) -> None:
        self._offset = 0

    def __call__(self) -> int:
        return self.own() + self._offset

    def compare(self, before: int, theirs: int, after: int) -> None:
        """The database's clock said `theirs`, when this machine's own said between `before` and `after`."""
        least, most = theirs - after, theirs - before
        wrong = 0 if least <= TOLERATED and most >= -TOLERATED else (least + most) // 2
        if abs(wrong - self._offset) <= TOLERATED:
            return
        log.warning(
            "clock_wrong", seconds=-round(wrong / 1000, 1), help="set this machine's clock; until then the database's"
        )
        self._offset = wrong

    def own(self) -> int:
        """What this machine's own clock says."""
        return time.time_ns() // 1_000_000
