"""Closing a ballot: shut durably, counted from the store, and the session stepped, however often it is interrupted.

Shut comes first and by itself: from then on no vote is taken, so whoever counts, counts the same. The agenda row stays
until the step is written; a crash in between only means that it comes again.
"""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

import structlog

from bot.app import ATTEMPTS, SetAside
from bot.delivery.reason import reason_of
from bot.library import UnknownStory
from bot.play.state import unpack
from bot.rooms.booth import Booth
from bot.rooms.forking import Counted, Forking, Onward
from bot.rooms.kept import AGENDA, CLOSE, Kept, Shut, ballot_row, read, votes_of
from bot.rooms.meetings import Meetings
from bot.rooms.scribe import Scribe
from bot.rooms.turn import turn
from bot.store.errors import StoreError
from bot.store.port import Due, EventKey, Outcome, Trouble
from bot.watch.event import Close, CloseNow, Skip
from bot.watch.lots import ballot_dice
from bot.watch.move import Move
from bot.watch.room import BadRoom, Room
from bot.watch.step import act
from bot.watch.vote import Voter, Votes

log = structlog.get_logger()


class Closing:
    """Closes the ballots of all rooms."""

    def __init__(self, scribe: Scribe, forking: Forking, meetings: Meetings) -> None:
        self._scribe = scribe
        self._store = scribe.store
        self._booths = scribe.booths
        self._forking = forking
        self._meetings = meetings

    def close(self, session: int, revision: int, at: int, done: Due | None = None) -> Coroutine[Any, Any, None]:
        """Bring that ballot to its end, if its time is over or somebody shut it; `done` is the agenda row.

        Raises `StoreError`: to be tried again. Raises `UnknownStory` and `SetAside` when it can never be: then the
        room has ended.
        """
        trace, closed = self._store.figures.trace, self._to_its_end(session, revision, at, done)
        return closed if trace is None else trace.around(closed, "ballot")

    async def _to_its_end(self, session: int, revision: int, at: int, done: Due | None) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await self._close(session, revision, at, done)
            except StoreError:
                raise
            except UnknownStory:
                await self._give_up(session, at)
                raise
            except Exception as error:
                log.exception("close_failed", session=session, revision=revision, attempt=attempt)
                failure = error
        reason = reason_of(failure)
        await self._store.set_aside(Trouble(_key(session, revision), reason, at))
        await self._give_up(session, at)
        raise SetAside(reason) from failure

    async def shut(self, key: EventKey | None, kept: Kept, shut: Shut, at: int) -> Outcome:
        """Take no more votes on the open ballot. The agenda is to see to it that it is counted."""
        row = kept.row
        rows = None if shut is Shut.CLOCK else (Due(at, CLOSE, row.session, row.revision),)
        outcome = await self._store.keep_room(key, kept.with_room(kept.room, shut).row, row.version, dues=rows)
        self._booths.forget(row.session)
        return outcome

    async def _close(self, session: int, revision: int, at: int, done: Due | None) -> None:
        while True:
            row = await self._store.room(session)
            kept = None if row is None else read(row)
            if kept is None or not _may_close(kept, revision, at):
                if row is not None:
                    self._booths.compare(row)
                if done is not None and (kept is None or kept.void(done)):
                    await self._store.drop_due(done)
                return
            if kept.shut is None:
                await self.shut(None, kept, Shut.CLOCK, at)
            elif kept.asks(at) or await self._settle(kept, at):
                return

    async def _settle(self, kept: Kept, at: int) -> bool:
        """Count a ballot that is shut, and go on. False: the room was changed meanwhile."""
        row = kept.row
        session = await self._store.session(row.session)
        if session is None:
            raise BadRoom(f"the session {row.session} of a room is gone")
        votes = votes_of(await self._store.votes(row.session, row.revision))
        ballot = kept.room.ballot
        # A clock set back must not make one that ran out before the restart look as if it still ran.
        now = max(at, ballot.closes or at) if kept.shut is Shut.CLOCK and ballot is not None else at
        move = self._count(kept, votes, session.seed, now)
        if move.verdict is None or move.verdict.winner is None:
            # Too few have voted, or a second round begins: the same ballot opens again.
            again = kept.with_room(move.room)
            return await self._scribe.keep(None, again, again.dues(now)) is not Outcome.CONFLICT
        story = await self._scribe.app.library.version(session.story, session.version)
        state = unpack(story, session.state)
        if state.revision != row.revision:
            return False
        room = replace(move.room, parting=None)
        return await self._decided(Counted(kept, session, story, state, room, votes, move.verdict), now)

    def _count(self, kept: Kept, votes: Votes, seed: int, now: int) -> Move:
        # What the host was asked since is no part of the count.
        room = replace(kept.room, parting=None)
        return act(room, _wish(kept), now, ballot_dice(seed, kept.row.revision), votes)

    async def _decided(self, counted: Counted, at: int) -> bool:
        """There is a winner: the group splits, the host is asked whether it does, or all go on."""
        kept, winner = counted.kept, counted.verdict.winner or ""
        wanted = self._forking.wanted(counted, at)
        if wanted is not None:
            await self._forking.begin(kept, wanted, at)
            return False  # Look again: it may be decided already.
        split = kept.room.parting
        if split is not None and split.decided:
            onward = await self._forking.split(counted, split, at)
            return onward is not None and await self._go_on(counted, onward, at)
        return await self._go_on(counted, await self._meetings.onward(counted, counted.taken(winner, at), at), at)

    async def _go_on(self, counted: Counted, onward: Onward, at: int) -> bool:
        """Step the session with the winner, the next ballot with it."""
        session, story, ballot = counted.session, counted.story, counted.room.ballot
        row = replace(onward.row, version=counted.kept.row.version + 1)
        key = _key(session.id, session.revision)
        stepped = turn(
            key, story, session, onward.taken, row, onward.room, at, session.revision, counted.verdict, onward.meeting
        )
        kept, commit = stepped.kept, stepped.commit
        if ballot is not None:
            commit = replace(commit, ballot=ballot_row(session.id, ballot, counted.verdict.winner or "", at))
        outcome = await self._store.commit(commit)
        self._booths.forget(session.id)
        if outcome is not Outcome.COMMITTED:
            return outcome is Outcome.DUPLICATE
        if kept.running and kept.room.branch is None:
            self._booths.keep(session.id, Booth(kept, story, stepped.card, session.seed, {}))
        self._scribe.announce(commit)
        if (trace := self._store.figures.trace) is not None:
            trace.note(outcome="decided", platform=row.platform)
        await self._meetings.look(kept.room, session.id, at)
        return True

    async def _give_up(self, session: int, at: int) -> None:
        """The room cannot go on: it ends, so that another may begin in its place."""
        while (row := await self._store.room(session)) is not None and not row.ended:
            ended = Kept(row, Room(None)).with_room(Room(None), ended=True)
            try:
                ended = (kept := read(row)).with_room(kept.room, ended=True)
            except BadRoom:
                log.error("room_unreadable", session=session)
            await self._scribe.keep(None, ended, ended.dues(at))


def _may_close(kept: Kept, revision: int, at: int) -> bool:
    """Whether that ballot is there and its time is over, or it is shut already."""
    ballot = kept.room.ballot
    if kept.row.ended or kept.row.revision != revision or ballot is None or ballot.closed:
        return False
    if kept.shut is not None:
        return True
    return not kept.room.paused and ballot.closes is not None and at >= ballot.closes


def _wish(kept: Kept) -> Close | CloseNow | Skip:
    """What to tell the rules: the one who shut the ballot was asked then whether they may."""
    revision = kept.row.revision
    if kept.shut is Shut.CLOCK:
        return Close(revision)
    host = Voter(kept.room.host or "nobody", steward=True)
    return Skip(host, revision) if kept.shut is Shut.SKIP else CloseNow(host, revision)


def _key(session: int, revision: int) -> EventKey:
    return EventKey(AGENDA, f"{CLOSE}:{session}:{revision}")
