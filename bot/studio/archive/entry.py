"""One file in a zip, unpacked in pieces; whatever it was said to be is held against what comes out."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import ZIP_DEFLATED

from bot.clips.vault.kept import opened
from bot.studio.archive.refusal import AGAIN, refusal, shown

PIECE = 64 * 1024
"""Bytes that are read, and bytes that are unpacked, at a time."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file at `path`; `size` is what it unpacks to, `packed` what it takes from byte `start` of the zip."""

    upload: str
    content: Path | bytes = field(repr=False)
    path: str
    method: int
    start: int
    packed: int
    size: int
    checksum: int

    def pieces(self) -> Iterator[bytes]:
        """Its bytes. Raises `StoryError`, at the latest after the last piece: keep nothing before that."""
        size = checksum = 0
        for piece in self._unpacked():
            size += len(piece)
            checksum = zlib.crc32(piece, checksum)
            if size > self.size:
                raise self._refusal("STORY095", f"unpacks to more than the {self.size} bytes it was said to have")
            yield piece
        if size != self.size:
            raise self._refusal("STORY095", f"unpacks to {size} bytes and was said to have {self.size}")
        if checksum != self.checksum:
            raise self._refusal("STORY093", "is damaged: its checksum is another one")

    def read(self) -> bytes:
        """All of it at once, for what is known to be small. Raises `StoryError`."""
        return b"".join(self.pieces())

    def _unpacked(self) -> Iterator[bytes]:
        return self._inflated() if self.method == ZIP_DEFLATED else self._taken()

    def _taken(self) -> Iterator[bytes]:
        left = self.packed
        try:
            with opened(self.content) as file:
                file.seek(self.start)
                while left and (piece := file.read(min(PIECE, left))):
                    left -= len(piece)
                    yield piece
        except OSError as error:
            raise self._refusal("STORY001", f"cannot be read: {error.strerror}") from None

    def _inflated(self) -> Iterator[bytes]:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        taken = 0
        try:
            for packed in self._taken():
                taken += len(packed)
                piece = inflater.decompress(packed, PIECE)
                while piece:
                    yield piece
                    piece = inflater.decompress(inflater.unconsumed_tail, PIECE)
                if inflater.eof:
                    break
        except zlib.error as error:
            raise self._refusal("STORY093", f"is damaged: {error}") from None
        if not inflater.eof:
            raise self._refusal("STORY093", "is cut short")
        if inflater.unused_data or taken != self.packed:
            raise self._refusal("STORY095", "ends before its bytes in the zip do")

    def _refusal(self, code: str, fault: str) -> Exception:
        return refusal(self.upload, code, f'the entry "{shown(self.path)}" {fault}; {AGAIN}')
