"""The intake: takes updates to their end, in order for each chat, before anything is acknowledged."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog
from telegram import Bot, Update

from adapters.telegram.chat import PLATFORM
from adapters.telegram.desk import Desk
from bot.delivery.delivery import PAUSES, Pauses
from bot.delivery.reason import reason_of
from bot.store.errors import StoreError, Unstorable
from bot.store.port import EventKey, Store, Trouble

log = structlog.get_logger()

ATTEMPTS = 3
"""Tries at an update that our own code fails on, before it is set aside and no longer holds up the others."""

RawUpdate = Mapping[str, Any]

KINDS = (
    "message",
    "callback_query",
    "inline_query",
    "pre_checkout_query",
    "my_chat_member",
)
"""The kinds of updates that we ask Telegram for."""


class Intake:
    """One bot's, the same for polling and webhooks."""

    def __init__(self, desk: Desk, bot: Bot, store: Store, now: Callable[[], int], pauses: Pauses = PAUSES) -> None:
        self._desk = desk
        self._bot = bot
        self._store = store
        self._now = now
        self._pauses = pauses

    async def take_all(self, updates: Sequence[RawUpdate]) -> None:
        """Take a batch however long the store is at fault: afterwards all of it may be acknowledged."""
        queues: defaultdict[int, list[RawUpdate]] = defaultdict(list)
        for update in updates:
            queues[_queue(update)].append(update)
        await asyncio.gather(*map(self._take_in_order, queues.values()))

    async def take(self, update: RawUpdate) -> None:
        """Take one update. Raises `StoreError`: then it is to come again."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                await self._read(update)
            except StoreError:
                raise
            except Exception as error:
                log.exception("update_failed", update=update.get("update_id"), attempt=attempt)
                failure = error
            else:
                return
        key = EventKey(PLATFORM, f"{self._bot.id}:{update.get('update_id')}")
        await self._set_aside(Trouble(key, reason_of(failure), self._now()))
        # What no press can be read from has nobody to be answered.
        with contextlib.suppress(KeyError, TypeError, ValueError, AttributeError):
            self._desk.sorry(update)

    async def _set_aside(self, trouble: Trouble) -> None:
        try:
            await self._store.set_aside(trouble)
        except Unstorable as error:
            # The log has it, and those behind it must not wait.
            log.error("update_unstorable", id=ascii(trouble.event.id), error=type(error).__name__)

    async def _read(self, update: RawUpdate) -> None:
        if "callback_query" in update:
            await self._desk.press(update)
        else:
            await self._desk.take(Update.de_json(dict(update), self._bot))

    async def _take_in_order(self, updates: Sequence[RawUpdate]) -> None:
        for update in updates:
            for pause in self._pauses.growing():
                try:
                    await self.take(update)
                except StoreError as error:
                    log.warning("updates_wait", error=str(error))
                    await asyncio.sleep(pause)
                else:
                    break


def _queue(update: RawUpdate) -> int:
    """The chat an update is from, else its person: within one of these the order counts."""
    for kind in KINDS:
        said = update.get(kind)
        if isinstance(said, dict):
            message = said.get("message") if kind == "callback_query" else said
            for where in (message, said):
                for key in ("chat", "from"):
                    whose = where.get(key) if isinstance(where, dict) else None
                    if isinstance(whose, dict) and isinstance(id := whose.get("id"), int):
                        return id
    return 0
