"""The calls that every tap makes, straight: values as they are sent, answers as they come.

Reading each answer into the library's types takes longer than the call itself, and nothing but a number and a file id
is wanted of it. All other calls are the library's own.
"""

from __future__ import annotations

from typing import Any, cast

from telegram import Bot

from adapters.telegram.request import AiohttpRequest


class Api:
    """One bot's, whose transport is ours."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._request = cast(AiohttpRequest, bot.request)

    async def call(self, method: str, **values: Any) -> Any:
        """Make the call. Values that are None or False are left out: they mean the same. Raises `TelegramError`."""
        sent = {name: value for name, value in values.items() if value is not None and value is not False}
        return await self._request.ask(f"{self._bot.base_url}/{method}", sent)

    async def answer(self, query: str, text: str | None) -> None:
        """Answer a press, with a few words or none."""
        await self.call("answerCallbackQuery", callback_query_id=query, text=text)
