"""A portfolio: the drafts of all stories, with the stories that they make, for those who have a role in them."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.clips.deposit import read_deposits, with_deposits
from bot.library import Library
from bot.store.drafts import DraftRow, PublicationRow, Role, RoleRow
from bot.store.port import Store
from bot.story.reader import read_story
from bot.story.story import Story
from bot.studio.creator import Creator, Denied, Why, must_be

MOST_READ = 64
"""Drafts whose stories are kept in memory."""


@dataclass(frozen=True, slots=True)
class Mine:
    """A story that a creator has a role in: its draft's last upload and what was published of it, if anything was."""

    row: RoleRow
    draft: DraftRow
    story: Story
    publication: PublicationRow | None


class Portfolio:
    """Raises `Denied` and `StoreError`."""

    def __init__(self, store: Store, library: Library) -> None:
        self._store = store
        self._library = library
        self._stories: OrderedDict[tuple[str, int, int], Story] = OrderedDict()

    async def all_of(self, creator: Creator) -> Sequence[Mine]:
        """Every story that the creator has a role in, the latest first."""
        mine = [await self._mine(row) for row in await self._store.roles_of(creator.viewer)]
        return sorted((one for one in mine if one is not None), key=lambda one: -one.draft.at)

    async def one(self, creator: Creator, story: str, least: Role = "tester") -> Mine:
        """That story, for one who is at least this to it."""
        role = must_be(await self._store.role_in(story, creator.viewer), least)
        mine = await self._mine(RoleRow(story, creator.viewer, role, 0))
        if mine is None:
            raise Denied(Why.UNKNOWN)
        return mine

    async def _mine(self, row: RoleRow) -> Mine | None:
        draft = await self._store.draft(row.story)
        if draft is None:
            return None
        story = await self.story(draft)
        publications = await self._store.publications(row.story, 1)
        return Mine(row, draft, story, publications[0] if publications else None)

    async def story(self, draft: DraftRow) -> Story:
        """The story of an upload, which was sound when it was kept."""
        # With its time: a story that was given up is not the next one that has its id.
        key = (draft.story, draft.upload, draft.at)
        known = self._stories.get(key)
        if known is None or known.uploads != _uploads(draft):
            files = {path: text.encode() for path, text in json.loads(draft.sources).items()}
            read = await asyncio.to_thread(read_story, draft.story, files, draft.story)
            known = with_deposits(read, read_deposits(draft.clips))
            self._stories[key] = known
        self._stories.move_to_end(key)
        if len(self._stories) > MOST_READ:
            self._stories.popitem(last=False)
        return known

    async def may_begin(self, creator: Creator, story: str) -> None:
        """Nobody else has a story of that id, here or in the making. Raises `Denied`."""
        if story in self._library.shipped or await self._store.draft(story) is not None:
            raise Denied(Why.TAKEN, story)
        rows = await self._store.publications(story, 1)
        if rows and (rows[0].viewer != creator.viewer or rows[0].state == "stopped"):
            raise Denied(Why.TAKEN, story)


def _uploads(draft: DraftRow) -> dict[str, str]:
    return {path: clip.name for path, clip in read_deposits(draft.clips).items()}
