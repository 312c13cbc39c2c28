"""What each entry takes of a zip: every byte before the directory belongs to one entry, and to one alone."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO
from zipfile import ZipInfo

from bot.studio.archive.directory import raw_name
from bot.studio.archive.refusal import AGAIN, refusal, shown

_HEADER = struct.Struct("<4s5H3L2H")
_SIGNATURE = b"PK\x03\x04"
_SIZES_FOLLOW = 0x8
_SAID_TWICE = 0x1 | _SIZES_FOLLOW | 0x40 | 0x2000
"""Flags that must be the same in both places: encrypted in one way or another, sizes behind the data."""

_LONGEST_BEHIND = 24
"""Bytes behind an entry's data, where its sizes follow there."""


def read_starts(file: BinaryIO, infos: list[ZipInfo], directory: int, upload: str) -> list[int]:
    """Where the data of each entry begins. `directory` is where the entries end.

    Raises `StoryError` where a header says something else than the directory, or entries lie over one another.
    """
    starts: dict[int, int] = {}
    ordered = sorted(infos, key=lambda info: info.header_offset)
    if ordered and ordered[0].header_offset:
        raise refusal(upload, "STORY095", f"has something before its first entry; {AGAIN}")
    stops = [*(info.header_offset for info in ordered), directory][1:]
    for info, stop in zip(ordered, stops, strict=True):
        starts[info.header_offset] = start = _start(file, info, upload)
        gap = stop - start - info.compress_size
        if gap < 0:
            raise _refusal(info, "lies over the entry behind it", upload)
        if gap and not (gap <= _LONGEST_BEHIND and _behind(file, info, start, gap) in set(_descriptors(info))):
            raise _refusal(info, "has something behind it that no entry owns", upload)
    return [starts[info.header_offset] for info in infos]


def _start(file: BinaryIO, info: ZipInfo, upload: str) -> int:
    """Where an entry's data begins, once its header agrees with the directory."""
    name = raw_name(info)
    file.seek(info.header_offset)
    head = file.read(_HEADER.size + len(name))
    if len(head) < _HEADER.size or not head.startswith(_SIGNATURE):
        raise _refusal(info, "is not where the list says", upload)
    _, _, flags, method, _, _, *sizes, named, extra = _HEADER.unpack_from(head)
    if named != len(name) or head[_HEADER.size :] != name:
        raise _refusal(info, "has two names", upload)
    same_way = method == info.compress_type and not (flags ^ info.flag_bits) & _SAID_TWICE
    if not same_way or not _agree(sizes, info):
        raise _refusal(info, "is described in two ways", upload)
    return info.header_offset + len(head) + int(extra)


def _agree(sizes: list[int], info: ZipInfo) -> bool:
    """Whether checksum and sizes of a header are those of the directory, or left open where they follow."""
    listed = (info.CRC, info.compress_size, info.file_size)
    left_open = (0, 0xFFFF_FFFF) if info.flag_bits & _SIZES_FOLLOW else ()
    return all(one == other or one in left_open for one, other in zip(sizes, listed, strict=True))


def _behind(file: BinaryIO, info: ZipInfo, start: int, gap: int) -> bytes:
    file.seek(start + info.compress_size)
    return file.read(gap)


def _descriptors(info: ZipInfo) -> Iterator[bytes]:
    """What may stand behind an entry's data."""
    if info.flag_bits & _SIZES_FOLLOW:
        for sizes in ("<LLL", "<LQQ"):
            written = struct.pack(sizes, info.CRC, info.compress_size, info.file_size)
            yield from (written, b"PK\x07\x08" + written)


def _refusal(info: ZipInfo, fault: str, upload: str) -> Exception:
    return refusal(upload, "STORY095", f'the entry "{shown(info.orig_filename)}" {fault}; {AGAIN}')
