"""The directory of a zip, read by the standard library from the directory's bytes alone: it cannot look elsewhere."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from bot.studio.archive.ending import Ending
from bot.studio.archive.refusal import AGAIN, refusal

_FIXED = struct.Struct("<28x3H12x")
"""An entry in the directory: how long are its name, its extra fields and its comment, which stand behind."""

_NAMED_IN_UTF8 = 0x800


def read_directory(file: BinaryIO, ending: Ending, upload: str) -> list[ZipInfo]:
    """Every entry as the directory has it, nothing of it believed yet. Raises `StoryError`."""
    file.seek(ending.start)
    listed = file.read(ending.size)
    if (count := _count(listed)) != ending.entries:
        said = f"says it has {ending.entries} entries and lists {'others' if count is None else count}"
        raise refusal(upload, "STORY095", f"{said}; {AGAIN}")
    try:
        with ZipFile(BytesIO(listed + ending.alone())) as zip:
            return zip.infolist()
    except UnicodeDecodeError:
        raise refusal(upload, "STORY096", f"has an entry whose name is not UTF-8; {AGAIN} with plain names") from None
    except (BadZipFile, NotImplementedError, ValueError, OverflowError, struct.error) as error:
        raise refusal(upload, "STORY093", f"has a damaged list of entries ({error}); {AGAIN}") from None


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


def _count(listed: bytes) -> int | None:
    """How many entries follow one another in the directory; None where the last one is not whole."""
    count = at = 0
    while at + _FIXED.size <= len(listed):
        at += _FIXED.size + sum(_FIXED.unpack_from(listed, at))
        count += 1
    return count if at == len(listed) else None
