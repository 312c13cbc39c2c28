"""A clip's way to Telegram: by the file id it got before, else by its link, else uploaded; told apart by content."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from bot.clips.shelf import Shelf, is_link
from bot.store.port import Store
from bot.story.story import Story

MOST = 10_000
"""File ids remembered; each takes some 200 bytes."""

UPLOAD = 50 * 1024 * 1024
"""Bytes of the largest file that may be uploaded, and of one that Telegram fetches from a link (Bot API, sending files)."""
FETCHED = 20 * 1024 * 1024

PHOTO = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Media:
    """Something to send. `key` names its content; `ways` are tried in order: file id, link, file on disk."""

    key: str
    ways: tuple[str | Path, ...]
    seconds: float = 0.0


class Files:
    """The file ids of one bot, kept in the store and the latest in memory."""

    def __init__(self, store: Store, shelf: Shelf, bot: int, public_url: str | None) -> None:
        """`public_url`: where Telegram can fetch our clips itself; None when it cannot."""
        self._store = store
        self._shelf = shelf
        self._bot = str(bot)
        self._public_url = public_url
        self._ids: OrderedDict[str, str] = OrderedDict()
        self._digests: dict[tuple[Path, int, int], str] = {}

    async def media(self, story: Story, path: str | None, now: float, seconds: float = 0.0) -> Media | None:
        """How to send a story's clip or picture; None when there is none that Telegram takes."""
        if path is None or not self._shelf.has(story, path):
            return None
        if is_link(path):
            known = await self._known(path)
            return Media(path, (known, path) if known else (path,), seconds)
        file = await asyncio.to_thread(self._shelf.library.find, story.id, path)
        if file is None or file.size > UPLOAD:
            return None
        key = await self._digest(file.path, file.size, file.status.st_mtime_ns)
        known = await self._known(key)
        ways: list[str | Path] = [known] if known else []
        if self._public_url is not None and file.size <= FETCHED:
            ways.append(self._public_url + self._shelf.links.sign(story.id, path, now))
        return Media(key, (*ways, file.path), seconds)

    async def keep(self, media: Media, file_id: str) -> None:
        """Telegram has it now, by this id."""
        if self._ids.get(media.key) != file_id:
            self._remember(media.key, file_id)
            await self._store.keep_clip_file(self._bot, media.key, file_id)

    def forget(self, media: Media) -> None:
        """Its file id is no longer good; the next one sent replaces it."""
        self._ids.pop(media.key, None)

    async def _known(self, key: str) -> str | None:
        known = self._ids.get(key)
        if known is None:
            known = await self._store.clip_file(self._bot, key)
            if known is not None:
                self._remember(key, known)
        return known

    def _remember(self, key: str, file_id: str) -> None:
        self._ids[key] = file_id
        if len(self._ids) > MOST:
            self._ids.popitem(last=False)

    async def _digest(self, path: Path, size: int, modified: int) -> str:
        known = self._digests.get((path, size, modified))
        if known is None:
            known = self._digests[path, size, modified] = await asyncio.to_thread(_digest, path)
        return known


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
