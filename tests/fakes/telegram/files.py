"""Files the bot has on the server: uploaded, fetched by URL, or sent by people."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from tests.fakes.telegram import limits
from tests.fakes.telegram.parameters import Upload
from tests.fakes.telegram.reach import Reach
from tests.fakes.telegram.refusal import BadRequest, Body

_FETCH_SECONDS = 10
_BY_URL: dict[str, str | tuple[str, ...]] = {
    "photo": "image/",
    "video": "video/",
    "animation": ("video/", "image/gif"),
    "document": "",
}


@dataclass(frozen=True)
class File:
    """`kind` is what it is shown as: photo, video, animation or document."""

    id: str
    unique: str
    kind: str
    path: str
    content: bytes
    shown: Body

    @property
    def size(self) -> int:
        return len(self.content)


class Files:
    """One bot's files: another bot's file_id means nothing here, though file_unique_id is the same."""

    def __init__(self, bot_id: int, reach: Reach) -> None:
        self.bot_id = bot_id
        self._reach = reach
        self.fetched: list[str] = []
        """Every URL the server was asked to fetch, in order."""
        self._by_id: dict[str, File] = {}
        self._by_path: dict[str, File] = {}

    def known(self, file_id: str) -> File:
        """The file of an id; BadRequest when it is not this bot's."""
        if file := self._by_id.get(file_id):
            return file
        raise BadRequest("wrong file identifier/HTTP URL specified")

    def at(self, path: str) -> File | None:
        """The file that `getFile` gave this path."""
        return self._by_path.get(path)

    def forget(self) -> None:
        """As when Telegram expires ids: all of them are unknown from now on."""
        self._by_id.clear()

    async def take(self, kind: str, source: str, uploads: Mapping[str, Upload], facts: Body) -> File:
        """What a call sends: an upload, a URL to fetch, or an id. `facts` are the call's width, height, duration."""
        if uploads and (upload := uploads.get(source.removeprefix("attach://"))):
            return self.add(kind, upload, facts)
        if source.startswith(("http://", "https://")):
            return self.add(kind, await self._fetch(kind, source), facts)
        file = self.known(source)
        if file.kind != kind:
            raise BadRequest(f"can't use file of type {file.kind.title()} as {kind.title()}")
        return file

    def add(self, kind: str, upload: Upload, facts: Body) -> File:
        """A file from now on. What is no picture is no photo; what is no MP4 is shown as a document."""
        content = upload.content
        if not content:
            raise BadRequest("file must be non-empty")
        if kind == "photo":
            _check_photo(content)
        kind = _shown_as(kind, content)
        # The name of an upload says nothing about its content, so it is no part of what makes it unique.
        unique = hashlib.blake2b(content, digest_size=9).digest()
        file_id = f"{kind[0].upper()}gAC{_text(self.bot_id.to_bytes(8, 'big') + kind.encode() + unique)}"
        path = f"{kind}s/file_{len(self._by_path)}{PurePath(upload.name).suffix}"
        described = _described(kind, file_id, _text(unique), upload, facts)
        file = File(file_id, _text(unique), kind, path, content, described)
        self._by_id[file_id] = self._by_path[path] = file
        for size in described if kind == "photo" else []:
            self._by_id[size["file_id"]] = file
        return file

    async def _fetch(self, kind: str, url: str) -> Upload:
        self.fetched.append(url)
        most = limits.PHOTO_URL_BYTES if kind == "photo" else limits.URL_BYTES
        if (local := self._reach.local(url)) is None:
            raise BadRequest("failed to get HTTP URL content")
        timeout = aiohttp.ClientTimeout(total=_FETCH_SECONDS)
        try:
            async with aiohttp.ClientSession(timeout=timeout) as session, session.get(local) as response:
                content = await response.content.read(most + 1)
                while len(content) <= most and (more := await response.content.read(most + 1 - len(content))):
                    content += more
                mime, status = response.content_type, response.status
        except (aiohttp.ClientError, TimeoutError, ValueError):
            raise BadRequest("failed to get HTTP URL content") from None
        if status != 200 or len(content) > most:
            raise BadRequest("failed to get HTTP URL content")
        if not mime.startswith(_BY_URL[kind]):
            raise BadRequest("wrong type of the web page content")
        return Upload(PurePath(urlsplit(url).path).name, content, mime)


def _check_photo(content: bytes) -> None:
    if len(content) > limits.PHOTO_BYTES:
        raise BadRequest("file is too big for a photo")
    if not content.startswith((b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF", b"BM")):
        raise BadRequest("IMAGE_PROCESS_FAILED")


def _shown_as(kind: str, content: bytes) -> str:
    is_mp4 = content[4:8] == b"ftyp"
    fits = {"video": is_mp4, "animation": is_mp4 or content.startswith(b"GIF8")}
    return kind if fits.get(kind, True) else "document"


def _described(kind: str, file_id: str, unique: str, upload: Upload, facts: Body) -> Any:
    one: Body = {"file_id": file_id, "file_unique_id": unique, "file_size": len(upload.content)}
    width, height = facts.get("width") or 720, facts.get("height") or 1280
    if kind == "photo":
        small = {"file_id": f"{file_id}s", "file_unique_id": f"{unique}s", "width": 90, "height": 160, "file_size": 999}
        return [small, {**one, "width": width, "height": height}]
    one |= {"file_name": upload.name, "mime_type": upload.mime}
    if kind == "document":
        return one
    return {**one, "width": width, "height": height, "duration": facts.get("duration") or 0}


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")
