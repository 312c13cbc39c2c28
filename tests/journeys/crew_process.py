"""`run_bot.py serve --workers N`: a foreman and its workers, any of which a test may kill or hold."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any

from bot.crew.foreman import Seat
from tests.fakes.entrance import from_nothing
from tests.fakes.telegram import TelegramServer
from tests.journeys.harbour import until

PATIENCE = 90.0
"""Seconds; a machine that tests several things at once starts four workers slowly."""


class CrewProcess:
    """`said` and `complained` grow as the foreman and its workers write, until all of them have ended."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said: list[str] = []
        self.complained: list[str] = []
        streams = ((process.stdout, self.said), (process.stderr, self.complained))
        self._readers = [Thread(target=_read, args=both, daemon=True) for both in streams]
        for reader in self._readers:
            reader.start()

    @property
    def begun(self) -> list[int]:
        """The numbers of the seats whose workers became ready, each time one did."""
        found = [re.match(r"Worker (\d+) of \d+ is ready", line) for line in self.said]
        return [int(one[1]) for one in found if one is not None]

    @property
    def workers(self) -> dict[Seat, int]:
        """The process of each seat that is taken just now."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return {seat: int(child) for child in children if (seat := _seat_of(child)) is not None}

    def seat(self, worker: int) -> Seat:
        """The seat of a worker by its number in the crew."""
        return next(seat for seat in self.workers if seat.worker == worker)

    def send(self, seat: Seat, number: signal.Signals) -> None:
        """A signal for the worker of a seat, if somebody sits there."""
        process = self.workers.get(seat)
        if process is not None:
            with suppress(ProcessLookupError):
                os.kill(process, number)

    def log(self, event: str) -> list[dict[str, Any]]:
        """What was logged of it."""
        lines = [line for line in list(self.complained) if f'"{event}"' in line]
        return [json.loads(line) for line in lines]

    async def ready(self, workers: int = 1) -> None:
        """Until that many began, counting those that began anew."""
        await until(lambda: len(self.begun) >= workers or self.process.poll() is not None, PATIENCE)
        assert self.process.poll() is None, self.complained

    async def end(self) -> int:
        """Told to end, it does with all its workers: its exit code."""
        for process in self.workers.values() if self.process.poll() is None else ():
            os.kill(process, signal.SIGCONT)
        self.process.terminate()
        return await self.ended()

    async def ended(self) -> int:
        """It ends by itself: its exit code."""
        code = await asyncio.to_thread(self.process.wait, PATIENCE)
        for reader in self._readers:
            await asyncio.to_thread(reader.join)
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()
        return code


@asynccontextmanager
async def crew_process(
    server: TelegramServer, folder: Path, database: str, workers: int, **settings: object
) -> AsyncIterator[CrewProcess]:
    """The workers, ready, until the context ends: they must end cleanly, and none may have had a traceback."""
    given = {
        "TELEGRAM_TOKEN": server.token, "TELEGRAM_API_URL": server.url, "TELEGRAM_SENDS_PER_SECOND": 1000,
        "DATABASE_URL": database,
    }  # fmt: skip
    process = from_nothing(folder, "serve", "--workers", str(workers), **{**given, **settings})
    crew = CrewProcess(process)
    try:
        await crew.ready(workers)
        yield crew
    finally:
        code = await crew.end()
    assert code == 0, crew.complained
    assert "Traceback" not in "".join(crew.complained), crew.complained


def _read(stream: Any, lines: list[str]) -> None:
    lines.extend(stream)


def _seat_of(process: str) -> Seat | None:
    try:
        words = Path(f"/proc/{process}/cmdline").read_text().split("\0")
    except OSError:
        return None
    return Seat.read(words[words.index("--seat") + 1]) if "--seat" in words else None
