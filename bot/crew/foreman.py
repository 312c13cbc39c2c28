"""The foreman: starts the workers of one machine, starts those again that fall, and ends them all in order."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

import structlog

log = structlog.get_logger()

ID_BITS = 62

MEND_FIRST = 2
"""The exit code of a worker that cannot begin before something is mended: to start it again is no use."""

STEADY = 30.0
"""Seconds after which a worker that ends is started again at once; who ends sooner is waited with, longer each time."""

FIRST_PAUSE, LAST_PAUSE = 0.25, 30.0

GRACE = 12.0
"""Seconds that all may take to end; a worker cuts itself off sooner."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A worker's place: the `number`-th (from 1) of `of`. `worker` is its number in the crew: who takes the seat after
    a fall has the same one, and with it all that is still leased to it.
    """

    number: int
    of: int
    worker: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}/{self.worker}"

    @classmethod
    def read(cls, text: str) -> Seat:
        """What `str` wrote. Raises `ValueError`."""
        number, of, worker = map(int, text.split("/"))
        if not 1 <= number <= of:
            raise ValueError("no such seat")
        return cls(number, of, worker)


Command = Callable[[Seat], Sequence[str]]
"""The program and arguments that start the worker of a seat. Its standard input ends when the foreman does."""


class Foreman:
    """Of one machine; several machines may each have one, on the same database."""

    def __init__(self, workers: int, command: Command) -> None:
        self._seats = [Seat(number, workers, secrets.randbits(ID_BITS)) for number in range(1, workers + 1)]
        self._command = command
        self._running: dict[Seat, asyncio.subprocess.Process] = {}
        self._stop = asyncio.Event()
        self._code = 0

    async def run(self) -> int:
        """Work until told to stop, by a signal or a worker that cannot begin: the exit code."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stop.set)
        seats = [asyncio.create_task(self._keep(seat)) for seat in self._seats]
        await self._stop.wait()
        for process in self._running.values():
            _send(process, signal.SIGTERM)
        _, late = await asyncio.wait(seats, timeout=GRACE)
        for process in self._running.values() if late else ():
            _send(process, signal.SIGKILL)
        await asyncio.gather(*seats)
        return self._code

    async def _keep(self, seat: Seat) -> None:
        """Keep the seat taken."""
        pauses = _pauses()
        while not self._stop.is_set():
            began = time.monotonic()
            code = await self._work(seat)
            if self._stop.is_set():
                return
            if code == MEND_FIRST and time.monotonic() - began < STEADY:
                self._code = code
                self._stop.set()
                return
            if time.monotonic() - began > STEADY:
                pauses = _pauses()
            pause = next(pauses)
            log.warning("worker_fell", number=seat.number, code=code, again_in=pause)
            await _within(self._stop.wait(), pause)

    async def _work(self, seat: Seat) -> int:
        process = await asyncio.create_subprocess_exec(*self._command(seat), stdin=asyncio.subprocess.PIPE)
        self._running[seat] = process
        try:
            if self._stop.is_set():
                _send(process, signal.SIGTERM)
            return await process.wait()
        finally:
            del self._running[seat]


def _send(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    # It may have ended just now.
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(number)


def python(script: str) -> Command:
    """Starts `<script> serve --seat <seat>` with the Python that runs now."""
    return lambda seat: (sys.executable, script, "serve", "--seat", str(seat))


def _pauses() -> Iterator[float]:
    pause = FIRST_PAUSE
    while True:
        yield pause
        pause = min(pause * 2, LAST_PAUSE)


async def _within(waiting: Awaitable[object], seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await waiting
    except TimeoutError:
        return
