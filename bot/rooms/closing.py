"""Closing a ballot: shut durably, counted from the store, and the session stepped, however often it is interrupted.

Shut comes first and by itself: from then on no vote is taken, so whoever counts, counts the same. The agenda row stays
until the step is written; a crash in between only means that it comes again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import structlog

from bot.app import ATTEMPTS, App, SetAside
from bot.delivery.reason import reason_of
from bot.library import UnknownStory
from bot.play.dice import seeded
from bot.play.event import Choose
from bot.play.state import unpack
from bot.play.step import step
from bot.rooms.booth import Booth, Booths
from bot.rooms.kept import CLOSE, Kept, Shut, dues, read, votes_of
from bot.rooms.turn import turn
from bot.store.errors import StoreError
from bot.store.port import Commit, Due, EventKey, Outcome, Session, Trouble
from bot.watch.event import Close, CloseNow, Skip
from bot.watch.lots import ballot_dice
from bot.watch.move import Move
from bot.watch.room import BadRoom
from bot.watch.step import act
from bot.watch.verdict import Verdict
from bot.watch.vote import Voter

log = structlog.get_logger()

AGENDA = "agenda"
"""The platform of the keys of closes, as the agenda has it: a ballot closes once, whoever closes it."""


class Closing:
    """Closes the ballots of all rooms. `tell` is called with the session of each room that changed."""

    def __init__(self, app: App, booths: Booths, tell: Callable[[int], None]) -> None:
        self._app = app
        self._store = app.store
        self._booths = booths
        self._tell = tell

    async def close(self, session: int, revision: int, at: int, done: Due | None = None) -> None:
        """Bring that ballot to its end, if its time is over or somebody shut it; `done` is the agenda row.

        Raises `StoreError`: to be tried again. Raises `UnknownStory` and `SetAside` when it can never be: then the
        room has ended.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await self._close(session, revision, at, done)
            except StoreError:
                raise
            except UnknownStory:
                await self._give_up(session)
                raise
            except Exception as error:
                log.exception("close_failed", session=session, revision=revision, attempt=attempt)
                failure = error
        reason = reason_of(failure)
        await self._store.set_aside(Trouble(_key(session, revision), reason, at))
        await self._give_up(session)
        raise SetAside(reason) from failure

    async def shut(self, key: EventKey | None, kept: Kept, shut: Shut, at: int) -> Outcome:
        """Take no more votes on the open ballot. The agenda is to see to it that it is counted."""
        row = kept.row
        rows = None if shut is Shut.CLOCK else (Due(at, CLOSE, row.session, row.revision),)
        outcome = await self._store.keep_room(key, kept.with_room(kept.room, shut).row, row.version, dues=rows)
        self._booths.forget(row.session)
        return outcome

    def announce(self, commit: Commit) -> None:
        """Whoever watches or carries need not look for it."""
        session = commit.session
        self._app.moves.tell(session.id, session.revision)
        for platform in {card.platform for card in commit.cards} & self._app.deliveries.keys():
            self._app.deliveries[platform].call()
        self._tell(session.id)

    async def _close(self, session: int, revision: int, at: int, done: Due | None) -> None:
        while True:
            row = await self._store.room(session)
            kept = None if row is None else read(row)
            if kept is None or not _may_close(kept, revision, at):
                if done is not None:
                    await self._store.drop_due(done)
                return
            if kept.shut is None:
                await self.shut(None, kept, Shut.CLOCK, at)
            elif await self._settle(kept, at, done):
                return

    async def _settle(self, kept: Kept, at: int, done: Due | None) -> bool:
        """Count a ballot that is shut, and go on. False: the room was changed meanwhile."""
        row = kept.row
        session = await self._store.session(row.session)
        if session is None:
            raise BadRoom(f"the session {row.session} of a room is gone")
        votes = votes_of(await self._store.votes(row.session, row.revision))
        ballot = kept.room.ballot
        # A clock set back must not make one that ran out before the restart look as if it still ran.
        now = max(at, ballot.closes or at) if kept.shut is Shut.CLOCK and ballot is not None else at
        move = act(kept.room, _wish(kept), now, ballot_dice(session.seed, row.revision), votes)
        if move.verdict is not None and move.verdict.winner is not None:
            return await self._go_on(kept, session, move, move.verdict, now, done)
        # Too few have voted, or a second round begins: the same ballot opens again.
        outcome = await self._store.keep_room(
            None, kept.with_room(move.room).row, row.version, dues=dues(row.session, move.room)
        )
        self._booths.forget(row.session)
        self._tell(row.session)
        return outcome is not Outcome.CONFLICT

    async def _go_on(
        self, kept: Kept, session: Session, move: Move, verdict: Verdict, at: int, done: Due | None
    ) -> bool:
        """Step the session with the winner, the next ballot with it."""
        story = await self._app.library.version(session.story, session.version)
        state = unpack(story, session.state)
        if verdict.winner is None or state.revision != kept.row.revision:
            return False
        dice = seeded(session.seed, state.revision + 1)
        taken = step(story, state, Choose(state.revision, verdict.winner), at, dice)
        row = replace(kept.row, version=kept.row.version + 1)
        key = _key(session.id, state.revision)
        onward = turn(key, story, session, taken, row, move.room, at, session.revision, verdict)
        outcome = await self._store.commit(onward.commit)
        self._booths.forget(session.id)
        if outcome is not Outcome.COMMITTED:
            return outcome is Outcome.DUPLICATE
        if not onward.kept.row.ended:
            self._booths.keep(session.id, Booth(onward.kept, story, onward.card, session.seed, {}))
        self.announce(onward.commit)
        return True

    async def _give_up(self, session: int) -> None:
        """The room cannot go on: it ends, so that another may begin in its place."""
        while (row := await self._store.room(session)) is not None and not row.ended:
            ended = replace(row, open=False, ended=True)
            await self._store.keep_room(None, ended, row.version, dues=())
        self._booths.forget(session)
        self._tell(session)


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
