"""Downloads: what people send to the bot, fetched from Telegram into a file."""

from __future__ import annotations

import asyncio
import shutil
from http import HTTPStatus
from pathlib import Path
from typing import cast

from telegram import Bot
from telegram.error import BadRequest, NetworkError

from adapters.telegram.request import AiohttpRequest
from adapters.telegram.trouble import says

MOST = 20 * 1024 * 1024
"""Bytes of the largest file that a bot may download (Bot API, getFile)."""

TOO_BIG = "file is too big"


class TooLarge(Exception):
    """It has more bytes than a bot may download."""


class NotThere(Exception):
    """Telegram has no such file, or no longer."""


class Downloads:
    """One bot's."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def fetch(self, file: str, path: Path) -> None:
        """Write the file of that id to `path`. Raises `TooLarge`, `NotThere`, and what may pass: `TelegramError`."""
        try:
            found = await self._bot.get_file(file)
        except BadRequest as error:
            raise (TooLarge if says(error, TOO_BIG) else NotThere) from error
        where = found.file_path or ""
        if where.startswith(("https://", "http://")):
            return await self._download(where, path)
        # A Bot API server of one's own may say where on this machine the file lies.
        try:
            await asyncio.to_thread(shutil.copyfile, where, path)
        except FileNotFoundError as error:
            raise NotThere from error

    async def _download(self, url: str, path: Path) -> None:
        status = await cast(AiohttpRequest, self._bot.request).download(url, path, MOST)
        if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            raise TooLarge
        if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise NetworkError(f"status {status}")
        if status != HTTPStatus.OK:
            raise NotThere
