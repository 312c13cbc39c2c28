"""The platform: brings what viewers send until it is acknowledged, and shows what it is told to show."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from itertools import count
from random import Random

from bot.delivery.couriers import look_back
from bot.delivery.delivery import Later
from bot.delivery.parcel import Note, Parcel
from bot.store.errors import StoreError
from bot.store.port import EventKey
from tests.simulation.deed import Refusal
from tests.simulation.desk import Call, What, take
from tests.simulation.loop import Process
from tests.simulation.witness import Witness
from tests.simulation.worker import PLATFORM, Lost, Worker

ROAD = 0.02
"""Seconds that something is on its way at the most while nothing is wrong."""

SLOW = 1.9
"""Seconds that it may take to show something: less than the crew's margin, on which it may do so."""

AGAIN = 0.6
"""Seconds until something that was not acknowledged is brought again, at the most."""


class Platform:
    """Everybody's chats. `outside` is the loop of all that is not a worker."""

    def __init__(self, outside: Process, witness: Witness, workers: Callable[[], Sequence[Worker]]) -> None:
        """`workers`: those that live."""
        self.chats: defaultdict[str, list[Parcel]] = defaultdict(list)
        """What was shown in each, in order."""
        self.on_their_way = 0
        self._outside = outside
        self._chance = outside.scheduler.chance_of("platform")
        self._witness = witness
        self._workers = workers
        self._numbers = count(1)
        self._refusals: deque[tuple[int, Refusal]] = deque()

    # -- from viewers to workers

    def send(self, who: str, what: What, copies: int) -> None:
        """Somebody sends something."""
        call = Call(EventKey(PLATFORM, str(next(self._numbers))), who, what)
        self._witness.sent(call)
        for copy in range(copies):
            self.on_their_way += 1
            chance = self._outside.scheduler.chance_of(f"{who} {type(what).__name__} {copy}")
            self._outside.create_task(self._bring(call, chance))

    async def _bring(self, call: Call, chance: Random) -> None:
        await asyncio.sleep(chance.random() * ROAD)
        while not await self._brought(call, chance):
            await asyncio.sleep(chance.random() * AGAIN)
        self.on_their_way -= 1

    async def _brought(self, call: Call, chance: Random) -> bool:
        workers = self._workers()
        if not workers:
            return False
        worker = chance.choice(workers)
        before = self._witness.before(call, worker)
        try:
            acknowledged = await worker.ask(lambda: take(call, worker))
        except (StoreError, Lost):
            return False
        self._witness.acknowledged(call, acknowledged, before)
        return True

    # -- from workers to viewers

    def refuse(self, skip: int, how: Refusal) -> None:
        """After so many that are shown as they should be, this happens to the next one."""
        self._refusals.append((skip, how))

    def heal(self) -> None:
        """Everything is shown as it should be."""
        self._refusals.clear()

    async def show(self, worker: Worker, address: str, parcel: Parcel | Note) -> None:
        """What a worker's delivery calls. As every adapter does, it reads first, and then looks back. What is on its
        way arrives, whatever becomes of the caller meanwhile; unless that crashes, and the connection with it.
        """
        await asyncio.sleep(self._chance.random() * ROAD)
        await look_back()
        self._witness.showing(worker, address, parcel)
        how = self._refusal()
        if how is Refusal.LATER:
            raise Later(self._chance.random() * 2)
        seconds = self._chance.random() * (SLOW if how is Refusal.SLOW else ROAD)
        if how is not Refusal.BROKEN and isinstance(parcel, Parcel):
            self._outside.call_later(seconds, self._arrive, worker, address, parcel)
        await asyncio.sleep(seconds)
        if how is Refusal.BROKEN:
            raise ConnectionResetError
        if how is Refusal.LOST:
            raise TimeoutError

    def _arrive(self, worker: Worker, address: str, parcel: Parcel) -> None:
        if not worker.crashed:
            self._witness.shown(address, parcel)
            self.chats[address].append(parcel)

    def dealt(self, worker: Worker) -> None:
        """A worker has other lanes from now."""
        self._witness.dealt(worker, self._workers())

    def on_duty(self, worker: Worker) -> None:
        """A worker begins with what it alone does."""
        self._witness.on_duty(worker)

    def _refusal(self) -> Refusal | None:
        if not self._refusals:
            return None
        skip, how = self._refusals.popleft()
        if not skip:
            return how
        self._refusals.appendleft((skip - 1, how))
        return None
