"""A file on its way to the studio: streamed to the disk, bounded in size and in time, and gone once it is read."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.requests import Request

from adapters.web.refusal import Refusal

MOST_FILE = 64 * 1024 * 1024
"""Bytes."""

MOST_AT_ONCE = 16
"""Files that arrive at the same time; the disk has to hold them all."""

STILL_SECONDS = 30
"""Nothing came for that long: whoever sends is gone."""

FILE_SECONDS = 900
"""However slowly it comes."""

PIECE = 1024 * 1024
"""Bytes that are written at once."""


class FileDesk:
    """Takes the files in. Only bytes are taken, as the page sends them: no other site can make a browser send those."""

    def __init__(self, most: int = MOST_FILE) -> None:
        self._most = most
        self._room = asyncio.Semaphore(MOST_AT_ONCE)

    @asynccontextmanager
    async def taken(self, request: Request) -> AsyncIterator[Path]:
        """The call's file, while the context lasts. Raises `Refusal`."""
        self._look_at(request)
        if self._room.locked():
            raise Refusal(503, "busy", "Many are sending files just now. Try again in a moment.")
        async with self._room:
            with tempfile.TemporaryDirectory(prefix="cliffhanger-", ignore_cleanup_errors=True) as folder:
                file = Path(folder) / "file"
                try:
                    async with asyncio.timeout(FILE_SECONDS):
                        await self._written(request, file)
                except TimeoutError:
                    raise Refusal(408, "bad_request", "The file took too long to arrive. Send it again.") from None
                yield file

    def _look_at(self, request: Request) -> None:
        if request.headers.get("content-type", "") != "application/octet-stream":
            raise Refusal(415, "bad_request", "Send application/octet-stream.")
        told = request.headers.get("content-length", "")
        if told.isascii() and told.isdigit() and int(told[:18]) > self._most:
            raise self._too_large()

    async def _written(self, request: Request, file: Path) -> None:
        stream, size, piece = request.stream(), 0, bytearray()
        with file.open("wb", buffering=0) as open_file:
            while True:
                async with asyncio.timeout(STILL_SECONDS):
                    came = await anext(stream, None)
                if came is None:
                    break
                size += len(came)
                if size > self._most:
                    raise self._too_large()
                piece += came
                if len(piece) >= PIECE:
                    await asyncio.to_thread(open_file.write, bytes(piece))
                    piece.clear()
            await asyncio.to_thread(open_file.write, bytes(piece))

    def _too_large(self) -> Refusal:
        most = self._most // (1024 * 1024)
        return Refusal(413, "too_large", f"A file may have {most} MB. Send the story alone, then each clip.")
