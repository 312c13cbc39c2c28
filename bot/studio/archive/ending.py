"""The record at the end of a zip: where its directory lies and how many entries it has."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

from bot.studio.archive.limits import MAX_DIRECTORY_BYTES, MAX_ENTRIES
from bot.studio.archive.refusal import AGAIN, refusal

_RECORD = struct.Struct("<4s4H2LH")
_SIGNATURE = b"PK\x05\x06"
_LONGEST_COMMENT = 0xFFFF
_LOCATOR = b"PK\x06\x07"
_LOCATOR_BYTES = 20
_MANY, _FAR = 0xFFFF, 0xFFFF_FFFF
"""Where these stand, the true number is in the records of zip64."""


@dataclass(frozen=True, slots=True)
class Ending:
    """Entries, and where their directory begins and how long it is, in bytes; it reaches up to the record."""

    entries: int
    start: int
    size: int

    def alone(self) -> bytes:
        """The same record for a file that holds nothing but the directory."""
        return _RECORD.pack(_SIGNATURE, 0, 0, self.entries, self.entries, self.size, 0, 0)


def read_ending(file: BinaryIO, size: int, upload: str) -> Ending:
    """The one end of a zip of `size` bytes, within its caps. Raises `StoryError`."""
    start = max(0, size - _RECORD.size - _LONGEST_COMMENT - _LOCATOR_BYTES)
    file.seek(start)
    tail = file.read(size - start)
    at = _only_record(tail, upload)
    _, disk, first, here, entries, length, offset, _ = _RECORD.unpack_from(tail, at)
    if tail[max(0, at - _LOCATOR_BYTES) :].startswith(_LOCATOR) or _MANY in (here, entries) or _FAR in (length, offset):
        raise refusal(upload, "STORY099", f"is a zip64, which stories do without; {AGAIN} with fewer and smaller files")
    if disk or first or here != entries:
        raise refusal(upload, "STORY099", f"is a part of a zip in several parts; {AGAIN} as one file")
    if entries > MAX_ENTRIES or length > MAX_DIRECTORY_BYTES:
        most = f"more than {MAX_ENTRIES} entries, or a list of them over {MAX_DIRECTORY_BYTES // 1024} KiB"
        raise refusal(upload, "STORY094", f"has {most}; leave out what is no part of the story")
    if offset + length != start + at:
        raise refusal(upload, "STORY093", f"is damaged: its list of entries is not where it should be; {AGAIN}")
    return Ending(entries, offset, length)


def _only_record(tail: bytes, upload: str) -> int:
    """Where the record is whose comment reaches exactly to the end; two would be two zips in one."""
    found, at = [], tail.find(_SIGNATURE)
    while 0 <= at <= len(tail) - _RECORD.size:
        if at + _RECORD.size + int.from_bytes(tail[at + 20 : at + 22], "little") == len(tail):
            found.append(at)
        at = tail.find(_SIGNATURE, at + 1)
    if len(found) > 1:
        raise refusal(upload, "STORY095", f"ends twice, so that it could be read in two ways; {AGAIN}")
    if not found:
        raise refusal(upload, "STORY093", "is cut short, or has something behind its end; send it again, whole")
    return found[0]
