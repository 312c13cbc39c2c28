"""The door for watch-alongs: whatever comes in here is durable when it is answered, or raises `StoreError`."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from weakref import WeakValueDictionary

from bot.app import App, SetAside
from bot.library import UnknownStory
from bot.play.dice import seeded
from bot.play.event import Begin
from bot.play.step import step
from bot.rooms.booth import Booth, Booths
from bot.rooms.closing import Closing
from bot.rooms.kept import CLOSE, Kept, Shut, dues, read, vote_row
from bot.rooms.reply import REFUSALS, Reply
from bot.rooms.turn import Turn, turn
from bot.store.port import Due, EventKey, Outcome, RoomRow, Session
from bot.story.story import Story
from bot.watch.ballot import started
from bot.watch.event import Cast, Change, CloseNow, Extend, HandOver, Pause, Resume, Skip, Stop
from bot.watch.lots import ballot_dice
from bot.watch.move import Move, Note, Refused
from bot.watch.room import Room, led_by
from bot.watch.rules import Mode, Rules
from bot.watch.step import act
from bot.watch.vote import Voter, pressed

FACELESS = "room"
"""The platform on which the viewer without a face has an identity that owns a room's session; the user is its code."""

CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
CODE_LENGTH = 9
"""44 random bits: enough that nobody comes upon a stranger's room, and still short enough to be read aloud."""

ID_BITS = 62
"""Random bits of a session's id and seed, as `bot.app` has them."""

ABANDONED = 6 * 3_600_000
"""Milliseconds without a clock after which another watch-along may begin in the same chat."""

OVERDUE = 5_000
"""Milliseconds after which a close that the agenda should have brought is made up for by the next /watch."""

TRIES = 5
"""Looks at a room that keeps changing under a vote, before the voter is told that it came late."""

AGENDA_ROWS = 10_000
"""Rows of the agenda that are looked through for rooms after a start; those due first come first."""

FAR = 1 << 62

Wish = CloseNow | Skip | Extend | Pause | Resume | Stop | Change | HandOver
"""What a host may want of a room."""

Listener = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Gathered:
    """The room in that chat. Not `begun`: it was running there before. None: it has ended since."""

    session: int | None
    begun: bool


class Rooms:
    """All watch-alongs of this process, on whatever platforms."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._store = app.store
        self._booths = Booths(app.store, app.library)
        self._closing = Closing(app, self._booths, self._tell)
        self._beginning: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        """Have `listener` called with the session whenever votes, clock or state of its room have changed."""
        self._listeners.append(listener)

    async def look(self, session: int) -> Booth | None:
        """The room as it stands, for showing; None where there is none."""
        try:
            return await self._booths.of(session)
        except UnknownStory:
            return None

    async def ticking(self) -> Sequence[int]:
        """The sessions of rooms whose clock runs, for showing it again after a start."""
        return [row.session for row in await self._store.due(FAR, AGENDA_ROWS) if row.kind == CLOSE]

    # -- beginning

    async def gather(
        self, key: EventKey, platform: str, host: str, address: str, story: str, language: str | None,
        rules: Rules, at: int,
    ) -> Gathered:  # fmt: skip
        """Begin a watch-along of a story in a chat, hosted by a voter's id. There is one at a time in each.

        Raises `UnknownStory`.
        """
        told = self._app.library.story(story)
        async with self._beginning.setdefault(f"{platform}:{address}", asyncio.Lock()):
            there = await self._store.room_at(platform, address)
            if there is not None and await self._store.seen(key):
                return Gathered(there.session, begun=True)
            if there is not None and await self._goes_on(there, at):
                return Gathered(there.session, begun=False)
            room = Room(host, rules)
            while True:
                begun = await self._fresh(key, told, platform, address, room, language, at)
                outcome = await self._store.commit(begun.commit)
                if outcome is Outcome.COMMITTED:
                    return self._begun(told, begun)
                if outcome is Outcome.DUPLICATE:
                    there = await self._store.room_at(platform, address)
                    return Gathered(None if there is None else there.session, begun=True)

    async def _fresh(
        self, key: EventKey, story: Story, platform: str, address: str, room: Room, language: str | None, at: int
    ) -> Turn:
        code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
        viewer = await self._store.viewer(FACELESS, code)
        id, seed = secrets.randbits(ID_BITS), secrets.randbits(ID_BITS)
        session = Session(id, viewer.id, story.id, story.version, seed, 0, b"", f"{platform}:{address}", at)
        row = RoomRow(id, code, platform, address, 0, open=False, body=b"", version=1)
        taken = step(story, None, Begin(language or story.language), at, seeded(seed, 0))
        return turn(key, story, session, taken, row, room, at, expected=None)

    def _begun(self, story: Story, begun: Turn) -> Gathered:
        session = begun.commit.session
        if not begun.kept.row.ended:
            self._booths.keep(session.id, Booth(begun.kept, story, begun.card, session.seed, {}))
        self._closing.announce(begun.commit)
        return Gathered(session.id, begun=True)

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
        if await self._store.keep_room(None, ended.row, row.version, dues=()) is Outcome.CONFLICT:
            return True
        self._tell(row.session)
        return False

    # -- voting

    async def vote(
        self,
        key: EventKey,
        session: int,
        revision: int,
        choice: str,
        voter: Voter,
        at: int,
        expected: int | None = None,
    ) -> Reply:
        """Vote for a choice, or with ranked votes add it or take it back. `expected`: how many are there to vote."""
        for _ in range(TRIES):
            booth = await self._booths.of(session)
            if booth is None or booth.ended:
                return Reply.OVER
            if not booth.open or booth.row.revision != revision:
                return Reply.LATE
            reply = await self._vote(key, booth, choice, voter, at, expected)
            if reply is not None:
                return reply
            self._booths.forget(session)
        return Reply.LATE

    async def _vote(
        self, key: EventKey, booth: Booth, choice: str, voter: Voter, at: int, expected: int | None
    ) -> Reply | None:
        """None: the room has changed meanwhile."""
        session, revision = booth.row.session, booth.row.revision
        event = Cast(voter, revision, _ranking(booth, voter, choice), expected)
        try:
            move = act(booth.room, event, at, ballot_dice(booth.seed, revision), booth.votes)
        except Refused as refused:
            return REFUSALS[refused.reason]
        if move.vote is None:
            return Reply.SAME
        if await self._roused(booth, move, at):
            return None
        outcome = await self._store.cast(key, vote_row(session, revision, move.vote))
        if outcome is Outcome.CONFLICT:
            return None
        if outcome is Outcome.COMMITTED:
            await self._booths.count(session, revision, move.vote)
        self._tell(session)
        if move.verdict is not None:
            await self._enough(session, revision, at)
        return Reply.COUNTED if Note.ACCEPTED in move.notes else Reply.CHANGED

    async def _roused(self, booth: Booth, move: Move, at: int) -> bool:
        """Whether the vote does something to the room itself: it starts a clock that waited, or takes over from a host
        who left. Then that is written first, and the vote looks again: a clock without a vote runs out harmlessly.
        """
        room = booth.room
        if Note.TOOK_OVER in move.notes and move.vote is not None:
            room = led_by(room, move.vote.voter)
        if Note.STARTED in move.notes and room.ballot is not None:
            room = replace(room, ballot=started(room.ballot, at))
        if room is booth.room:
            return False
        await self._keep(None, booth.kept.with_room(room), dues(booth.row.session, room))
        return True

    async def _enough(self, session: int, revision: int, at: int) -> None:
        """Nobody is waited for any more."""
        row = await self._store.room(session)
        if row is None or row.ended or not row.open or row.revision != revision:
            return
        if await self._closing.shut(None, read(row), Shut.NOW, at) is Outcome.COMMITTED:
            await self._closing.close(session, revision, at)

    # -- the host

    async def control(self, key: EventKey, session: int, wish: Wish, at: int) -> Reply:
        """Do what the host wants, or a steward: nobody else can."""
        while True:
            row = await self._store.room(session)
            if row is None or row.ended:
                return Reply.OVER if row is None or not await self._store.seen(key) else Reply.DONE
            kept = read(row)
            if kept.shut is not None:
                await self._closing.close(session, row.revision, at)
                continue
            try:
                # Without the votes: a count is only made of those that are final.
                move = act(kept.room, wish, at, seeded(0, 0), {})
            except Refused as refused:
                return Reply.DONE if await self._store.seen(key) else REFUSALS[refused.reason]
            outcome = await self._do(key, kept, wish, move.room, at)
            if outcome is not Outcome.CONFLICT:
                return Reply.DONE

    async def _do(self, key: EventKey, kept: Kept, wish: Wish, room: Room, at: int) -> Outcome:
        session, revision = kept.row.session, kept.row.revision
        if isinstance(wish, CloseNow | Skip):
            outcome = await self._closing.shut(key, kept, Shut.SKIP if isinstance(wish, Skip) else Shut.NOW, at)
            if outcome is Outcome.COMMITTED:
                await self._closing.close(session, revision, at)
            return outcome
        changed = kept.with_room(room, ended=room.stopped)
        return await self._keep(key, changed, dues(session, room))

    async def _keep(self, key: EventKey | None, kept: Kept, rows: Sequence[Due]) -> Outcome:
        """Write the room in place of the one it was made from."""
        row = kept.row
        outcome = await self._store.keep_room(key, row, row.version, dues=rows)
        if outcome is Outcome.COMMITTED:
            self._booths.changed(row.session, replace(kept, row=replace(row, version=row.version + 1)))
        self._tell(row.session)
        return outcome

    # -- the clock

    async def close(self, due: Due, at: int) -> None:
        """What the agenda brings: a ballot's time is over. Raises `SetAside` and `UnknownStory`: drop the row."""
        await self._closing.close(due.session, due.revision, at, due)

    def _tell(self, session: int) -> None:
        for listener in self._listeners:
            listener(session)


def _ranking(booth: Booth, voter: Voter, choice: str) -> tuple[str, ...]:
    """What a press on a choice's button makes of the voter's wish."""
    ballot = booth.room.ballot
    before = booth.votes.get(voter.id)
    if ballot is None or ballot.rules.mode is not Mode.RANKED or before is None:
        return (choice,)
    return pressed(before.ranking, choice)
