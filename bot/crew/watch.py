"""A worker's watch over its lanes of one platform: which it is to have, has, and is leaving."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable

from bot.crew.deal import dealt
from bot.crew.lanes import Lanes
from bot.store.lane import LANES
from bot.store.port import Leases

GaveUp = Callable[[Iterable[str]], None]
"""Told the leases that are no longer wanted."""


class Watch:
    """`lanes` are those that are delivered. What is left is leased until nothing is under way there any more."""

    def __init__(self, platform: str, worker: int, gave_up: GaveUp) -> None:
        self.lanes = Lanes(platform, frozenset())
        self._worker = worker
        self._gave_up = gave_up
        self._here = f"{platform} at "
        self._due: frozenset[int] = frozenset()
        """Those that this worker is to have."""
        self._leaving: frozenset[int] = frozenset()
        self._settling: set[asyncio.Task[None]] = set()

    def wanted(self) -> list[str]:
        """The leases to be had or renewed: the worker's own name first, by which the others count it."""
        lanes = sorted(self._due | self._leaving | self._mine)
        return [f"{self._here}{self._worker}", *map(self._name, lanes)]

    def deal(self, leases: Leases, asked: Collection[str], until: float) -> bool:
        """Go by what is held now; what was asked for is ours until then, by the loop's clock: whether other lanes are
        to be ours than before.
        """
        self.lanes.until = until
        workers = {worker for name, worker in leases.held.items() if name.startswith(self._here)}
        held = frozenset(lane for lane in range(LANES) if leases.held.get(self._name(lane)) == self._worker)
        before, self._due = self._due, dealt(workers, self._worker) if self._worker in workers else frozenset()
        # Taken while others came: never delivered, so nothing has to end there first.
        idle = held - self._due - self._leaving - self._mine
        if idle:
            self._gave_up(map(self._name, idle))
        # What was not asked for may be held from before, and end any moment.
        held &= frozenset(lane for lane in held if self._name(lane) in asked)
        leave = (self._mine & held) - self._due
        if leave:
            self._leaving |= leave
            task = asyncio.create_task(self._leave(leave))
            self._settling.add(task)
            task.add_done_callback(self._settling.discard)
        self.lanes.change((held & self._due) - self._leaving)
        return self._due != before

    def lose(self) -> None:
        """All of it may be another worker's from now."""
        self._due = self._leaving = frozenset()
        self.lanes.change(frozenset())
        if self.lanes.cut is not None:
            self.lanes.cut()

    async def close(self) -> None:
        """Leave all in good order, and give it up."""
        names, mine = self.wanted(), self._mine
        self.lanes.change(frozenset())
        await self._settle(mine)
        await asyncio.gather(*self._settling, return_exceptions=True)
        self._gave_up(names)

    @property
    def _mine(self) -> frozenset[int]:
        return self.lanes.mine or frozenset()

    async def _leave(self, lanes: frozenset[int]) -> None:
        await self._settle(lanes)
        self._leaving -= lanes
        self._gave_up(map(self._name, lanes - self._due))

    async def _settle(self, lanes: frozenset[int]) -> None:
        if self.lanes.settle is not None:
            await self.lanes.settle(lanes)

    def _name(self, lane: int) -> str:
        return f"{self.lanes.platform} {lane}"
