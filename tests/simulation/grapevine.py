"""The grapevine: what workers tell one another, which comes late, twice, out of order, or never."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from tests.simulation.loop import Process

QUICK = 0.05
"""Seconds that a hint is under way at the most, as a rule."""

SLOW = 2.0
"""Seconds that three in ten may be under way."""


@dataclass(slots=True)
class Ear:
    """A worker that listens. `deaf_until`: it misses everything before that second."""

    process: Process
    heard: Callable[[str], None]
    deaf_until: float = 0.0


class Grapevine:
    """One for all workers of a world."""

    def __init__(self, outside: Process) -> None:
        self._outside = outside
        self._chance = outside.scheduler.chance_of("grapevine")
        self._ears: list[Ear] = []

    def listen(self, heard: Callable[[str], None]) -> None:
        """The worker whose loop runs hears from now on; something may have been told before."""
        process = asyncio.get_running_loop()
        if isinstance(process, Process):
            self._ears.append(Ear(process, heard))
            process.call_soon(heard, "")

    def tell(self, news: str) -> None:
        """Everybody hears of it, its teller too: once as a rule."""
        self._ears = [ear for ear in self._ears if not ear.process.ended]
        for ear in self._ears:
            for _ in range(self._chance.choice((0, 0, 1, 1, 1, 1, 1, 2))):
                most = SLOW if self._chance.random() < 0.3 else QUICK
                self._outside.call_later(self._chance.random() * most, self._arrive, ear, news)

    def deafen(self, process: Process, seconds: float) -> None:
        """That worker misses everything for so long, and then learns that it may have."""
        for ear in self._ears:
            if ear.process is process:
                ear.deaf_until = self._outside.time() + seconds
                self._outside.call_later(seconds, self._arrive, ear, "")

    def _arrive(self, ear: Ear, news: str) -> None:
        if self._outside.time() >= ear.deaf_until:
            ear.process.call_soon(ear.heard, news)
