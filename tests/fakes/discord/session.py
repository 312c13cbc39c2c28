"""A client's session with the gateway: it outlives its connection, so that what was missed can be sent again."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import struct
import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

KEPT = 5000
"""Events that a session can send again. A client that missed more has to identify anew."""

_TEXT, _BINARY = 0x81, 0x82
"""First bytes of whole frames: https://www.rfc-editor.org/rfc/rfc6455#section-5.2."""

Compress = Callable[[bytes], bytes]


class Socket:
    """One connection. What is pushed goes out in order, all that came in one turn of the loop in one write."""

    def __init__(self, ws: web.WebSocketResponse, request: web.BaseRequest, compress: Compress | None) -> None:
        self._ws = ws
        self._transport = request.transport
        self._compress = compress
        self._out: list[str] = []
        self._closing: asyncio.Task[bool] | None = None
        self._loop = asyncio.get_running_loop()
        self.open = True
        self.closed: int | None = None
        """The code that the client was sent away with."""

    def push(self, frame: str) -> None:
        if not self._out:
            self._loop.call_soon(self._flush)
        self._out.append(frame)

    def close(self, code: int, reason: str = "") -> None:
        """An orderly end, after what was pushed before."""
        self._flush()
        self.open = False
        self.closed = code
        self._closing = asyncio.create_task(self._ws.close(code=code, message=reason.encode()))

    def abort(self) -> None:
        """The connection breaks, and nothing more is sent."""
        self.open = False
        self._out.clear()
        if self._transport:
            self._transport.abort()

    async def finished(self) -> None:
        """The client went, or was sent away."""
        self.open = False
        if self._closing:
            with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                await self._closing

    def _flush(self) -> None:
        out, self._out = self._out, []
        if not out or not self.open or self._transport is None or self._transport.is_closing():
            return
        compress = self._compress
        # The frames are written here and not by the library, which takes a coroutine and a write for each.
        parts = [_frame(_BINARY, compress(one.encode())) if compress else _frame(_TEXT, one.encode()) for one in out]
        self._transport.write(b"".join(parts))


@dataclass(eq=False)
class Session:
    """`shard` is (which, of how many). `alive` is False once it can no longer be resumed."""

    id: str
    shard: tuple[int, int]
    intents: int
    socket: Socket | None = None
    sequence: int = 0
    alive: bool = True
    left_at: float = 0.0
    """When its connection ended, by the server's clock."""
    kept: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=KEPT))

    def dispatch(self, event: str, body: str) -> None:
        """Sends an event, or keeps it until the client resumes."""
        self.sequence += 1
        frame = f'{{"op":0,"s":{self.sequence},"t":"{event}","d":{body}}}'
        self.kept.append((self.sequence, frame))
        if self.socket and self.socket.open:
            self.socket.push(frame)

    def missed(self, since: int) -> list[str] | None:
        """The events after this sequence; None when some of them are no longer kept, or never were."""
        if since > self.sequence:
            return None
        frames = [frame for number, frame in self.kept if number > since]
        return frames if len(frames) == self.sequence - since else None


def compressor(name: str, cheap: bool) -> Compress | None:
    """By the name in the client's query. LookupError for one that is unknown, or whose library is not here."""
    if not name:
        return None
    if name == "zlib-stream":
        stream = zlib.compressobj(level=0 if cheap else 6)
        return lambda data: stream.compress(data) + stream.flush(zlib.Z_SYNC_FLUSH)
    if name == "zstd-stream":
        try:
            zstandard: Any = importlib.import_module("zstandard")
        except ImportError as error:
            raise LookupError("zstandard is not installed here") from error
        zstd = zstandard.ZstdCompressor(level=1).compressobj()
        return lambda data: bytes(zstd.compress(data) + zstd.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK))
    raise LookupError(f"no compression is called {name!r}")


def _frame(kind: int, data: bytes) -> bytes:
    size = len(data)
    if size < 126:
        return bytes((kind, size)) + data
    if size < 1 << 16:
        return struct.pack("!BBH", kind, 126, size) + data
    return struct.pack("!BBQ", kind, 127, size) + data
