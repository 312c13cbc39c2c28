"""The wire: POSTs of a few bytes over kept-alive connections, for the one call that every vote makes.

A general client takes longer for such a call than everything else about a vote together (docs/decisions/0010). Whatever
else is said to Discord goes through discord.py and aiohttp.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from typing import cast
from urllib.parse import urlsplit

import httptools

MOST = 128
"""Connections at once; more calls wait for one."""

IDLE = 20.0
"""Seconds after which a connection that rests is not used again: the other side may be closing it."""

SECONDS = 10.0
"""For an answer, for a connection, and for a turn at one."""

LARGEST = 1 << 20
"""Bytes of an answer that are read."""

OK = 200
"""The least status of an answer: what has a lower one only announces it (RFC 9110, 15.2)."""

TIRED = 408
"""With it a server ends a connection that rested too long, without having looked at the call (RFC 9110, 15.5.9)."""

UNPARSABLE = (httptools.HttpParserError, httptools.HttpParserUpgrade)


class Broken(Exception):
    """The connection was lost or never made; whether the other side took the call is not known."""


class Answered:
    """What came back: status and body."""

    __slots__ = ("body", "status")

    def __init__(self, status: int, body: bytes) -> None:
        self.status = status
        self.body = body


class Line(asyncio.Protocol):
    """One connection, with one call on it at a time. An answer that only the connection's end would end is lost."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._waits: asyncio.Future[Answered] | None = None
        self._body = b""
        self.rested = 0.0
        self.usable = True

    # -- the transport's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See the base."""
        # Not looked at: a faster event loop's transports are of no class of asyncio's.
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """See the base."""
        if self._waits is None:
            # Nobody asked: whatever is called next must not be taken for answered by it.
            self.close()
            return
        try:
            self._parser.feed_data(data)
        except UNPARSABLE:
            self.close()

    def connection_lost(self, error: Exception | None) -> None:
        """See the base."""
        self.usable = False
        self._settle(None)

    # -- the parser's side

    def on_message_begin(self) -> None:
        self._body = b""
        if self._waits is None:
            self.usable = False

    def on_body(self, body: bytes) -> None:
        self._body += body
        if len(self._body) > LARGEST:
            self.close()

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        if status < OK:
            return
        tired = status == TIRED
        self.usable = self.usable and not tired and self._parser.should_keep_alive()
        self._settle(None if tired else Answered(status, self._body))

    # -- the caller's side

    def call(self, request: bytes, loop: asyncio.AbstractEventLoop) -> asyncio.Future[Answered]:
        """Send a request: its answer, or `Broken`."""
        waits = self._waits = loop.create_future()
        if self._transport is None or self._transport.is_closing():
            self.usable = False
            self._settle(None)
        else:
            self._transport.write(request)
        return waits

    def close(self) -> None:
        """End it, whatever is on it."""
        self.usable = False
        if self._transport is not None:
            self._transport.abort()
        self._settle(None)

    def _settle(self, answered: Answered | None) -> None:
        waits, self._waits = self._waits, None
        if waits is None or waits.done():
            return
        if answered is None:
            waits.set_exception(Broken())
        else:
            waits.set_result(answered)


class Wire:
    """Connections to one host. Whoever has waited longest for one gets the next that is free."""

    def __init__(self, url: str, agent: str) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or ""
        self._secure = parts.scheme == "https"
        self._port = parts.port or (443 if self._secure else 80)
        self._path = parts.path.rstrip("/")
        self._tls = ssl.create_default_context() if self._secure else None
        self._head = (
            f" HTTP/1.1\r\nhost: {parts.netloc}\r\nuser-agent: {agent}\r\n"
            "content-type: application/json\r\ncontent-length: "
        ).encode()
        self._lines: set[Line] = set()
        self._resting: list[Line] = []
        self._waiting: deque[asyncio.Future[Line | None]] = deque()
        self._open = 0
        """Connections there are or are being made, and those that somebody was just told to make."""
        self._closed = False

    async def post(self, path: str, body: bytes) -> Answered:
        """Send JSON to a path below the host's. Raises `Broken` and `TimeoutError`."""
        if self._closed:
            raise Broken
        loop = asyncio.get_running_loop()
        line = self._rested(loop) or await self._another(loop)
        request = b"POST %b%b%d\r\n\r\n%b" % ((self._path + path).encode(), self._head, len(body), body)
        timer = loop.call_later(SECONDS, line.close)
        try:
            return await line.call(request, loop)
        except asyncio.CancelledError:
            line.close()
            raise
        finally:
            timer.cancel()
            self._rest(line, loop)

    def close(self) -> None:
        """Close every connection; calls on their way are broken off, and later ones."""
        self._closed = True
        for line in [*self._lines]:
            line.close()
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_exception(Broken())

    def _rested(self, loop: asyncio.AbstractEventLoop) -> Line | None:
        """A connection that rests, the one used last first."""
        while self._resting:
            line = self._resting.pop()
            if line.usable and loop.time() - line.rested < IDLE:
                return line
            self._left(line)
        return None

    async def _another(self, loop: asyncio.AbstractEventLoop) -> Line:
        """A new connection, or, in turn, the next one that comes free."""
        if self._open < MOST:
            self._open += 1
        elif (given := await self._turn(loop)) is not None:
            return given
        try:
            async with asyncio.timeout(SECONDS):
                _, line = await loop.create_connection(Line, self._host, self._port, ssl=self._tls)
        except BaseException as error:
            self._free()
            if isinstance(error, OSError) and not isinstance(error, TimeoutError):
                raise Broken from error
            raise
        self._lines.add(line)
        if self._closed:
            self._left(line)
            raise Broken
        return line

    async def _turn(self, loop: asyncio.AbstractEventLoop) -> Line | None:
        """Wait for a connection that comes free; None: for the room to make one, which is the caller's now."""
        turn: asyncio.Future[Line | None] = loop.create_future()
        self._waiting.append(turn)
        # Not asyncio.timeout(): under load every vote waits here, and it takes longer than all else about waiting.
        timer = loop.call_later(SECONDS, _too_late, turn)
        try:
            return await turn
        except asyncio.CancelledError:
            self._pass_on(turn, loop)
            raise
        finally:
            timer.cancel()

    def _pass_on(self, turn: asyncio.Future[Line | None], loop: asyncio.AbstractEventLoop) -> None:
        """Who waited wants it no more; what they were given just now goes to the next."""
        if not turn.done() or turn.cancelled() or turn.exception() is not None:
            return
        line = turn.result()
        if line is None:
            self._free()
        else:
            self._rest(line, loop)

    def _rest(self, line: Line, loop: asyncio.AbstractEventLoop) -> None:
        if not line.usable or self._closed:
            self._left(line)
        elif not self._give(line):
            line.rested = loop.time()
            self._resting.append(line)

    def _left(self, line: Line) -> None:
        line.close()
        self._lines.discard(line)
        self._free()

    def _free(self) -> None:
        """There is room for another connection. Where somebody waits it is theirs, before anybody else comes."""
        if not self._give(None):
            self._open -= 1

    def _give(self, line: Line | None) -> bool:
        """Give it to the one who has waited longest; None: the room for one. Whether anybody waited."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(line)
                return True
        return False


def _too_late(turn: asyncio.Future[Line | None]) -> None:
    """Nothing came free in time."""
    if not turn.done():
        turn.set_exception(TimeoutError())
