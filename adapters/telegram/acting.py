"""Acting: what a chat sees at its top while something is being made, such as "typing"."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import TelegramError

from adapters.telegram.chat import Chat

LASTS = 4.5
"""Seconds between two of them: Telegram shows each for five (Bot API, sendChatAction)."""


@asynccontextmanager
async def acting(bot: Bot, chat: Chat, action: ChatAction) -> AsyncIterator[None]:
    """Show the action in the chat while the context lasts. What goes wrong with it harms nothing."""
    task = asyncio.create_task(_act(bot, chat, action))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _act(bot: Bot, chat: Chat, action: ChatAction) -> None:
    with contextlib.suppress(TelegramError):
        while True:
            await bot.send_chat_action(chat.id, action)
            await asyncio.sleep(LASTS)
