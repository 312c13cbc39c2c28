"""What a process counts while it works, for whoever watches over it: plain numbers, which nothing waits for."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from time import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.trace import Trace

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0)
"""Bounds for anything somebody waits for: from one flush of a disk to a chat that was told to have patience."""

JOBS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
"""Bounds for the jobs of a group, up to the most that one holds."""


class Spread:
    """How often values fell between bounds: `counts` has one more, for those above the last; `total` is their sum."""

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def note(self, value: float) -> None:
        """One more; it belongs to the first bound that is not below it."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value

    @property
    def count(self) -> int:
        """How many were noted."""
        return sum(self.counts)


class Line:
    """A line to the database: the sizes of its groups, and how many jobs failed."""

    __slots__ = ("failures", "groups")

    def __init__(self) -> None:
        self.groups = Spread(JOBS)
        self.failures = 0


class Figures:
    """Of one process since its start. The store carries them, as everything that counts has it at hand.

    Labels are words of our own (platforms, outcomes): nothing that a viewer sends may become one.
    """

    def __init__(self) -> None:
        self.events: defaultdict[tuple[str, str], int] = defaultdict(int)
        """By platform and outcome: duplicate, refused, unsaved, set_aside. Those committed are in `commit_seconds`."""
        self.commit_seconds: defaultdict[str, Spread] = defaultdict(partial(Spread, SECONDS))
        """From an event's arrival until it is durable, by platform."""
        self.shown_seconds: defaultdict[str, Spread] = defaultdict(partial(Spread, SECONDS))
        """From a card's commit until its platform has taken it, by platform."""
        self.delivery_failures: defaultdict[tuple[str, str], int] = defaultdict(int)
        """By platform and kind: failed, later, gone or set_aside."""
        self.votes: defaultdict[tuple[str, str], int] = defaultdict(int)
        """By platform and what the store made of them."""
        self.agenda_seconds = Spread(SECONDS)
        """How late the agenda's rows were taken up."""
        self.agenda_looked = 0.0
        """When the agenda last had nothing left that was due (Unix seconds)."""
        self.lines: defaultdict[str, Line] = defaultdict(Line)
        """The store's, by name."""
        self.trace: Trace | None = None
        """Where spans go as well; None where nobody wants any."""

    def counted(self, platform: str, outcome: str) -> None:
        """One more event that came to this."""
        self.events[platform, outcome] += 1
        if self.trace is not None:
            self.trace.note(outcome=outcome)

    def committed(self, platform: str, at: int) -> None:
        """An event that arrived at `at` (Unix ms) is durable now."""
        seconds = time() - at / 1000
        self.commit_seconds[platform].note(seconds if seconds > 0.0 else 0.0)
        if self.trace is not None:
            self.trace.note(outcome="committed")
