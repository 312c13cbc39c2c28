"""The line before the bench: who waits, in order, and who must come again later."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from bot.studio.bench.job import Job


class Busy(Exception):
    """A job is not taken, or no longer wanted. `str` says why, and what to do."""


class Replaced(Busy):
    """The same was asked for again before this job began; the newer one has its place in the line."""


@dataclass(eq=False, slots=True)
class Ticket:
    """A job in the line, and whoever waits for its answer."""

    creator: int
    job: Job[Any]
    answer: asyncio.Future[Any] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def is_again(self, other: Ticket) -> bool:
        """Whether it asks for the same as another: only the newer answer is of use to its creator."""
        return (self.creator, self.job.kind, self.job.about) == (other.creator, other.job.kind, other.job.about)


class Line:
    """Jobs in the order in which they came."""

    def __init__(self, each: int, all: int) -> None:
        self._each, self._all = each, all
        self._waiting: list[Ticket] = []
        self._somebody = asyncio.Event()

    def join(self, ticket: Ticket) -> None:
        """Wait behind the others, or in the place of an older job that asks for the same. Raises `Busy`."""
        for place, older in enumerate(self._waiting):
            if older.is_again(ticket):
                self._waiting[place] = ticket
                if not older.answer.done():
                    older.answer.set_exception(Replaced(f"{ticket.job.kind.value} was asked for again; it comes once"))
                return
        if sum(one.creator == ticket.creator for one in self._waiting) >= self._each:
            raise Busy(f"{self._each} jobs of yours wait already; ask again when one of them is answered")
        if len(self._waiting) >= self._all:
            raise Busy("too many wait for the workshop; ask again in a few minutes")
        self._waiting.append(ticket)
        self._somebody.set()

    def leave(self, ticket: Ticket) -> None:
        """Go, whether it was still waiting or not."""
        if ticket in self._waiting:
            self._waiting.remove(ticket)

    async def next(self) -> Ticket:
        """Whose turn it is, as soon as there is somebody."""
        while not self._waiting:
            self._somebody.clear()
            await self._somebody.wait()
        return self._waiting.pop(0)

    def all(self) -> list[Ticket]:
        """Everybody who waits; then nobody does."""
        waiting, self._waiting = self._waiting, []
        return waiting
