"""Answers of the studio by their events: a repeated call does nothing again, and hears what the first did."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from bot.store.port import EventKey

MOST_KEPT = 256
"""Answers that are kept for those who did not hear them."""


class Answers:
    """Of this process; after a restart the store knows which events were done."""

    def __init__(self) -> None:
        self._works: OrderedDict[EventKey, asyncio.Task[dict[str, Any]]] = OrderedDict()

    async def once(self, key: EventKey, work: Callable[[], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
        """What `work` comes to. Who asks again while it is at work waits for the same; whoever leaves stops nothing."""
        task = self._works.get(key)
        if task is None:
            task = self._works[key] = asyncio.ensure_future(work())
            self._trim()
        try:
            return await asyncio.shield(task)
        except Exception:
            self._works.pop(key, None)  # it may go better next time
            raise

    def forget(self, key: EventKey) -> None:
        """Its answer is large, and to make it again does no harm."""
        self._works.pop(key, None)

    def _trim(self) -> None:
        done = [key for key, task in self._works.items() if task.done()]
        for key in done[: max(0, len(self._works) - MOST_KEPT)]:
            del self._works[key]
