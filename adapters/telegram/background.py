"""Calls that nothing waits for: an answer to a press, a reaction. They fail quietly and end with the bot."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog
from telegram.error import TelegramError

log = structlog.get_logger()

MOST = 5_000
"""Calls on their way at once; more are left out, since nobody is hurt by it."""

GRACE = 2.0
"""Seconds for those still on their way when the bot ends."""


class Background:
    """Calls on their way."""

    def __init__(self) -> None:
        self._calls: set[asyncio.Task[None]] = set()

    def soon(self, call: Coroutine[Any, Any, Any]) -> None:
        """Make the call some time soon."""
        if len(self._calls) >= MOST:
            call.close()
            return
        task = asyncio.create_task(_quietly(call))
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)

    async def close(self) -> None:
        """Give those on their way a moment, then cut them off."""
        if self._calls:
            await asyncio.wait(self._calls, timeout=GRACE)
        for task in self._calls:
            task.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)


async def _quietly(call: Coroutine[Any, Any, Any]) -> None:
    try:
        await call
    except TelegramError as error:
        # "query is too old" above all: after an outage nobody waits for these any more.
        log.debug("call_left_out", error=type(error).__name__)
    except Exception:
        log.exception("call_failed")
