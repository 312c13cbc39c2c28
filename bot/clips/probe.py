"""How long and how large a video is, read from the boxes of its MP4 file. Nothing is decoded."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

MOST_BOXES = 10_000
"""Boxes looked at in one file; a real one has some dozens, a fragmented one some thousands."""

LONGEST_HEADER = 120
"""Bytes read of a box's content: the longest header read here, `tkhd` of version 1, has 96."""

REMEMBERED = 4096
"""Files whose measure is kept, by path, time and size."""


class ClipError(Exception):
    """A video file cannot be read. `str` says which and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Measure:
    """Length in seconds and the picture's size in pixels as shown, turned upright; 0 x 0 when there is none."""

    seconds: float
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    start: int
    end: int


class Probe:
    """Measures files and remembers it for as long as they are unchanged."""

    def __init__(self) -> None:
        self._read = lru_cache(maxsize=REMEMBERED)(_read)

    def measure(self, path: Path) -> Measure:
        """The measure of an MP4 file, read from disk. Raises `ClipError`, or `OSError` if it does not open."""
        status = path.stat()
        return self._read(path, status.st_mtime_ns, status.st_size)


def _read(path: Path, modified: int, size: int) -> Measure:
    with path.open("rb") as file:
        try:
            return measure(file, size)
        except ClipError as error:
            raise ClipError(f"{path.name}: {error}") from None


def measure(file: BinaryIO, size: int) -> Measure:
    """The measure of an open MP4 file of `size` bytes. Raises `ClipError`."""
    movie = next((box for box in _boxes(file, 0, size) if box.kind == b"moov"), None)
    if movie is None:
        raise ClipError("is no MP4 video, or its index (moov) is missing: it may be cut short")
    scale, length, extent, width, height = 0, 0, 0, 0, 0
    for box in _boxes(file, movie.start, movie.end):
        if box.kind == b"mvhd":
            scale, length = _times(_head(file, box))
        elif box.kind == b"trak" and not width:
            width, height = _track(file, box)
        elif box.kind == b"mvex":
            extent = _extent(file, box)
    if not scale or not (length or extent):
        raise ClipError("does not say how long it is")
    return Measure((length or extent) / scale, width, height)


def _track(file: BinaryIO, track: _Box) -> tuple[int, int]:
    for box in _boxes(file, track.start, track.end):
        if box.kind == b"tkhd":
            head = _head(file, box)
            matrix = 52 if head[0] else 40
            a, d = _number(head, matrix), _number(head, matrix + 16)
            width, height = _number(head, matrix + 36) >> 16, _number(head, matrix + 40) >> 16
            # A phone held upright stores a lying picture and a quarter turn.
            return (height, width) if a == 0 and d == 0 else (width, height)
    return 0, 0


def _extent(file: BinaryIO, extends: _Box) -> int:
    for box in _boxes(file, extends.start, extends.end):
        if box.kind == b"mehd":
            head = _head(file, box)
            return _number(head, 4, 8) if head[0] else _number(head, 4)
    return 0


def _times(head: bytes) -> tuple[int, int]:
    """Ticks per second and ticks, from a header whose times are 8 bytes wide in version 1 and 4 in version 0."""
    if head[0]:
        scale, length = _number(head, 20), _number(head, 24, 8)
        return scale, 0 if length == 0xFFFF_FFFF_FFFF_FFFF else length
    scale, length = _number(head, 12), _number(head, 16)
    return scale, 0 if length == 0xFFFF_FFFF else length


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[_Box]:
    for _ in range(MOST_BOXES):
        if start + 8 > end:
            return
        file.seek(start)
        size, kind = struct.unpack(">I4s", _exactly(file, 8))
        head = 8
        if size == 1:
            size, head = struct.unpack(">Q", _exactly(file, 8))[0], 16
        stop = end if size == 0 else start + size
        if stop < start + head or stop > end:
            raise ClipError(f"is damaged: box {kind!r} at byte {start} does not fit")
        yield _Box(kind, start + head, stop)
        start = stop
    raise ClipError(f"has more than {MOST_BOXES} boxes")


def _head(file: BinaryIO, box: _Box) -> bytes:
    file.seek(box.start)
    head = file.read(min(LONGEST_HEADER, box.end - box.start))
    if not head:
        raise ClipError(f"is damaged: box {box.kind!r} is empty")
    return head


def _number(head: bytes, at: int, size: int = 4) -> int:
    if at + size > len(head):
        raise ClipError("is damaged: a header is too short")
    return int.from_bytes(head[at : at + size], "big")


def _exactly(file: BinaryIO, size: int) -> bytes:
    data = file.read(size)
    if len(data) < size:
        raise ClipError("is cut short")
    return data
