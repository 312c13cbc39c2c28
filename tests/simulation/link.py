"""A worker's link to the disk: slow, broken, cut off, or the last thing that the worker ever did."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from enum import Enum
from random import Random
from typing import Any

from tests.simulation.disk import Disk, full, io_error

PATIENCE = 0.5
"""Seconds after which a worker that is cut off hears that the disk cannot be reached."""

QUICK = 0.004
"""Seconds that a job takes at the most while nothing is wrong."""


class Fault(Enum):
    """What may go wrong with one job; the words say what happens to the job."""

    FAILED = "is refused by a failing disk"
    FULL = "finds the disk full"
    BROKEN = "breaks off in the middle"
    UNSAID = "is done, but its answer is lost"
    CRASH_BEFORE = "is the worker's last, and is not done"
    CRASH_AFTER = "is the worker's last, and is done"


class Link:
    """One worker's. `crash` ends the worker there and then."""

    def __init__(self, disk: Disk, chance: Random, crash: Callable[[], None]) -> None:
        self.disk = disk
        self.cut_until = 0.0
        self.slow_until = 0.0
        self.pause = 0.0
        """Seconds more that each job takes while it is slow."""
        self._chance = chance
        self._crash = crash
        self._armed: deque[tuple[int, Fault]] = deque()

    def arm(self, skip: int, fault: Fault) -> None:
        """After so many jobs have gone well, this happens to the next one."""
        self._armed.append((skip, fault))

    def heal(self) -> None:
        """Nothing goes wrong any more."""
        self._armed.clear()
        self.cut_until = self.slow_until = 0.0

    async def lend(self, work: Callable[[Any], Any]) -> Any:
        """Do the work on the disk, at its moment, with whatever is wrong. Raises sqlite3.OperationalError."""
        fault = self._fault()
        await self._passes()
        if asyncio.get_running_loop().time() < self.cut_until:
            await asyncio.sleep(PATIENCE)
            raise io_error()
        if fault is None:
            answer = work(self.disk.connection)
            if self._chance.random() < 0.2:
                await self._passes()
            return answer
        return await self._at_fault(fault, work)

    async def _at_fault(self, fault: Fault, work: Callable[[Any], Any]) -> Any:
        if fault is Fault.CRASH_BEFORE:
            await self._end()
        if fault in (Fault.FAILED, Fault.FULL):
            raise io_error() if fault is Fault.FAILED else full()
        if fault is Fault.BROKEN:
            with self.disk.breaking(after=self._chance.randrange(400)):
                return work(self.disk.connection)
        work(self.disk.connection)
        if fault is Fault.CRASH_AFTER:
            await self._end()
        raise io_error()

    async def _end(self) -> None:
        self._crash()
        await asyncio.get_running_loop().create_future()

    def _fault(self) -> Fault | None:
        if not self._armed:
            return None
        skip, fault = self._armed.popleft()
        if not skip:
            return fault
        self._armed.appendleft((skip - 1, fault))
        return None

    def _passes(self) -> asyncio.Future[None]:
        """The time that a job takes. Not sleep(), which does twice as much for it, and everything waits here."""
        loop = asyncio.get_running_loop()
        delay = self._chance.random() * QUICK
        over: asyncio.Future[None] = loop.create_future()
        loop.call_later(delay + self.pause if loop.time() < self.slow_until else delay, _end, over)
        return over


def _end(over: asyncio.Future[None]) -> None:
    if not over.done():
        over.set_result(None)
