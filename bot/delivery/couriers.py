"""The couriers of a platform: a task for each chat that is owed something, and how they end where lanes are lost."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from bot.crew.crew import MARGIN
from bot.crew.lanes import Lanes
from bot.store.lane import lane_of

SETTLING = 4.0
"""Seconds for what is on its way in lanes that another worker is to have."""


class CalledBack(Exception):
    """What is being shown may be another worker's to show by now, or nobody's any more."""


Owed = Callable[[], Awaitable[bool]]
"""Whether what is being shown is still in the outbox."""


class _Errand:
    """Somebody is on the way to a chat; afterwards `over`."""

    def __init__(self, lasts: Callable[[], bool], owed: Owed) -> None:
        self._lasts = lasts
        self._owed = owed
        self.over = False

    async def holds(self) -> bool:
        # Time passes while it is asked: so the lanes come last.
        return self.over or (await self._owed() and self._lasts())


_errand: ContextVar[_Errand | None] = ContextVar("_errand", default=None)


async def look_back() -> None:
    """For who speaks to a platform, right before each call: raises `CalledBack` where the card is not to be shown any
    more. Before the first call there is much to be read, and a whole process may be held for longer than its leases.
    """
    errand = _errand.get()
    if errand is not None and not await errand.holds():
        raise CalledBack


class Couriers:
    """One courier for each address, on whose way nothing else is sent there."""

    def __init__(self, lanes: Lanes, way: Callable[[str], Awaitable[None]], back: Callable[[str], None]) -> None:
        """`way` is what one does at an address; `back` is called once it is over, also where it never began."""
        self._way = way
        self._back = back
        self._lanes = lanes
        lanes.settle, lanes.cut = self._settle, self._cut
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._calling: set[str] = set()
        """Addresses at which the platform is being told to show something just now."""
        self._ending = False

    def __len__(self) -> int:
        return len(self._tasks)

    def __contains__(self, address: str) -> bool:
        return address in self._tasks

    def send(self, address: str) -> None:
        """Send one there, if none is on the way."""
        if address not in self._tasks:
            task = self._tasks[address] = asyncio.create_task(self._go(address))
            # Called back before it left, a task ends without a single step of its own.
            task.add_done_callback(lambda task: self._home(address, task))

    async def _go(self, address: str) -> None:
        try:
            await self._way(address)
        finally:
            self._home(address, self._tasks[address])

    def _home(self, address: str, task: asyncio.Task[None]) -> None:
        if self._tasks.get(address) is task:
            del self._tasks[address]
            self._back(address)

    def may_go(self, address: str) -> bool:
        """Whether another card may be shown there by this worker."""
        return not self._ending and self._lanes.has(address)

    @contextmanager
    def calling(self, address: str, owed: Owed) -> Iterator[None]:
        """The platform is told something meanwhile, which arrives even if the courier is called back. Who tells it
        looks back right before: whether it is `owed` still, and the lanes last.
        """
        self._calling.add(address)
        errand = _Errand(self._lanes.lasts, owed)
        before = _errand.set(errand)
        try:
            yield
        finally:
            _errand.reset(before)
            errand.over = True  # tasks that were begun meanwhile and go on, as a countdown does, show no card
            self._calling.discard(address)

    def begin(self) -> None:
        """They may go, after an end as well."""
        self._ending = False

    async def end(self) -> None:
        """Call them back. What is on its way where others take over is waited for: it would arrive after theirs."""
        self._ending = True
        calling = self._calling if self._lanes.mine is not None else ()
        for address, task in self._tasks.items():
            if address not in calling:
                task.cancel()
        await _awaited(self._tasks.values(), MARGIN)

    async def _settle(self, lanes: frozenset[int]) -> None:
        """Take no more cards of those lanes, and wait until what is on its way there has arrived."""
        leaving = [task for address, task in self._tasks.items() if lane_of(self._lanes.platform, address) in lanes]
        await _awaited(leaving, SETTLING)

    def _cut(self) -> None:
        """Stop at once wherever the chat is not ours any more."""
        for address, task in self._tasks.items():
            if not self._lanes.has(address):
                task.cancel()


async def _awaited(tasks: Iterable[asyncio.Task[None]], seconds: float) -> None:
    """Wait until they have ended, by themselves for so long."""
    waited = list(tasks)
    if waited:
        _, late = await asyncio.wait(waited, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
