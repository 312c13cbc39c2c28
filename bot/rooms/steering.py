"""Steering: what the host wants, or somebody who may act for them; and who follows when the host leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.play.dice import seeded
from bot.play.event import Rewind
from bot.play.path import choice_points
from bot.play.state import unpack
from bot.play.step import step
from bot.rooms.booth import Booth
from bot.rooms.closing import Closing
from bot.rooms.forking import decided
from bot.rooms.kept import Kept, Shut, read
from bot.rooms.meetings import Meetings
from bot.rooms.reply import REFUSALS, Reply
from bot.rooms.scribe import Scribe
from bot.rooms.turn import turn
from bot.rooms.voters import Voters
from bot.store.port import EventKey, Outcome, VoteRow
from bot.watch.course import GONE
from bot.watch.event import (
    Back,
    Change,
    CloseNow,
    Extend,
    HandOver,
    HostLeft,
    Pause,
    Resume,
    Skip,
    Split,
    Stop,
    Together,
)
from bot.watch.move import Reason, Refused
from bot.watch.room import BadRoom, Room
from bot.watch.step import act

Wish = CloseNow | Skip | Extend | Back | Pause | Resume | Stop | Change | HandOver | Split | Together
"""What a host may want of a room."""


class Steering:
    """Does what hosts want."""

    def __init__(self, scribe: Scribe, closing: Closing, meetings: Meetings, voters: Voters) -> None:
        self._scribe = scribe
        self._store = scribe.store
        self._closing = closing
        self._meetings = meetings
        self._voters = voters

    async def control(self, key: EventKey, session: int, wish: Wish, at: int) -> Reply:
        """Do it, once for that key."""
        while True:
            row = await self._store.room(session)
            if row is None or row.ended:
                return Reply.OVER if row is None or not await self._store.seen(key) else Reply.DONE
            kept = read(row)
            if kept.shut is not None and not kept.asks(at):
                await self._closing.close(session, row.revision, at)
                continue
            try:
                outcome = await self._try(key, kept, await self._known(wish, kept.room, at), at)
            except Refused as refused:
                return Reply.DONE if await self._store.seen(key) else REFUSALS[refused.reason]
            if outcome is not Outcome.CONFLICT:
                return Reply.DONE

    async def _known(self, wish: Wish, room: Room, at: int) -> Wish:
        """The wish, of whoever it is that wishes."""
        wish = replace(wish, by=await self._voters.of(wish.by, room, at))
        return replace(wish, to=await self._voters.one(wish.to, at)) if isinstance(wish, HandOver) else wish

    async def _try(self, key: EventKey, kept: Kept, wish: Wish, at: int) -> Outcome:
        """Raises `Refused`."""
        # Without the votes: a count is only made of those that are final.
        room = act(kept.room, wish, at, seeded(0, 0), {}).room
        if isinstance(wish, CloseNow | Skip):
            return await self._shut(key, kept, Shut.SKIP if isinstance(wish, Skip) else Shut.NOW, at)
        if isinstance(wish, Back):
            return await self._back(key, kept, room, at)
        if isinstance(wish, Split) and room.parting is not None:
            room = replace(room, parting=decided(room.parting, at))
        return await self._write(key, kept.with_room(room, kept.shut, ended=room.stopped), at)

    async def _shut(self, key: EventKey, kept: Kept, shut: Shut, at: int) -> Outcome:
        outcome = await self._closing.shut(key, kept, shut, at)
        if outcome is Outcome.COMMITTED:
            await self._closing.close(kept.row.session, kept.row.revision, at)
        return outcome

    async def _write(self, key: EventKey, changed: Kept, at: int) -> Outcome:
        """Write the room; then what follows at once, which the agenda would bring too."""
        session = changed.row.session
        outcome = await self._scribe.keep(key, changed, changed.dues(at))
        if outcome is Outcome.COMMITTED and changed.running and changed.shut is not None and not changed.asks(at):
            await self._closing.close(session, changed.row.revision, at)
        if outcome is Outcome.COMMITTED and changed.row.ended:
            await self._meetings.look(changed.room, session, at)
        return outcome

    async def _back(self, key: EventKey, kept: Kept, room: Room, at: int) -> Outcome:
        """Rewind the session to its last vote, and hold that again: one commit. A branch goes back no further than to
        where it began. Raises `Refused`.
        """
        session = await self._store.session(kept.row.session)
        if session is None:
            raise BadRoom(f"the session {kept.row.session} of a room is gone")
        story = await self._scribe.app.library.version(session.story, session.version)
        state = unpack(story, session.state)
        if state.revision != kept.row.revision:
            return Outcome.CONFLICT
        points, branch = choice_points(state.path), room.branch
        if not points or (branch is not None and points[-1].at <= branch.since):
            raise Refused(Reason.NOTHING_TO_DO)
        dice = seeded(session.seed, state.revision + 1)
        taken = step(story, state, Rewind(state.revision, len(points) - 1), at, dice)
        row = replace(kept.row, version=kept.row.version + 1)
        again = turn(key, story, session, taken, row, room, at, session.revision)
        outcome = await self._store.commit(again.commit)
        self._scribe.booths.forget(session.id)
        if outcome is Outcome.COMMITTED:
            if branch is None and again.kept.running:
                self._scribe.booths.keep(session.id, Booth(again.kept, story, again.card, session.seed, {}))
            self._scribe.announce(again.commit)
            await self._meetings.look(room, session.id, at)
        return outcome

    # -- the host leaves

    async def host_left(self, key: EventKey, session: int, who: str, at: int) -> str | None:
        """Find who follows; None where nobody does, or nobody need."""
        leaver = await self._voters.one(who, at)
        while True:
            row = await self._store.room(session)
            if row is None or row.ended:
                return None
            kept = read(row)
            if kept.shut is not None and not kept.asks(at):
                await self._closing.close(session, row.revision, at)
                continue
            host = kept.room.host
            if await self._store.seen(key):
                return host
            if host is None or (host != who and await self._voters.one(host, at) != leaver):
                return None
            heir = _heir(await self._votes(kept), row.revision, {host, leaver})
            room = act(kept.room, HostLeft(host, heir), at, seeded(0, 0), {}).room
            if await self._write(key, kept.with_room(room, kept.shut), at) is not Outcome.CONFLICT:
                return heir

    async def _votes(self, kept: Kept) -> Sequence[VoteRow]:
        """All votes cast in the room; in a branch that began as such, also those on which it did."""
        branch = kept.room.branch
        own = await self._store.votes_in(kept.row.session)
        if branch is None or branch.main:
            return own
        return [*await self._store.votes(branch.twin, branch.revision), *own]


def _heir(votes: Sequence[VoteRow], revision: int, without: set[str]) -> str | None:
    """Of those who voted on the last two ballots, the one whose first vote is the earliest, ties by id."""
    first: dict[str, int] = {}
    for vote in votes:
        first[vote.voter] = min(first.get(vote.voter, vote.at), vote.at)
    here = {vote.voter for vote in votes if vote.revision >= revision - 1 and not vote.voter.startswith(GONE)}
    return min(here - without, key=lambda voter: (first[voter], voter), default=None)
