"""A worker: one process of the bot, built from the bot's own parts on a disk that others share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from bot.agenda import Agenda
from bot.app import App
from bot.delivery.delivery import Delivery, Pauses, Show
from bot.rooms import Rooms
from tests.fakes.house import START
from tests.simulation.disk import Disk
from tests.simulation.dramas import ReadyLibrary
from tests.simulation.link import Link
from tests.simulation.loop import Process, Scheduler
from tests.simulation.store import SimulatedStore

Result = TypeVar("Result")

PLATFORM = "chat"
PAUSES = Pauses(first=0.1, last=1.0, idle=2.0)


class Lost(Exception):
    """The worker ended before it answered."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Of what classes a worker is built: the bot's own, or one with a bug in it."""

    store: type[SimulatedStore] = SimulatedStore
    app: type[App] = App
    delivery: type[Delivery] = Delivery


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all workers of a world share."""

    scheduler: Scheduler
    disk: Disk
    outside: Process
    """The loop of everybody else: viewers and their platform."""
    show: Show
    broken: Callable[[str], None]
    parts: Parts


class Worker:
    """`life` begins one; after its end the next is another `Worker` with the same number."""

    def __init__(self, number: int, around: Surroundings, ahead: int = 0) -> None:
        """`ahead`: milliseconds that its clock is ahead of time."""
        self.number = number
        self.ahead = ahead
        self.around = around
        self.process = Process(around.scheduler, around.broken)
        self.link = Link(around.disk, around.scheduler.chance_of(f"worker {number}"), self.crash)
        self.store = around.parts.store(self.link)
        self.app = around.parts.app(self.store, ReadyLibrary(self.store))
        self.rooms = Rooms(self.app)
        self._asked: set[asyncio.Future[Any]] = set()
        self._running: list[asyncio.Task[None]] = []
        self.process.create_task(self.store.open())

    @property
    def alive(self) -> bool:
        return not self.process.ended

    @property
    def delivers(self) -> bool:
        return bool(self._running)

    def clock(self) -> int:
        """Unix ms, as this machine believes."""
        return START + round(self.around.scheduler.now * 1000) + self.ahead

    def crash(self) -> None:
        """It ends here and now. Whoever waits for an answer hears that there is none."""
        self.process.ended = True
        self._running.clear()
        for answer in list(self._asked):
            self.around.outside.call_soon(_lost, answer)

    # -- the crew: who delivers, and who minds the agenda

    def take_over(self) -> None:
        """Deliver, and mind the agenda, from now on."""
        if self.alive and not self._running:
            delivery = self.around.parts.delivery(self.store, PLATFORM, self.around.show, PAUSES)
            self.app.deliveries[PLATFORM] = delivery
            agenda = Agenda(self.app, self.rooms, self.clock)
            self._running = [self.process.create_task(one.run()) for one in (delivery, agenda)]

    def let_go(self) -> None:
        """Leave both to another one."""
        self.app.deliveries.clear()
        for task in self._running:
            task.cancel()
        self._running.clear()

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


def _lost(answer: asyncio.Future[Any]) -> None:
    if not answer.done():
        answer.set_exception(Lost())


def _settle(answer: asyncio.Future[Result], task: asyncio.Task[Result]) -> None:
    if answer.done() or task.cancelled():
        return
    error = task.exception()
    if error is None:
        answer.set_result(task.result())
    else:
        answer.set_exception(error)
