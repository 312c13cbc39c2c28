"""A duty: what one worker alone may do at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


class Duty:
    """One worker's side of it: whether it is this one just now, and the work."""

    def __init__(self) -> None:
        self._mine = asyncio.Event()
        self._lost = asyncio.Event()
        self._lost.set()

    def change(self, *, mine: bool) -> None:
        """Whether it is this worker from now."""
        wanted, other = (self._mine, self._lost) if mine else (self._lost, self._mine)
        other.clear()
        wanted.set()

    async def do(self, work: Callable[[], Awaitable[None]]) -> None:
        """Work whenever it is this worker, until the work ends by itself. Raises what it raises."""
        while True:
            while not self._mine.is_set():  # it may be lost again before the waiting one hears
                await self._mine.wait()
            if await self._while_mine(work):
                return

    async def _while_mine(self, work: Callable[[], Awaitable[None]]) -> bool:
        """Whether the work ended by itself."""
        working = asyncio.ensure_future(work())
        losing = asyncio.create_task(self._lost.wait())
        try:
            await asyncio.wait((working, losing), return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                return False
            working.result()
            return True
        finally:
            losing.cancel()
            working.cancel()
            await asyncio.gather(working, losing, return_exceptions=True)
