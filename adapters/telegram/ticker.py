"""The countdown under a scene: a few edits on the way to its deadline, and none where the chat is busy."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from telegram.error import TelegramError

from adapters.telegram.chat import Chat
from bot.delivery.delivery import Gone, Later, Unshowable

log = structlog.get_logger()

MARKS = (300, 120, 60, 30, 20, 10, 5)
"""Seconds left at which the countdown is written anew: closer together towards the end."""

Write = Callable[[int], Awaitable[object]]
"""Writes the seconds left under the scene."""


class Ticker:
    """One countdown in each chat. Only a help for the eye: the agenda keeps the time."""

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self._running: dict[Chat, asyncio.Task[None]] = {}

    def start(self, chat: Chat, deadline: int, write: Write) -> None:
        """Count down to `deadline` (Unix ms)."""
        self.stop(chat)
        task = asyncio.create_task(self._run(deadline, write))
        self._running[chat] = task
        task.add_done_callback(lambda done: self._ended(chat, done))

    def stop(self, chat: Chat) -> None:
        """Whatever is counted down there no longer matters."""
        task = self._running.pop(chat, None)
        if task is not None:
            task.cancel()

    def keep(self, wanted: Callable[[Chat], bool]) -> None:
        """Stop those in all other chats."""
        for chat in [chat for chat in self._running if not wanted(chat)]:
            self.stop(chat)

    async def close(self) -> None:
        """Stop all."""
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ended(self, chat: Chat, task: asyncio.Task[None]) -> None:
        if self._running.get(chat) is task:
            del self._running[chat]

    async def _run(self, deadline: int, write: Write) -> None:
        for mark in MARKS:
            wait = (deadline - self._now()) / 1000 - mark
            if wait <= 0:
                continue
            await asyncio.sleep(wait)
            try:
                await write(mark)
            except (TelegramError, Gone, Later, Unshowable) as error:
                log.debug("countdown_skipped", error=type(error).__name__)
