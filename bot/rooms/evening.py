"""The evening: what was decided in a room, counted again and told again from what is stored."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import groupby

from bot.app import App
from bot.play.path import choice_points
from bot.play.state import unpack
from bot.rooms.kept import Kept, ballot_of, read, votes_of
from bot.store.port import Session
from bot.story.story import Story
from bot.watch.branch import Parted
from bot.watch.count import count
from bot.watch.course import Course
from bot.watch.lots import ballot_dice
from bot.watch.recap import Fork, Recap, recap

ENOUGH = 20
"""Times a story was played to an ending before it is told how many come to which."""


class Evening:
    """Reads what the rooms of a store have decided."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._store = app.store

    async def recount(self, session: int) -> Sequence[tuple[int, str, str]]:
        """(revision, announced, counted again) of every decided ballot."""
        played = await self._store.session(session)
        if played is None:
            return []
        counted = []
        for row in await self._store.ballots(session):
            votes = votes_of(await self._store.votes(session, row.revision))
            verdict = await asyncio.to_thread(count, ballot_of(row), votes, ballot_dice(played.seed, row.revision))
            counted.append((row.revision, row.winner, verdict.winner or ""))
        return counted

    async def recap(self, session: int) -> Recap | None:
        """The recap of the whole evening, also where it is asked for one of its branches."""
        kept = await self._root(session)
        played = None if kept is None else await self._store.session(kept.row.session)
        if kept is None or played is None:
            return None
        story = await self._app.library.version(played.story, played.version)
        forks = [fork for split in kept.room.parted if split.main for fork in await self._fork(split, story)]
        main = await self._course(played, story, 0)
        reached = await self._store.ending_counts(story.id)
        if sum(reached.values()) < ENOUGH:
            reached = {}
        return await asyncio.to_thread(recap, main, forks, reached, story.endings)

    async def _root(self, session: int) -> Kept | None:
        """The room that the evening began with."""
        kept = await self._kept(session)
        while kept is not None and kept.room.parted and not kept.room.parted[0].main:
            kept = await self._kept(kept.room.parted[0].twin)
        return kept

    async def _kept(self, session: int) -> Kept | None:
        row = await self._store.room(session)
        return None if row is None else read(row)

    async def _fork(self, split: Parted, story: Story) -> list[Fork]:
        """A split with what the others did; none where nothing is kept of them any more."""
        kept, played = await self._kept(split.twin), await self._store.session(split.twin)
        if kept is None or played is None or not kept.room.parted:
            return []
        theirs = kept.room.parted[0]
        since = kept.room.branch.since if kept.room.branch is not None else theirs.since
        course = await self._course(played, story, since)
        return [Fork(split.revision, theirs.side, course, split.scene, split.met)]

    async def _course(self, played: Session, story: Story, since: int) -> Course:
        state = unpack(story, played.state)
        rows = await self._store.votes_in(played.id)
        votes = {number: votes_of(cast) for number, cast in groupby(rows, lambda row: row.revision)}
        ballots = [(ballot_of(row), row.winner) for row in await self._store.ballots(played.id)]
        points = [point for point in choice_points(state.path) if point.at >= since]
        ending = state.scene if story.scenes[state.scene].ending is not None else None
        return Course(played.seed, ballots, votes, points, ending)
