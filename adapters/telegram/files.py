"""A clip's way to Telegram: by the file id it got before, else by its link, else uploaded; told apart by content."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

import structlog

from bot.clips.shelf import Shelf, is_link
from bot.clips.vault.kept import VaultError, digest_of
from bot.delivery.delivery import Unshowable
from bot.store.errors import StoreError
from bot.store.port import Store
from bot.story.story import Story

log = structlog.get_logger()

MOST = 10_000
"""File ids remembered; each takes some 200 bytes."""

UPLOAD = 50 * 1024 * 1024
"""Bytes of the largest file that may be uploaded (Bot API, sending files)."""

FETCHED = 20 * 1024 * 1024
"""Bytes of the largest file that Telegram fetches from a link."""


@dataclass(frozen=True, slots=True)
class Vaulted:
    """A file in the vault, by its name there."""

    name: str


@dataclass(frozen=True, slots=True)
class Media:
    """Something to send. `key` names its content; `ways` are tried in order: file id, link, file to send along."""

    key: str
    ways: tuple[str | Path | Vaulted, ...]
    seconds: float = 0.0
    known: bool = False
    """Whether Telegram has it already: then the first way is its file id."""

    @property
    def link(self) -> str | None:
        """Where a person can open it, when Telegram does not take it."""
        links = [way for way in self.ways if isinstance(way, str) and way.startswith("https:")]
        return links[-1] if links else None


@dataclass(frozen=True, slots=True)
class _File:
    path: Path | Vaulted
    size: int
    key: str


class Files:
    """The file ids of one bot, kept in the store and the latest in memory."""

    def __init__(self, store: Store, shelf: Shelf, bot: int, public_url: str | None) -> None:
        """`public_url`: where Telegram can fetch our clips itself; None when it cannot."""
        self._store = store
        self._shelf = shelf
        self._bot = str(bot)
        self._public_url = public_url
        self._ids: OrderedDict[str, str] = OrderedDict()
        self._found: dict[tuple[str, str], _File] = {}

    async def media(self, story: Story, path: str | None, now: float, seconds: float = 0.0) -> Media | None:
        """How to send a story's clip or picture; None when there is none that Telegram takes."""
        if path is None or not self._shelf.has(story, path):
            return None
        if is_link(path):
            known = await self._known(path)
            return Media(path, (known, path) if known else (path,), seconds, known is not None)
        uploaded = self._shelf.uploaded(story, path)
        if uploaded is not None:
            # Its size is not asked for: Telegram says so where a link leads to more than it takes.
            file: _File | None = _File(Vaulted(uploaded), 0, digest_of(uploaded))
        else:
            file = self._found.get((story.id, path)) or await self._find(story.id, path)
        if file is None:
            return None
        known = await self._known(file.key)
        ways: list[str | Path | Vaulted] = [known] if known else []
        if self._public_url is not None and file.size <= FETCHED:
            ways.append(self._public_url + self._shelf.sign(story, path, now))
        return Media(file.key, (*ways, file.path), seconds, known is not None)

    async def content(self, way: Path | Vaulted) -> bytes:
        """A file that is to be sent along. Raises `Unshowable` when it is no longer there, or too large."""
        try:
            if isinstance(way, Path):
                return await asyncio.to_thread(way.read_bytes)
            content = await self._shelf.fetch(way.name, UPLOAD)
        except (OSError, VaultError) as error:
            raise Unshowable(f"{way.name} cannot be read: {type(error).__name__}") from error
        if content is None:
            raise Unshowable(f"{way.name} is not in the vault, or too large")
        return content

    async def keep(self, media: Media, file_id: str) -> None:
        """Telegram has it now, by this id."""
        if self._ids.get(media.key) != file_id:
            self._remember(media.key, file_id)
            try:
                await self._store.keep_clip_file(self._bot, media.key, file_id)
            except StoreError as error:
                # The clip stands in the chat already; to fail now would send it there again.
                log.warning("file_id_not_kept", error=str(error))

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

    async def _find(self, story: str, path: str) -> _File | None:
        """A file as it was when it was first needed; its digest is taken once."""
        found = await asyncio.to_thread(self._look, story, path)
        if found is not None:
            self._found[story, path] = found
        return found

    def _look(self, story: str, path: str) -> _File | None:
        clip = self._shelf.library.find(story, path)
        if clip is None:
            return None
        if clip.size > UPLOAD:
            log.warning("clip_too_large", story=story, path=path, bytes=clip.size, most=UPLOAD, help="make it smaller")
            return None
        with clip.path.open("rb") as file:
            return _File(clip.path, clip.size, file_digest(file, "sha256").hexdigest())
