"""Rings when something changed, so that nobody has to look again and again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

Seen = TypeVar("Seen")

PATIENCE = 60.0
"""Real seconds after which a wait counts as failed: far more than any machine needs."""


class Bell:
    """Anybody may wait at it; each ring wakes all of them once."""

    def __init__(self) -> None:
        self._waiting: list[asyncio.Future[None]] = []

    def ring(self) -> None:
        """Costs nothing while nobody waits."""
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            if not one.done():
                one.set_result(None)

    def next(self) -> asyncio.Future[None]:
        """The next ring from this very moment on."""
        one: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(one)
        return one

    async def rung(self, within: float) -> bool:
        """Waits for the next ring; False when there was none within these seconds."""
        one = self.next()
        try:
            await asyncio.wait_for(one, within)
        except TimeoutError:
            return False
        finally:
            if one in self._waiting:
                self._waiting.remove(one)
        return True

    async def until(self, look: Callable[[], Seen | None], within: float = PATIENCE, what: str = "it") -> Seen:
        """What `look` finds, now or after a ring. TimeoutError names `what` after these seconds."""
        end = asyncio.get_running_loop().time() + within
        while (found := look()) is None:
            left = end - asyncio.get_running_loop().time()
            if left <= 0 or not await self.rung(left):
                if (found := look()) is not None:
                    return found
                raise TimeoutError(f"{what} did not come within {within} s")
        return found
