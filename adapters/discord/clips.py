"""A clip's way to Discord: sent along with its card, or by its link where it is elsewhere or too large."""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

import structlog

from adapters.discord.voice import File
from bot.clips.link import VAULT
from bot.clips.shelf import Shelf, is_link
from bot.clips.vault.kept import VaultError
from bot.story.story import Story

log = structlog.get_logger()

LARGEST = 10 * 1024 * 1024
"""Bytes of a file that a bot may send anywhere (Discord, uploading files)."""

_UNSAFE = re.compile(r"[^A-Za-z0-9.]+")
"""What Discord would change in a file's name, so that its card would no longer find it."""

MOST = 64 * 1024 * 1024
"""Bytes of clips kept in memory: a room's next scene must not wait for a disk."""


@dataclass(frozen=True, slots=True)
class Media:
    """Something to show: where components find it, and the file to send along where it is not elsewhere."""

    url: str
    file: File | None = None
    covered: bool = False
    """Whether it is shown only after a tap."""

    @property
    def files(self) -> tuple[File, ...]:
        return () if self.file is None else (self.file,)


class Clips:
    """Those of all stories."""

    def __init__(self, shelf: Shelf, public_url: str | None) -> None:
        """`public_url`: where Discord can fetch our clips itself; None when it cannot."""
        self._shelf = shelf
        self._public_url = public_url
        self._read: OrderedDict[tuple[str, str, int], bytes] = OrderedDict()
        self._size = 0

    async def media(self, story: Story, path: str | None, now: float) -> Media | None:
        """How to show a story's clip or picture; None when there is none that Discord takes."""
        if path is None or not self._shelf.has(story, path):
            return None
        if is_link(path):
            return Media(path, covered=story.covered)
        content = await self._content(story, path)
        if content is not None:
            name = _UNSAFE.sub("-", path)
            return Media(f"attachment://{name}", (name, content), story.covered)
        if self._public_url is None:
            return None
        return Media(self._public_url + self._shelf.sign(story, path, now), covered=story.covered)

    async def _content(self, story: Story, path: str) -> bytes | None:
        """The file's bytes; None when it is too large or gone."""
        uploaded = self._shelf.uploaded(story, path)
        if uploaded is not None:
            return await self._remembered((VAULT, uploaded, 0), self._shelf.fetch(uploaded, LARGEST))
        clip = await asyncio.to_thread(self._shelf.library.find, story.id, path)
        if clip is None or clip.size > LARGEST:
            return None
        key = (story.id, path, clip.status.st_mtime_ns)
        return await self._remembered(key, asyncio.to_thread(clip.path.read_bytes))

    async def _remembered(self, key: tuple[str, str, int], reading: Coroutine[Any, Any, bytes | None]) -> bytes | None:
        """What was read before, else what is read now."""
        content = self._read.get(key)
        if content is not None:
            reading.close()
            self._read.move_to_end(key)
            return content
        try:
            content = await reading
        except (OSError, VaultError) as error:
            log.warning("clip_unreadable", story=key[0], error=type(error).__name__)
            return None
        if content is not None:
            self._keep(key, content)
        return content

    def _keep(self, key: tuple[str, str, int], content: bytes) -> None:
        self._read[key] = content
        self._size += len(content)
        while self._size > MOST and len(self._read) > 1:
            self._size -= len(self._read.popitem(last=False)[1])
