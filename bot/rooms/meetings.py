"""Meetings: branches wait for each other, meet and become one room again, or go on alone.

Every step of a branch leaves a row on the agenda that says: look for the twin. Whoever looks changes one room at a
time, each under the version it was read at, and looks again; so it ends the same wherever it is interrupted.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import structlog

from bot.app import SetAside
from bot.delivery.parcel import wrap
from bot.delivery.reason import reason_of
from bot.library import UnknownStory
from bot.play.step import Step
from bot.play.toll import standing
from bot.rooms.forking import Counted, Onward, home_of
from bot.rooms.kept import AGENDA, FACELESS, MEET, Kept, dues, read
from bot.rooms.scribe import Scribe, note_card
from bot.rooms.side import UNREADABLE, Side, Sides
from bot.store.errors import StoreError
from bot.store.port import Due, EventKey, OutboxCard, Outcome, Trouble
from bot.story.story import Story
from bot.watch.branch import MEET_MS, Branch
from bot.watch.meeting import (
    alone,
    going_on,
    has_met,
    may_come,
    remembered,
    reunited,
    shifted,
)
from bot.watch.room import BadRoom, Room

log = structlog.get_logger()


class Meetings:
    """Looks for twins."""

    def __init__(self, scribe: Scribe) -> None:
        self._scribe = scribe
        self._store = scribe.store
        self._sides = Sides(scribe.app)

    async def onward(self, counted: Counted, taken: Step, at: int) -> Onward:
        """How a room goes on with a step: a branch waits where its twin can still come."""
        room, row, state = counted.room, counted.kept.row, taken.branch_state
        if room.branch is None:
            return Onward(taken, room, row)
        branch = shifted(room.branch, counted.state.path, state.path)
        waits = await self._waits(branch, counted.story, state.scene)
        return Onward(taken, replace(room, branch=branch), row, at + MEET_MS if waits else None)

    async def _waits(self, branch: Branch, story: Story, scene: str) -> bool:
        try:
            twin = await self._sides.kept(branch.twin)
            if twin is None or twin.row.ended or twin.room.branch is None:
                return False
            side = await self._sides.of(twin)
        except UNREADABLE:
            return False
        # Two that wait in two places would wait for nothing.
        return may_come(story, side.where, scene) and (not side.waits or side.state.scene == scene)

    async def check(self, session: int, at: int, done: Due | None = None) -> None:
        """See whether that branch meets its twin, or one of the two need not wait; `done` is the agenda row.

        Raises `StoreError`: to be tried again. Raises `SetAside` when it can never be: then the branch goes on alone.
        """
        try:
            await self._check(session, at, done)
        except StoreError:
            raise
        except Exception as error:
            log.exception("meeting_failed", session=session)
            reason = reason_of(error)
            await self._store.set_aside(Trouble(EventKey(AGENDA, f"{MEET}:{session}"), reason, at))
            await self._give_up(session, at)
            if not isinstance(error, UnknownStory):
                raise SetAside(reason) from error
            raise

    async def look(self, room: Room, session: int, at: int) -> None:
        """The room has just come somewhere or ended: if it is a branch, check it. What fails there stays there."""
        if room.branch is not None:
            with suppress(SetAside, UnknownStory):
                await self.check(session, at)

    async def _check(self, session: int, at: int, done: Due | None) -> None:
        while True:
            kept = await self._sides.kept(session)
            if kept is None:
                break
            if await self._changed(kept, at):
                continue
            if await self._put_right(kept, done):
                return
        if done is not None:
            await self._store.drop_due(done)

    async def _put_right(self, kept: Kept, done: Due | None) -> bool:
        """Have the agenda say when the room has waited long enough, and no more. False: the room has changed."""
        row, until = kept.row, kept.room.meeting
        if done is not None and done.revision != row.revision:
            await self._store.drop_due(done)
        if until is None or row.ended or kept.shut is not None:
            # A ballot that is shut is about to be a step, which looks again.
            await self._store.drop_due(Due(0, MEET, row.session, row.revision))
        elif done is None or done.at < until:
            return await self._keep(kept)
        return True

    # -- what is to be changed

    async def _changed(self, mine: Kept, at: int) -> bool:
        """Take one step towards what is right for both. True: look again."""
        branch = mine.room.branch
        if branch is None:
            return await self._ended_the_other(mine)
        twin = await self._sides.kept(branch.twin)
        if mine.row.ended:
            return twin is not None and await self._told(twin, mine.row.session, at)
        if mine.shut is not None:
            return False  # Its next step looks again.
        if twin is not None and has_met(twin.room, mine.row.session):
            return await self._met(mine, twin)
        if twin is not None and twin.running and _still_splits(twin, mine.row.session):
            return False  # So does its first step as a branch.
        if twin is None or twin.row.ended or twin.room.branch is None:
            return await self._alone(mine, at)
        return await self._together(await self._sides.of(mine), await self._sides.of(twin), at)

    async def _told(self, twin: Kept, ended: int, at: int) -> bool:
        """A branch has ended: its twin goes on alone, if it has not heard of it. One that is shut will look itself."""
        branch = twin.room.branch
        if twin.row.ended or twin.shut is not None or branch is None or branch.twin != ended:
            return False
        return await self._alone(twin, at)

    async def _together(self, mine: Side, twin: Side, at: int) -> bool:
        """Both live: they meet, or one of them need not wait."""
        if mine.state.scene == twin.state.scene and mine.kept.shut is None and twin.kept.shut is None:
            main, other = (mine, twin) if _is_main(mine) else (twin, mine)
            return await self._reunite(main, other, at)
        for waiting, other in ((mine, twin), (twin, mine)):
            if waiting.kept.shut is None and waiting.waits and _need_not_wait(waiting, other, at):
                kept = waiting.kept
                await self._keep(kept.with_room(going_on(kept.room, at)))
                return True
        return False

    async def _reunite(self, main: Side, other: Side, at: int) -> bool:
        """The main room goes home, as it is; the other ends next."""
        kept, scene = main.kept, main.state.scene
        room = reunited(kept.room, other.kept.room, scene, at)
        row = replace(kept.row, address=home_of(main.session))
        changed = replace(kept, row=row).with_room(room)
        note = note_card(row, row.address, "meanwhile", twin=str(other.id))
        look = Due(at, MEET, row.session, row.revision)
        cards = (*note, *_card(main, changed))
        await self._scribe.keep(None, changed, (*changed.dues(at), look), cards)
        return True

    async def _ended_the_other(self, main: Kept) -> bool:
        """The main room has met: what is left is that the other ends."""
        met = next((split for split in reversed(main.room.parted) if split.main and split.met is not None), None)
        other = None if met is None else await self._sides.kept(met.twin)
        if other is None or other.row.ended or other.shut is not None:
            return False
        return await self._met(other, main)

    async def _met(self, other: Kept, main: Kept) -> bool:
        """The room that has met its main one ends."""
        row = other.row
        split = next(split for split in reversed(main.room.parted) if split.twin == row.session)
        ended = other.with_room(remembered(other.room, split.scene or ""), ended=True)
        note = note_card(row, row.address, "met", twin=str(main.row.session))
        await self._scribe.keep(None, ended, (), note)
        return True

    async def _alone(self, kept: Kept, at: int) -> bool:
        await self._keep(kept.with_room(alone(kept.room, at)))
        return True

    async def _keep(self, kept: Kept) -> bool:
        """Write it. False: it has changed meanwhile."""
        return await self._scribe.keep(None, kept, dues(kept.row.session, kept.room)) is Outcome.COMMITTED

    # -- reading

    async def _give_up(self, session: int, at: int) -> None:
        """Whatever cannot be known of the other: nobody waits for it."""
        while (row := await self._store.room(session)) is not None and not row.ended:
            try:
                kept = read(row)
            except BadRoom:
                return
            if kept.shut is not None or kept.room.branch is None:
                return
            if await self._keep(kept.with_room(alone(kept.room, at))):
                return


def _still_splits(kept: Kept, twin: int) -> bool:
    """Whether the room is about to step on as a branch, beside a twin that has begun before it."""
    return kept.room.parting is not None and kept.room.parting.twin == twin


def _is_main(side: Side) -> bool:
    branch = side.kept.room.branch
    return branch is not None and branch.main


def _need_not_wait(waiting: Side, other: Side, at: int) -> bool:
    until = waiting.kept.room.meeting
    if until is None or at >= until or not may_come(waiting.story, other.where, waiting.state.scene):
        return True
    return other.waits and _is_main(waiting)


def _card(side: Side, kept: Kept) -> tuple[OutboxCard, ...]:
    """The card where the room stands, for the chat it comes back to. None for a room that is in no chat."""
    row, ballot = kept.row, kept.room.ballot
    if row.platform == FACELESS:
        return ()
    card = standing(side.story, side.state, frozenset())[-1]
    closes = None if ballot is None else ballot.closes
    body = wrap(side.session, card, None, closes, room=True)
    return (OutboxCard(row.platform, row.address, side.id, row.revision, body),)
