"""Voting: what a vote comes to, from the press of a button until it is durable."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from weakref import WeakValueDictionary

from bot.rooms.booth import Booth
from bot.rooms.closing import Closing
from bot.rooms.kept import Shut, dues, read, vote_row, votes_of
from bot.rooms.reply import REFUSALS, Reply
from bot.rooms.scribe import Scribe
from bot.rooms.side import UNREADABLE
from bot.rooms.voters import Voters
from bot.store.port import EventKey, Outcome
from bot.watch.ballot import started
from bot.watch.branch import Branch
from bot.watch.closing import all_said
from bot.watch.event import Cast
from bot.watch.lots import ballot_dice
from bot.watch.move import Move, Note, Refused
from bot.watch.room import led_by
from bot.watch.rules import Mode, Who
from bot.watch.step import act
from bot.watch.vote import Vote, Voter, pressed

ENOUGH = 2
"""Voters of a room that only those who joined vote in, before it counts them: the first one is not all."""

TRIES = 5
"""Looks at a room that keeps changing under a vote, before the voter is told that it came late."""


class Voting:
    """Takes the votes of all rooms."""

    def __init__(self, scribe: Scribe, closing: Closing, voters: Voters) -> None:
        self._scribe = scribe
        self._store = scribe.store
        self._booths = scribe.booths
        self._closing = closing
        self._voters = voters
        self._casting: set[tuple[int, str]] = set()
        """(session, voter) of the votes in branches that are on their way into the store."""
        self._turns: WeakValueDictionary[tuple[int, str], asyncio.Lock] = WeakValueDictionary()
        """(session, voter) of those who rank, while a press of theirs is in hand."""

    async def vote(
        self, key: EventKey, session: int, revision: int, choice: str, voter: Voter, at: int, expected: int | None
    ) -> Reply:
        """Take a vote. Where a press adds to the voter's wish, it waits for the one before, to which it is added."""
        booth = await self._booths.of(session)
        if booth is None or not _ranks(booth):
            return await self._taken(key, session, revision, choice, voter, at, expected)
        voters = session, await self._voters.one(voter.id, at)
        async with self._turns.setdefault(voters, asyncio.Lock()):
            return await self._taken(key, session, revision, choice, voter, at, expected)

    async def _taken(
        self, key: EventKey, session: int, revision: int, choice: str, voter: Voter, at: int, expected: int | None
    ) -> Reply:
        """Take it; the room may change under it meanwhile."""
        for _ in range(TRIES):
            booth = await self._booths.of(session)
            if booth is not None and self._needs_all(booth, expected):
                booth = await self._booths.afresh(session)
            if booth is None or booth.ended:
                reply = await self._refused(key, booth, Reply.OVER)
            elif not booth.open or booth.row.revision != revision:
                reply = await self._refused(key, booth, Reply.LATE)
            else:
                known = await self._voters.of(voter, booth.room, at, booth.votes)
                where = self._vote if booth.room.branch is None else self._on_one_side
                reply = await where(key, booth, choice, known, at, expected)
            if reply is not None:
                return reply
            self._booths.forget(session)
        return Reply.LATE

    async def _refused(self, key: EventKey, booth: Booth | None, reply: Reply) -> Reply | None:
        """A vote that was counted before was counted, however late its answer is asked for again. None: another process
        has changed the room since it was read here.
        """
        if await self._store.seen(key):
            return Reply.COUNTED
        if booth is None:
            return reply
        row = await self._store.room(booth.row.session)
        return reply if row is None or row.version == booth.row.version else None

    async def _on_one_side(
        self, key: EventKey, booth: Booth, choice: str, voter: Voter, at: int, expected: int | None
    ) -> Reply | None:
        """In a branch: who chose the other side, or votes there now, does not vote here."""
        branch = booth.room.branch
        twin = None if branch is None else await self._twin(branch)
        ids = await self._voters.ids(voter.id, at)
        mark = (booth.row.session, voter.id)
        if not booth.opposed.isdisjoint(ids):
            return Reply.OTHER_SIDE
        # From here to the mark nothing waits, so of two votes at once one finds the other.
        if twin is not None and not twin.ended and any(self._votes_in(twin, id) for id in ids):
            return Reply.OTHER_SIDE
        self._casting.add(mark)
        try:
            return await self._vote(key, booth, choice, voter, at, expected)
        finally:
            self._casting.discard(mark)

    async def _twin(self, branch: Branch) -> Booth | None:
        """The other branch; None also where it cannot be read."""
        several = self._scribe.app.crew.several
        try:
            return await (self._booths.afresh(branch.twin) if several else self._booths.of(branch.twin))
        except UNREADABLE:
            return None

    def _votes_in(self, booth: Booth, voter: str) -> bool:
        return voter in booth.votes or (booth.row.session, voter) in self._casting

    async def _vote(
        self, key: EventKey, booth: Booth, choice: str, voter: Voter, at: int, expected: int | None
    ) -> Reply | None:
        """None: the room has changed meanwhile."""
        session, revision = booth.row.session, booth.row.revision
        if expected is None and booth.room.rules.who is Who.JOINED:
            expected = _expected(booth, voter, at)
        event = Cast(voter, revision, _ranking(booth, voter, choice), expected)
        try:
            move = act(booth.room, event, at, ballot_dice(booth.seed, revision), booth.votes)
        except Refused as refused:
            return await self._refused(key, booth, REFUSALS[refused.reason])
        if move.vote is None:
            return Reply.SAME if await self._stands(booth, voter) else None
        if await self._roused(booth, move, at):
            return None
        outcome = await self._store.cast(key, vote_row(session, revision, move.vote))
        self._store.figures.votes[key.platform, outcome.value] += 1
        if outcome is Outcome.CONFLICT:
            return None
        if outcome is Outcome.COMMITTED:
            await self._booths.count(session, revision, move.vote)
        self._scribe.tell(session)
        if move.verdict is not None or await self._was_last(booth, move.vote, expected):
            await self._enough(session, revision, at)
        return Reply.COUNTED if Note.ACCEPTED in move.notes else Reply.CHANGED

    # -- votes that other workers take

    def _needs_all(self, booth: Booth, expected: int | None) -> bool:
        """Whether what a vote does there hangs on other votes, of which this worker may not know all."""
        rules = booth.room.rules
        alone = not self._scribe.app.crew.several
        return not alone and (
            expected is not None or rules.who is Who.JOINED or rules.mode in (Mode.RANKED, Mode.UNANIMOUS)
        )

    async def _stands(self, booth: Booth, voter: Voter) -> bool:
        """Whether the vote that is known here is the one that is stored: the voter may have changed it elsewhere."""
        if not self._scribe.app.crew.several:
            return True
        stored = await self._store.vote_of(booth.row.session, booth.row.revision, voter.id)
        known = booth.votes.get(voter.id)
        return stored is not None and known is not None and votes_of([stored])[voter.id].ranking == known.ranking

    async def _was_last(self, booth: Booth, vote: Vote, expected: int | None) -> bool:
        """Whether with a vote that another worker took at the same time nobody is waited for any more."""
        if not self._needs_all(booth, expected):
            return False
        now = await self._booths.afresh(booth.row.session)
        if now is None or now.row.revision != booth.row.revision or now.room.ballot is None:
            return False
        return now.open and all_said(now.room.ballot, now.votes, vote, expected)

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
        await self._scribe.keep(None, booth.kept.with_room(room), dues(booth.row.session, room))
        return True

    async def _enough(self, session: int, revision: int, at: int) -> None:
        """Nobody is waited for any more."""
        row = await self._store.room(session)
        if row is None or row.ended or not row.open or row.revision != revision:
            return
        if await self._closing.shut(None, read(row), Shut.NOW, at) is Outcome.COMMITTED:
            await self._closing.close(session, revision, at)


def _expected(booth: Booth, voter: Voter, at: int) -> int | None:
    """How many are there where only those vote who have joined; the host, who may without, once they do. None while
    that is one alone, and before the clip is over: who comes first does not decide for all.
    """
    room, ballot = booth.room, booth.room.ballot
    if ballot is None or (ballot.closes or 0) - ballot.rules.seconds * 1000 > at:
        return None
    votes = room.host == voter.id or room.host in booth.votes
    # Who lives the other branch is not waited for.
    there = len(room.joined - booth.opposed) + (votes and room.host not in room.joined)
    return there if there >= ENOUGH else None


def _ranks(booth: Booth) -> bool:
    """Whether voters order the choices there."""
    ballot = booth.room.ballot
    return ballot is not None and ballot.rules.mode is Mode.RANKED


def _ranking(booth: Booth, voter: Voter, choice: str) -> tuple[str, ...]:
    """What a press on a choice's button makes of the voter's wish."""
    before = booth.votes.get(voter.id)
    if before is None or not _ranks(booth):
        return (choice,)
    return pressed(before.ranking, choice)
