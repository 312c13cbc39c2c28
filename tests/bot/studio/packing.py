"""Zips written byte by byte, so that any part of one can lie."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

STORED, DEFLATED = 0, 8
UTF8 = 0x800
SIZES_FOLLOW = 0x8

Lies = Mapping[str, Any]

STORY = b"""\
title: Tale
language: en
episodes:
  one:
    title: One
    scenes:
      a: {clip: clips/a.mp4, choices: {b: {label: B, to: c}}}
      c: {ending: {title: Out, kind: open}}
"""


@dataclass(frozen=True, slots=True)
class Item:
    """An entry: what it holds, and what else its header (`local`) or the directory (`listed`) says of it."""

    name: str | bytes
    content: bytes = b""
    method: int = DEFLATED
    flags: int = UTF8
    mode: int = 0o100644
    packed: bytes | None = None
    behind: bytes = b""
    local: Lies = field(default_factory=dict)
    listed: Lies = field(default_factory=dict)

    def both(self, **lies: Any) -> Item:
        """The same, lying in both places."""
        return replace(self, local=lies, listed=lies)

    @property
    def data(self) -> bytes:
        """What stands in the zip."""
        if self.packed is not None:
            return self.packed
        return deflated(self.content) if self.method == DEFLATED else self.content

    def facts(self) -> dict[str, Any]:
        """The truth."""
        name = self.name.encode() if isinstance(self.name, str) else self.name
        return {
            "name": name, "flags": self.flags, "method": self.method, "crc": zlib.crc32(self.content),
            "packed": len(self.data), "size": len(self.content), "extra": b"", "comment": b"", "volume": 0,
            "attributes": self.mode << 16, "version": 20,
        }  # fmt: skip


MAIN = Item("story.yaml", STORY)


def deflated(content: bytes) -> bytes:
    """Without the wrapping that zlib puts around it."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return deflater.compress(content) + deflater.flush()


def zip_of(*items: Item, before: bytes = b"", behind: bytes = b"", after: bytes = b"", **lies: Any) -> bytes:
    """A zip; `before` its first entry, `behind` the last one, `after` its end; `lies` are of the end record."""
    body, directory = bytearray(before), bytearray()
    for item in items:
        directory += _listed({"offset": len(body), **item.facts(), **item.listed})
        body += _header({**item.facts(), **item.local}) + item.data + item.behind
    body += behind
    end = {"count": len(items), "size": len(directory), "start": len(body), "comment": b"", "disk": 0, "locator": b""}
    return bytes(body + directory) + _end({**end, **lies}) + after


def descriptor(item: Item, **lies: Any) -> bytes:
    """The sizes that follow an entry's data."""
    facts = {**item.facts(), **lies}
    return b"PK\x07\x08" + struct.pack("<3L", facts["crc"], facts["packed"], facts["size"])


def _header(says: Lies) -> bytes:
    numbers = (says["version"], says["flags"], says["method"], 0, 0x21, says["crc"], says["packed"], says["size"])
    lengths = (len(says["name"]), len(says["extra"]))
    return b"".join((struct.pack("<4s5H3L2H", b"PK\x03\x04", *numbers, *lengths), says["name"], says["extra"]))


def _listed(says: Lies) -> bytes:
    numbers = (says["version"], says["flags"], says["method"], 0, 0x21, says["crc"], says["packed"], says["size"])
    lengths = (len(says["name"]), len(says["extra"]), says.get("comment_length", len(says["comment"])))
    rest = (says["volume"], 0, says["attributes"], says["offset"])
    fixed = struct.pack("<4sH5H3L5H2L", b"PK\x01\x02", 0x314, *numbers, *lengths, *rest)
    return b"".join((fixed, says["name"], says["extra"], says["comment"]))


def _end(says: Lies) -> bytes:
    count = says["count"]
    numbers = (says["disk"], says["disk"], count, count, says["size"], says["start"], len(says["comment"]))
    return b"".join((says["locator"], struct.pack("<4s4H2LH", b"PK\x05\x06", *numbers), says["comment"]))
