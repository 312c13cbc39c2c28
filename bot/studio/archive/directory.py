"""The directory of a zip, read by the standard library from the directory's bytes alone: it cannot look elsewhere."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from bot.studio.archive.ending import Ending
from bot.studio.archive.refusal import AGAIN, refusal

_FIXED = 46
"""Bytes of an entry in the directory, without its name, its extra fields and its comment."""

_NAMED_IN_UTF8 = 0x800


def read_directory(file: BinaryIO, ending: Ending, upload: str) -> list[ZipInfo]:
    """Every entry as the directory has it, nothing of it believed yet. Raises `StoryError`."""
    file.seek(ending.start)
    listed = file.read(ending.size)
    try:
        with ZipFile(BytesIO(listed + ending.alone())) as zip:
            infos = zip.infolist()
    except UnicodeDecodeError:
        raise refusal(upload, "STORY086", f"has an entry whose name is not UTF-8; {AGAIN} with plain names") from None
    except (BadZipFile, NotImplementedError, ValueError, OverflowError, struct.error) as error:
        raise refusal(upload, "STORY083", f"has a damaged list of entries ({error}); {AGAIN}") from None
    if len(infos) != ending.entries or sum(map(_length, infos)) != ending.size:
        raise refusal(upload, "STORY085", f"says it has {ending.entries} entries and lists {len(infos)}; {AGAIN}")
    return infos


def raw_name(info: ZipInfo) -> bytes:
    """An entry's name as it stands in the zip."""
    return info.orig_filename.encode("utf-8" if info.flag_bits & _NAMED_IN_UTF8 else "cp437")


def extra_kinds(info: ZipInfo) -> Iterator[int]:
    """The kinds of an entry's extra fields."""
    at = 0
    while at + 4 <= len(info.extra):
        kind, size = struct.unpack_from("<HH", info.extra, at)
        yield kind
        at += 4 + size


def _length(info: ZipInfo) -> int:
    return _FIXED + len(raw_name(info)) + len(info.extra) + len(info.comment)
