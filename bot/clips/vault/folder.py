"""A vault in a folder: of this machine, or of a network share that all workers have."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import BinaryIO, TypeVar

from anyio import to_thread

from bot.clips.vault.kept import LONGEST_FACTS, Kept, VaultError, is_digest, look, opened, read, written
from bot.clips.vault.port import FACTS, place

PIECE = 256 * 1024
"""Bytes read at a time: what one viewer's player costs in memory."""

Result = TypeVar("Result")

BEGUN = ".begun-"
"""How files are called until they are whole. What a crash leaves of one is never found as a clip."""


class FolderVault:
    """Clips below `root`, which is made when the first one is put."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def put(self, clip: bytes | Path) -> Kept:
        """Raises `Unfit` and `VaultError`; on the disk when it returns."""
        kept = await to_thread.run_sync(look, clip)
        await self._do(partial(self._put, kept, clip))
        return kept

    async def find(self, digest: str) -> Kept | None:
        """What is known of a clip; None when it is not here."""
        return await self._do(partial(self._find, digest)) if is_digest(digest) else None

    async def read(self, kept: Kept, start: int = 0, stop: int | None = None) -> AsyncIterator[bytes]:
        """Its bytes, in pieces that a player's connection takes at once."""
        left = (kept.size if stop is None else stop) - start
        file = await self._do(partial(self._open, kept.digest, start))
        try:
            while left > 0:
                piece = await self._do(partial(file.read, min(PIECE, left)))
                if not piece:
                    raise VaultError(f"{self._path(kept.digest)} is shorter than it was; put that clip anew")
                left -= len(piece)
                yield piece
        finally:
            file.close()

    async def drop(self, digest: str) -> None:
        """Forget a clip, if it is here."""
        if is_digest(digest):
            await self._do(partial(self._drop, digest))

    async def kept(self) -> AsyncIterator[Kept]:
        """Every clip that is whole."""
        for digest in await self._do(self._digests):
            kept = await self.find(digest)
            if kept is not None:
                yield kept

    async def _do(self, work: Callable[[], Result]) -> Result:
        try:
            return await to_thread.run_sync(work)
        except OSError as error:
            raise VaultError(
                f"CLIPS_URL: the folder {self._root} cannot be used ({error.strerror or type(error).__name__}); "
                "look at its rights, and whether its disk is full or gone"
            ) from None

    def _put(self, kept: Kept, clip: bytes | Path) -> None:
        if self._find(kept.digest) is not None and self._path(kept.digest).stat().st_size == kept.size:
            return
        self._path(kept.digest).parent.mkdir(parents=True, exist_ok=True)
        with opened(clip) as source:
            self._write(self._path(kept.digest), partial(shutil.copyfileobj, source))
        facts = written(kept)
        self._write(self._path(kept.digest, FACTS), lambda file: file.write(facts))

    def _write(self, path: Path, fill: Callable[[BinaryIO], object]) -> None:
        """A file that is seen whole or not at all, whoever else writes the same one; flushed to the disk."""
        handle, begun = tempfile.mkstemp(prefix=BEGUN, dir=path.parent)
        try:
            with open(handle, "wb") as file:
                fill(file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(begun, path)
        except BaseException:
            os.unlink(begun)
            raise
        _flush(path.parent)

    def _find(self, digest: str) -> Kept | None:
        try:
            with self._path(digest, FACTS).open("rb") as file:
                return read(digest, file.read(LONGEST_FACTS))
        except FileNotFoundError:
            return None

    def _open(self, digest: str, start: int) -> BinaryIO:
        file = self._path(digest).open("rb")
        file.seek(start)
        return file

    def _drop(self, digest: str) -> None:
        # The facts first: without them the clip is not here, even if this ends in between.
        for path in (self._path(digest, FACTS), self._path(digest)):
            path.unlink(missing_ok=True)

    def _digests(self) -> list[str]:
        return [path.stem for path in self._root.glob(f"??/*{FACTS}") if is_digest(path.stem)]

    def _path(self, digest: str, end: str = "") -> Path:
        return self._root / (place(digest) + end)


def _flush(folder: Path) -> None:
    """Make what was renamed in a folder last through a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
