"""Frames: how workshop and bench speak through a pipe. The length in bytes, then a pickle of one thing.

Both ends are our own code; what a creator sent passes only as text, bytes and numbers inside.
"""

from __future__ import annotations

import asyncio
import pickle
import struct
from typing import Any, BinaryIO

MOST = 32 * 1024 * 1024
"""Bytes of one frame. A table of ten thousand plays has under a megabyte, the largest picture some ten."""

_HEAD = struct.Struct(">Q")


class TooLong(Exception):
    """A thing is longer than one frame."""


def framed(thing: object) -> bytes:
    """A thing as it goes through a pipe. Raises `TooLong`."""
    packed = pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)
    if len(packed) > MOST:
        raise TooLong
    return _HEAD.pack(len(packed)) + packed


async def heard(reader: asyncio.StreamReader) -> Any:
    """The next thing. Raises `EOFError` when the other end is gone, `TooLong`."""
    try:
        (length,) = _HEAD.unpack(await reader.readexactly(_HEAD.size))
        if length > MOST:
            raise TooLong
        return pickle.loads(await reader.readexactly(length))  # noqa: S301 - our own process wrote it
    except (asyncio.IncompleteReadError, ConnectionError):
        raise EOFError from None


def taken(file: BinaryIO) -> Any:
    """The next thing, waited for. Raises `EOFError` when the other end is gone."""
    head = file.read(_HEAD.size)
    if len(head) < _HEAD.size:
        raise EOFError
    return pickle.loads(file.read(*_HEAD.unpack(head)))  # noqa: S301 - our own process wrote it
