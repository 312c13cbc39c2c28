"""Event loops in virtual time: one for each process, all turned by one scheduler in an order that a seed decides."""

from __future__ import annotations

import asyncio
import heapq
from asyncio.events import _set_running_loop
from collections.abc import Callable
from contextvars import Context, copy_context
from itertools import count
from random import Random
from typing import Any, TypeVar, TypeVarTuple
from zlib import crc32

Value = TypeVar("Value")
Given = TypeVarTuple("Given")

MOST_TURNS = 60_000
"""Turns of a whole history, some twenty times what the busiest one needs."""


class Restless(Exception):
    """A world that does not come to an end: something is tried again and again without time passing."""


class Turn(asyncio.Handle):
    """A handle without what is only wanted for debugging: a history makes a thousand."""

    _callback: Callable[..., object]
    _args: tuple[Any, ...]
    _context: Context

    def __init__(self, callback: Callable[..., object], args: tuple[Any, ...], context: Context | None) -> None:
        self._callback = callback
        self._args = args
        self._context = copy_context() if context is None else context
        self._cancelled = False

    def run(self) -> None:
        """Do it. Raises what it raises."""
        self._context.run(self._callback, *self._args)


class Scheduler:
    """Turns every process's loop. `now` is virtual seconds; it moves on only when nobody has anything to do."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._chance = Random(seed)
        self.now = 0.0
        self.turns = 0
        self._ready: list[tuple[Process, asyncio.Handle]] = []
        self._timers: list[tuple[float, int, Process, asyncio.Handle]] = []
        self._numbers = count()

    def chance_of(self, name: str) -> Random:
        """A chance of somebody's own: what happens to them does not depend on what others draw."""
        return Random(crc32(f"{self._seed} {name}".encode()))

    def soon(self, process: Process, handle: asyncio.Handle) -> None:
        """Turn it in this very moment, before or after whatever else is ready."""
        self._ready.append((process, handle))

    def later(self, process: Process, handle: asyncio.TimerHandle) -> None:
        """Turn it when its time has come."""
        heapq.heappush(self._timers, (handle.when(), next(self._numbers), process, handle))

    def run(self, until: float) -> None:
        """Turn whatever there is until that moment. Raises `Restless`."""
        try:
            while self._ready or self._wake(until):
                self._turn()
        finally:
            _set_running_loop(None)
        self.now = max(self.now, until)

    def _wake(self, until: float) -> bool:
        """Let time pass to the next timer; False when there is none by then."""
        timers = self._timers
        if not timers or timers[0][0] > until:
            return False
        self.now = max(self.now, timers[0][0])
        while timers and timers[0][0] <= self.now:
            _, _, process, handle = heapq.heappop(timers)
            self._ready.append((process, handle))
        return True

    def _turn(self) -> None:
        ready = self._ready
        if len(ready) > 1:
            chosen = int(self._chance.random() * len(ready))
            ready[chosen], ready[-1] = ready[-1], ready[chosen]
        process, handle = ready.pop()
        if handle.cancelled():
            return
        if process.ended:
            process.left.append(handle)
            return
        if process.stalled_until > self.now:
            heapq.heappush(self._timers, (process.stalled_until, next(self._numbers), process, handle))
            return
        self.turns += 1
        if self.turns > MOST_TURNS:
            raise Restless(f"{MOST_TURNS} turns, and still no rest at second {self.now:.3f}")
        _set_running_loop(process)
        if isinstance(handle, Turn):
            handle.run()
        else:
            handle._run()


class Process(asyncio.BaseEventLoop):
    """A process's own loop. Once it has `ended` it never turns again: nothing is cancelled, nothing tidied up."""

    def __init__(self, scheduler: Scheduler, broken: Callable[[str], None]) -> None:
        """`broken` is told of what nobody caught."""
        super().__init__()
        self.scheduler = scheduler
        self.ended = self._buried = False
        self.stalled_until = 0.0
        """Until then it does not turn: what falls due meanwhile is done afterwards, in any order."""
        self.left: list[asyncio.Handle] = []
        """What it would have done, had it not ended: a task that was about to wake cannot end without."""
        self._broken = broken
        self._tasks: set[asyncio.Task[Any]] = set()

    def create_task(self, coro: Any, *, name: object = None, context: Context | None = None) -> asyncio.Task[Any]:
        task: asyncio.Task[Any] = asyncio.Task(coro, loop=self, context=context)
        # Kept, also after the end: a coroutine that is collected would run its `finally`, and the dead do nothing.
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def end(self) -> None:
        """Here and now; once it is being buried, it has ended already."""
        self.ended = not self._buried

    def bury(self) -> None:
        """After all is over: have what never came to its end let go of what it holds. Run the scheduler afterwards."""
        self._buried, self.ended, self.stalled_until = True, False, 0.0
        for task in list(self._tasks):
            task.cancel()
        for handle in self.left:
            self.scheduler.soon(self, handle)

    def time(self) -> float:
        return self.scheduler.now

    def is_closed(self) -> bool:
        """There is nothing to close."""
        return True

    def call_soon(
        self, callback: Callable[[*Given], object], *args: *Given, context: Context | None = None
    ) -> asyncio.Handle:
        handle = Turn(callback, args, context)
        self.scheduler.soon(self, handle)
        return handle

    def call_later(
        self,
        delay: float,
        callback: Callable[[*Given], object],
        *args: *Given,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        return self.call_at(self.scheduler.now + delay, callback, *args, context=context)

    def call_at(
        self,
        when: float,
        callback: Callable[[*Given], object],
        *args: *Given,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        self.scheduler.later(self, handle)
        return handle

    def run_in_executor(self, executor: Any, func: Callable[[*Given], Value], *args: *Given) -> asyncio.Future[Value]:
        """There are no threads: done at once."""
        future: asyncio.Future[Value] = self.create_future()
        future.set_result(func(*args))
        return future

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        error = context.get("exception")
        self._broken(f"{context['message']}: {error!r}")

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Nothing to do: it is passed over when its time comes."""
