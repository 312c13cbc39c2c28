"""Settles a message whose choice is made: its buttons go, and what was chosen stays readable below it."""

from __future__ import annotations

import asyncio

import structlog
from telegram.error import TelegramError

from adapters.telegram.background import Background
from adapters.telegram.chat import Chat
from adapters.telegram.sender import Sender
from adapters.telegram.standing import Standing
from adapters.telegram.text import joined
from bot.delivery.delivery import Gone, Later, Unshowable

log = structlog.get_logger()

RETRIES = 3
"""Tries at an old keyboard after the first; it does no harm where it stays, its taps and votes are late."""


class Settler:
    """One bot's. What goes wrong here never holds up the next scene."""

    def __init__(self, sender: Sender, background: Background) -> None:
        self._sender = sender
        self._background = background

    async def settle(self, chat: Chat, standing: Standing, under: str) -> None:
        """Take the message's buttons away and write `under` below it; later, where Telegram asks for patience."""
        try:
            await self._edit(chat, standing, under)
        except Later as later:
            self._background.soon(self._later(chat, standing, under, later.seconds))
        except (TelegramError, Gone, Unshowable) as error:
            log.info("keyboard_left", error=type(error).__name__)

    async def _edit(self, chat: Chat, standing: Standing, under: str) -> None:
        html = joined([standing.html, under]) or "…"
        await self._sender.edit(chat, standing.message, html, None, caption=standing.caption)

    async def _later(self, chat: Chat, standing: Standing, under: str, seconds: float) -> None:
        for _ in range(RETRIES):
            await asyncio.sleep(seconds)
            try:
                return await self._edit(chat, standing, under)
            except Later as later:
                seconds = later.seconds
            except (TelegramError, Gone, Unshowable):
                return None
        return None
