"""Gathering: a group begins a watch-along, one at a time in each chat."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakValueDictionary

from bot.app import SetAside
from bot.library import UnknownStory
from bot.play.dice import seeded
from bot.play.event import Begin
from bot.play.step import step
from bot.rooms.booth import Booth
from bot.rooms.closing import Closing
from bot.rooms.code import new_code, new_id
from bot.rooms.kept import FACELESS, read
from bot.rooms.scribe import Scribe
from bot.rooms.turn import Turn, turn
from bot.store.port import EventKey, Outcome, RoomRow, Session
from bot.story.story import Story
from bot.watch.room import Room

ABANDONED = 6 * 3_600_000
"""Milliseconds without a clock after which another watch-along may begin in the same chat."""

OVERDUE = 5_000
"""Milliseconds after which a close that the agenda should have brought is made up for by the next /watch."""

MOST_BEGUN = 1_000
"""Rooms in no chat whose first event is remembered: only it leads back to them when it arrives again."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """The room in that chat. Not `begun`: it was running there before. None: it has ended since."""

    session: int | None
    begun: bool


class Gathering:
    """Begins rooms."""

    def __init__(self, scribe: Scribe, closing: Closing) -> None:
        self._scribe = scribe
        self._store = scribe.store
        self._closing = closing
        self._beginning: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._begun: OrderedDict[EventKey, int] = OrderedDict()

    async def begin(
        self, key: EventKey, platform: str, address: str, story: Story, language: str | None, room: Room, at: int
    ) -> Gathered:
        """Begin it; in a chat where one is running it goes on, and the new one is not begun."""
        if platform == FACELESS:
            return await self._in_no_chat(key, story, language, room, at)
        async with self._beginning.setdefault(f"{platform}:{address}", asyncio.Lock()):
            there = await self._there(platform, address)
            if there and await self._store.seen(key):
                return Gathered(there[0].session, begun=True)
            for row in there:
                if await self._goes_on(row, at):
                    return Gathered(row.session, begun=False)
            begun = await self._new(key, story, platform, address, room, language, at)
            if begun is None:
                there = await self._there(platform, address)
                return Gathered(there[0].session if there else None, begun=True)
            return Gathered(begun, begun=True)

    async def _there(self, platform: str, address: str) -> Sequence[RoomRow]:
        """The rooms that belong to that chat: the one there, and where it has split, its branches."""
        row = await self._store.room_at(platform, address)
        if row is not None:
            return [row]
        found = []
        for session in await self._store.rooms_in(platform, address):
            row, played = await self._store.room(session), await self._store.session(session)
            # A topic's own rooms began there, and not in the chat.
            if row is not None and played is not None and played.address == f"{platform}:{address}":
                found.append(row)
        return found

    async def _in_no_chat(self, key: EventKey, story: Story, language: str | None, room: Room, at: int) -> Gathered:
        async with self._beginning.setdefault(f"{FACELESS}:{key.platform}:{key.id}", asyncio.Lock()):
            begun = self._begun.get(key) or await self._new(key, story, FACELESS, None, room, language, at)
            if begun is not None:
                self._begun[key] = begun
                if len(self._begun) > MOST_BEGUN:
                    self._begun.popitem(last=False)
            return Gathered(begun, begun=True)

    async def _new(
        self, key: EventKey, story: Story, platform: str, address: str | None, room: Room, language: str | None, at: int
    ) -> int | None:
        """The session of a new room; None where the event has begun one before."""
        while True:
            begun = await self._fresh(key, story, platform, address, room, language, at)
            outcome = await self._store.commit(begun.commit)
            if outcome is Outcome.COMMITTED:
                return self._announced(story, begun)
            if outcome is Outcome.DUPLICATE:
                return None

    async def _fresh(
        self, key: EventKey, story: Story, platform: str, address: str | None, room: Room, language: str | None, at: int
    ) -> Turn:
        code = new_code()
        address = code if address is None else address
        viewer = await self._store.viewer(FACELESS, code)
        id, seed = new_id(), new_id()
        session = Session(id, viewer.id, story.id, story.version, seed, 0, b"", f"{platform}:{address}", at)
        row = RoomRow(id, code, platform, address, 0, open=False, body=b"", version=1)
        taken = step(story, None, Begin(language or story.language), at, seeded(seed, 0))
        return turn(key, story, session, taken, row, room, at, expected=None)

    def _announced(self, story: Story, begun: Turn) -> int:
        session = begun.commit.session
        if begun.kept.running:
            self._scribe.booths.keep(session.id, Booth(begun.kept, story, begun.card, session.seed, {}))
        self._scribe.announce(begun.commit)
        return session.id

    async def _goes_on(self, row: RoomRow, at: int) -> bool:
        """Whether the room there is alive. A close that was lost is made up for; one long left alone ends."""
        kept = read(row)
        ballot = kept.room.ballot
        if ballot is None:
            return True
        if kept.shut is not None or (ballot.closes is not None and ballot.closes + OVERDUE < at):
            try:
                await self._closing.close(row.session, ballot.revision, at)
            except (SetAside, UnknownStory):
                return False
            return True
        if ballot.closes is not None or at - ballot.opened < ABANDONED:
            return True
        ended = kept.with_room(kept.room, ended=True)
        return await self._scribe.keep(None, ended, ended.dues(at)) is Outcome.CONFLICT
