"""A worker: one process of the bot, built from the bot's own parts on a disk that others share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeVar

from bot.agenda import Agenda
from bot.app import App
from bot.crew import Clock, Crew, Lanes
from bot.delivery.delivery import Delivery, Pauses
from bot.delivery.parcel import Note, Parcel
from bot.rooms import Rooms
from tests.simulation.disk import Disk, clock
from tests.simulation.dramas import ReadyLibrary
from tests.simulation.grapevine import Grapevine
from tests.simulation.link import Link
from tests.simulation.loop import Process, Scheduler
from tests.simulation.store import SimulatedStore

Result = TypeVar("Result")

PLATFORM = "chat"
PAUSES = Pauses(first=0.1, last=1.0, idle=5.0)
DUTY = "the odd job"
"""What one worker alone does at a time."""


class Lost(Exception):
    """The worker ended before it answered."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Of what classes a worker is built: the bot's own, or one with a bug in it."""

    store: type[SimulatedStore] = SimulatedStore
    app: type[App] = App
    delivery: type[Delivery] = Delivery
    crew: type[Crew] = Crew


class Onlooker(Protocol):
    """What a worker does to the world outside."""

    async def show(self, worker: Worker, address: str, parcel: Parcel | Note) -> None:
        """It tells the platform to show something."""

    def dealt(self, worker: Worker) -> None:
        """It has other lanes from now."""

    def on_duty(self, worker: Worker) -> None:
        """It begins with what it alone does."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all workers of a world share."""

    scheduler: Scheduler
    disk: Disk
    outside: Process
    """The loop of everybody else: viewers and their platform."""
    grapevine: Grapevine
    onlooker: Onlooker
    broken: Callable[[str], None]
    parts: Parts


class WrongClock(Clock):
    """The clock of a machine that is `ahead` of time by so many milliseconds."""

    def __init__(self, scheduler: Scheduler, ahead: int) -> None:
        super().__init__()
        self.ahead = ahead
        self._scheduler = scheduler

    def own(self) -> int:
        return clock(self._scheduler.now) + self.ahead


class Worker:
    """From its beginning to its end; the next one of the same number is another `Worker`."""

    def __init__(self, number: int, around: Surroundings, ahead: int = 0, name: int | None = None) -> None:
        """`ahead`: milliseconds that its clock is ahead of time. `name`: by which the crew knows it."""
        self.number = number
        self.crashed = False
        self.around = around
        self.clock = WrongClock(around.scheduler, ahead)
        self.process = Process(around.scheduler, around.broken)
        self.link = Link(around.disk, around.scheduler.chance_of(f"worker {number}"), self.crash)
        self.store = around.parts.store(self.link, around.grapevine)
        self.crew = around.parts.crew(self.store, self.clock, name)
        self.app = around.parts.app(self.store, ReadyLibrary(self.store), self.crew)
        self.rooms = Rooms(self.app)
        self.lanes = Lanes(PLATFORM, frozenset())
        self._leaving = asyncio.Event()
        self._asked: set[asyncio.Future[Any]] = set()
        self.process.create_task(self._live()).add_done_callback(self._ended)

    @property
    def alive(self) -> bool:
        return not self.process.ended

    @property
    def believes(self) -> frozenset[int]:
        """The lanes that it believes to have; one that stands still believes nothing."""
        awake = self.process.time() >= self.process.stalled_until
        return (self.lanes.mine or frozenset()) if awake and self.process.time() < self.lanes.until else frozenset()

    def crash(self) -> None:
        """It ends here and now. Whoever waits for an answer hears that there is none."""
        self.crashed = True
        self._end()

    def _end(self) -> None:
        self.process.end()
        for answer in list(self._asked):
            self.around.outside.call_soon(_lost, answer)

    def leave(self) -> None:
        """It is told to end in good order."""
        self.process.call_soon(self._leaving.set)

    # -- a worker's life, in the order in which the house begins and ends things

    async def _live(self) -> None:
        await self.store.open()
        async with self.crew.running(), self.crew.sharing(PLATFORM) as lanes, self._delivering(lanes):
            work = (Agenda(self.app, self.rooms, self.clock).run(), self.crew.alone_at(DUTY, self._duty))
            async with _doing(*work):
                await self._leaving.wait()
        await self.store.close()

    @asynccontextmanager
    async def _delivering(self, lanes: Lanes) -> AsyncIterator[None]:
        self.lanes = lanes
        lanes.listen(partial(self.around.onlooker.dealt, self))
        show = partial(self.around.onlooker.show, self)
        delivery = self.around.parts.delivery(self.store, PLATFORM, show, PAUSES, lanes=lanes)
        self.app.deliveries[PLATFORM] = delivery
        async with _doing(delivery.run()):
            try:
                yield
            finally:
                del self.app.deliveries[PLATFORM]

    async def _duty(self) -> None:
        self.around.onlooker.on_duty(self)
        await asyncio.Event().wait()

    def _ended(self, life: asyncio.Task[None]) -> None:
        if not life.cancelled() and life.exception() is not None:
            self.around.broken(f"worker {self.number} fell: {life.exception()!r}")
        self._end()

    # -- what is asked of it

    def ask(self, work: Callable[[], Coroutine[Any, Any, Result]]) -> asyncio.Future[Result]:
        """Have it do something: its answer, for the outside. Raises what the work raises, and `Lost`."""
        answer: asyncio.Future[Result] = self.around.outside.create_future()
        if self.alive:
            self._asked.add(answer)
            answer.add_done_callback(self._asked.discard)
            self.process.call_soon(self._begin, work, answer)
        else:
            answer.set_exception(Lost())
        return answer

    def _begin(self, work: Callable[[], Coroutine[Any, Any, Result]], answer: asyncio.Future[Result]) -> None:
        task = self.process.create_task(work())
        task.add_done_callback(partial(self._done, answer))

    def _done(self, answer: asyncio.Future[Result], task: asyncio.Task[Result]) -> None:
        self.around.outside.call_soon(_settle, answer, task)


@asynccontextmanager
async def _doing(*works: Awaitable[None]) -> AsyncIterator[None]:
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _lost(answer: asyncio.Future[Any]) -> None:
    if not answer.done():
        answer.set_exception(Lost())


def _settle(answer: asyncio.Future[Result], task: asyncio.Task[Result]) -> None:
    if task.cancelled():
        return
    error = task.exception()
    if answer.done():
        return
    if error is None:
        answer.set_result(task.result())
    else:
        answer.set_exception(error)
