"""Test plays that outlast a message: each creator's one rehearsal, kept in the store, which follows its story."""

from __future__ import annotations

import json
from base64 import b85decode, b85encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from bot.play.carry import carried_values
from bot.play.state import BadState, pack, unpack
from bot.store.drafts import DraftRow, RehearsalRow
from bot.store.port import Outcome, Store
from bot.story.expression import Value
from bot.story.story import Story
from bot.studio.creator import Creator, Denied, Why
from bot.studio.landed import Landed
from bot.studio.portfolio import Portfolio
from bot.studio.rehearsal import Rehearsal

Deed = Callable[[Rehearsal], None]
"""What is done in a rehearsal. Raises what its methods raise, and has then changed nothing."""


@dataclass(frozen=True, slots=True)
class Play:
    """A rehearsal as it stands; `landed` is set right after its story was exchanged, `anew` where that was too long ago
    to know the way."""

    rehearsal: Rehearsal
    row: RehearsalRow
    landed: Landed | None = None
    anew: bool = False


class Playing:
    """Raises `Denied` and `StoreError`. Times are Unix ms."""

    def __init__(self, store: Store, portfolio: Portfolio) -> None:
        self._store = store
        self._portfolio = portfolio

    async def begin(self, creator: Creator, story: str, at: int, language: str = "", link: str = "") -> Play:
        """A new rehearsal of the last upload, from a link's place where there is one. Raises `BadBookmark` too."""
        mine = await self._portfolio.one(creator, story)
        rehearsal = Rehearsal.at(mine.story, link, language) if link else Rehearsal(mine.story, language)
        row = _row(creator, mine.draft, rehearsal, 0, at)
        last = await self._store.rehearsal(creator.viewer)
        # A revision of its own: the buttons of the play before are not this one's.
        row = replace(row, revision=0 if last is None else last.revision + 1)
        await self._store.keep_rehearsal(row, None)
        return Play(rehearsal, row)

    async def now(self, creator: Creator, at: int) -> Play:
        """The rehearsal, in the last upload of its story."""
        while True:
            row = await self._store.rehearsal(creator.viewer)
            if row is None:
                raise Denied(Why.NOT_PLAYING)
            mine = await self._portfolio.one(creator, row.story)
            play = await self._resumed(row, mine.draft, mine.story)
            if play.row == row:
                return play
            play = replace(play, row=replace(play.row, at=at))
            if await self._store.keep_rehearsal(play.row, row.revision) is Outcome.COMMITTED:
                return play

    async def act(self, creator: Creator, revision: int | None, at: int, deed: Deed) -> Play | None:
        """Do something in it; None where it has moved on since that revision (None: wherever it stands)."""
        play = await self.now(creator, at)
        if play.landed is not None or play.anew:
            return play  # the story was exchanged under it: what was pressed meant something else
        if revision not in (None, play.row.revision):
            return None
        deed(play.rehearsal)
        draft = DraftRow(play.row.story, play.row.upload, 0, 0, "", "")
        row = _row(creator, draft, play.rehearsal, play.row.revision + 1, at)
        kept = await self._store.keep_rehearsal(row, play.row.revision)
        return Play(play.rehearsal, row) if kept is Outcome.COMMITTED else None

    async def _resumed(self, row: RehearsalRow, draft: DraftRow, newest: Story) -> Play:
        played = draft if draft.upload == row.upload else await self._store.draft(row.story, row.upload)
        try:
            if played is None:
                raise BadState("the upload that was played is gone")
            story = newest if played is draft else await self._portfolio.story(played)
            rehearsal = _read(story, row.body)
        except (BadState, ValueError, KeyError):
            anew = Rehearsal(newest)
            return Play(anew, _next(row, draft, anew), anew=True)
        if played is draft:
            return Play(rehearsal, row)
        landed = rehearsal.reload(newest)
        return Play(rehearsal, _next(row, draft, rehearsal), landed)


def _next(row: RehearsalRow, draft: DraftRow, rehearsal: Rehearsal) -> RehearsalRow:
    return replace(row, upload=draft.upload, revision=row.revision + 1, body=_written(rehearsal))


def _row(creator: Creator, draft: DraftRow, rehearsal: Rehearsal, revision: int, at: int) -> RehearsalRow:
    return RehearsalRow(creator.viewer, draft.story, draft.upload, revision, _written(rehearsal), at)


def _written(rehearsal: Rehearsal) -> str:
    """The rehearsal as JSON. Its state may be deflated, and stands there as base85."""
    return json.dumps(
        {
            "state": b85encode(pack(rehearsal.story, rehearsal.state)).decode(),
            "before": _named(rehearsal.story, rehearsal.before),
            "seed": rehearsal.seed,
            "faces": rehearsal.faces,
        },
        ensure_ascii=False,
    )


def _named(story: Story, values: tuple[Value, ...]) -> dict[str, Value]:
    return {one.name: value for one, value in zip(story.variables, values, strict=True)}


def _read(story: Story, body: str) -> Rehearsal:
    """Raises `BadState`, `ValueError` or `KeyError` when it is damaged."""
    record: dict[str, Any] = json.loads(body)
    state = unpack(story, b85decode(record["state"]))
    before = tuple(record["before"].get(one.name, one.start) for one in story.variables)
    faces = tuple(record["faces"])
    return Rehearsal.resumed(story, state, carried_values(story, before, story), record["seed"], faces)
