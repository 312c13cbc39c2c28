"""What all who watch a room hear: one writer for each room, the same bytes for everybody, once a second at most."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import structlog

log = structlog.get_logger()

Json = dict[str, Any]

PACE = 1.0
"""Seconds between two events of a room, however many vote in between."""

HEARTBEAT = 15.0
"""Seconds after which something is said in any case, so that no proxy takes the line for dead."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A scene, with `number` counting how often it was made anew, and the moment it is in."""

    number: int
    scene: Json
    moment: Json


Look = Callable[[int, int], Awaitable[Shown | None]]
"""(session, how many watch) -> what they are to see; None where the room is gone."""


class Channel:
    """One room's. `watching` is how many listen."""

    def __init__(self, session: int, look: Look) -> None:
        self.watching = 0
        self.writer: asyncio.Task[None] | None = None
        self._session = session
        self._look = look
        self._touched = asyncio.Event()
        self._news = asyncio.Event()
        self._scene = (0, b"")
        self._moment = b""
        self._ended = False

    def touch(self) -> None:
        """Something may have changed."""
        self._touched.set()

    def end(self) -> None:
        """Everybody has heard all there is."""
        self._ended = True
        self._tell()

    async def heard(self) -> AsyncIterator[bytes]:
        """The events as one listener gets them: the scene first, then each moment, and a scene whenever it is new.

        Who is slow misses moments between, and never a scene.
        """
        seen = 0
        while not self._ended:
            news = self._news
            number, scene = self._scene
            if number and number != seen:
                # Who comes late is told the moment of now, and not that of when the scene was new.
                yield scene + self._moment
                seen = number
            elif number:
                yield self._moment
            await news.wait()

    async def write(self) -> None:
        """Make an event of what changed, for as long as somebody listens."""
        while not self._ended:
            self._touched.clear()
            try:
                self._take(await self._look(self._session, self.watching))
            except Exception as error:
                # Those who watch stay where they are; the next look may succeed.
                log.warning("room_unshown", session=self._session, error=str(error))
            await asyncio.sleep(PACE)
            await self._quiet()

    def _take(self, shown: Shown | None) -> None:
        if shown is None:
            return
        if shown.number != self._scene[0]:
            self._scene = (shown.number, _event("scene", shown.scene))
        self._moment = _event("moment", shown.moment)
        self._tell()

    def _tell(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()

    async def _quiet(self) -> None:
        """Wait for something to change, or for the time when something must be said."""
        try:
            async with asyncio.timeout(HEARTBEAT - PACE):
                await self._touched.wait()
        except TimeoutError:
            return


class Channels:
    """The rooms somebody watches, by session."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._open: dict[int, Channel] = {}
        self._ended = False

    def touch(self, session: int) -> None:
        """The room may have changed."""
        channel = self._open.get(session)
        if channel is not None:
            channel.touch()

    def watching(self, session: int) -> int:
        """How many listen, in this process."""
        channel = self._open.get(session)
        return 0 if channel is None else channel.watching

    @property
    def listening(self) -> int:
        """How many listen to any room."""
        return sum(channel.watching for channel in self._open.values())

    def end(self) -> None:
        """End every stream, now and later."""
        self._ended = True
        for channel in self._open.values():
            channel.end()

    async def listen(self, session: int) -> AsyncIterator[bytes]:
        """A room's events for as long as they are asked for."""
        if self._ended:
            return
        channel = self._joined(session)
        try:
            async for event in channel.heard():
                yield event
        finally:
            self._left(session, channel)

    def _joined(self, session: int) -> Channel:
        channel = self._open.get(session)
        if channel is None:
            channel = self._open[session] = Channel(session, self._look)
            channel.writer = asyncio.create_task(channel.write())
        channel.watching += 1
        channel.touch()
        return channel

    def _left(self, session: int, channel: Channel) -> None:
        channel.watching -= 1
        channel.touch()
        if channel.watching == 0:
            del self._open[session]
            if channel.writer is not None:
                channel.writer.cancel()


def _event(name: str, what: Json) -> bytes:
    text = json.dumps(what, ensure_ascii=False, separators=(",", ":"))
    return f"event: {name}\ndata: {text}\n\n".encode()
