"""Standard input, a line at a time, read beside whatever else the loop does."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading


class Leave(Exception):
    """The player wants to go, or standard input has ended; `words` say goodbye."""

    words = ""


class Lines:
    """Standard input, a line at a time; a line begun while the clock ran out is the next one read."""

    def __init__(self) -> None:
        self._reading: asyncio.Future[str] | None = None

    async def read(self) -> str:
        """The next line. Raises `Leave` at the end of the input."""
        if self._reading is None:
            self._reading = _in_thread()
        line = await asyncio.shield(self._reading)
        self._reading = None
        if not line:
            raise Leave
        return line.rstrip("\n")


def _in_thread() -> asyncio.Future[str]:
    # A daemon thread of our own: asyncio's pool would keep the process alive until a line arrives.
    loop = asyncio.get_running_loop()
    future: asyncio.Future[str] = loop.create_future()

    def work() -> None:
        line = sys.stdin.readline()
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(_settle, future, line)

    threading.Thread(target=work, daemon=True).start()
    return future


def _settle(future: asyncio.Future[str], line: str) -> None:
    if not future.done():
        future.set_result(line)
