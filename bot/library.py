"""The library: every story that can be played: of this server's folder, and those that creators have published."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import structlog

from bot.clips.deposit import read_deposits, with_deposits
from bot.store.drafts import PublicationRow
from bot.store.errors import StoreError
from bot.store.port import Store
from bot.story.problem import Problem, StoryError
from bot.story.reader import MAIN, read_folder, read_story
from bot.story.story import Story

log = structlog.get_logger()

Lengths = Callable[[Path, Story], Mapping[str, float]]
"""(the story's folder, the story) -> seconds of each scene's clip."""

LOOKING = 30.0
"""Seconds between looks whether another worker has published something, of which nobody was told."""


class UnknownStory(LookupError):
    """There is no story of that id (or it is broken: then `problems` says why)."""

    def __init__(self, story_id: str, problems: tuple[Problem, ...] = ()) -> None:
        self.story_id, self.problems = story_id, problems
        super().__init__(f'there is no story "{story_id}" here' if not problems else f'story "{story_id}" is broken')


class Library:
    """Stories by id, the newest version of each; older ones come from the store. A broken one is set apart with its
    problems, and the others play. What creators publish never takes the place of a story in the folder.
    """

    def __init__(self, folder: Path, store: Store, lengths: Lengths) -> None:
        self.folder = folder
        self.stories: dict[str, Story] = {}
        self.broken: dict[str, tuple[Problem, ...]] = {}
        self.shipped: frozenset[str] = frozenset()
        """Ids of the stories in the folder, broken ones too."""
        self.published: dict[str, PublicationRow] = {}
        """What was published last of every other story, as far as this worker knows."""
        self._store = store
        self._lengths = lengths
        self._versions: dict[tuple[str, str], Story] = {}
        self._news = asyncio.Event()
        self._looking = asyncio.Lock()

    async def load(self, now: int) -> None:
        """Read every story of the folder, keep each version's source, and look what was published."""
        folders = await asyncio.to_thread(self._folders)
        self.shipped = frozenset(folder.name for folder in folders)
        self.published = {id: row for id, row in self.published.items() if id not in self.shipped}
        for folder in folders:
            try:
                story = await asyncio.to_thread(self._read, folder)
            except StoryError as error:
                self.broken[folder.name] = error.problems
                log.error("story_broken", story=folder.name, problems=[str(problem) for problem in error.problems])
                continue
            self.broken.pop(folder.name, None)
            self.stories[story.id] = story
            self._versions[story.id, story.version] = story
            sources = json.dumps(story.sources, ensure_ascii=False)
            await self._store.keep_version(story.id, story.version, sources, now)
        await self.refresh()

    def _folders(self) -> list[Path]:
        if not self.folder.is_dir():
            return []
        return sorted(path for path in self.folder.iterdir() if (path / MAIN).is_file())

    def _read(self, folder: Path) -> Story:
        story = read_folder(folder)
        return replace(story, seconds=self._lengths(folder, story))

    def story(self, story_id: str) -> Story:
        """The newest version, for whoever begins. Raises `UnknownStory`."""
        try:
            return self.stories[story_id]
        except KeyError:
            raise UnknownStory(story_id, self.broken.get(story_id, ())) from None

    async def version(self, story_id: str, version: str) -> Story:
        """A version that a session is pinned to. Raises `UnknownStory`, also where the story was stopped."""
        row = self.published.get(story_id)
        if row is not None and row.state == "stopped":
            raise UnknownStory(story_id)
        return await self.kept(story_id, version)

    async def kept(self, story_id: str, version: str) -> Story:
        """A version whether it is played or not, for whoever makes another one live. Raises `UnknownStory`."""
        known = self._versions.get((story_id, version))
        return known or await self._stored(story_id, version)

    def holds(self, story: Story) -> bool:
        """Whether that version is played as it is here: it was not stopped since, and its clips are the same."""
        return self._versions.get((story.id, story.version)) is story

    async def _stored(self, story_id: str, version: str) -> Story:
        source = await self._store.version(story_id, version)
        if source is None:
            raise UnknownStory(story_id, self.broken.get(story_id, ()))
        files = {name: text.encode() for name, text in json.loads(source).items()}
        try:
            story = await asyncio.to_thread(read_story, story_id, files, f"{story_id}@{version}")
        except StoryError as error:
            raise UnknownStory(story_id, error.problems) from error
        story = self._with_clips(story)
        self._versions[story_id, version] = story
        return story

    def _with_clips(self, story: Story) -> Story:
        """With the clips of what was published last: an older version has what is left of its own among them."""
        row = self.published.get(story.id)
        if row is not None:
            return with_deposits(story, read_deposits(row.clips))
        newest = self.stories.get(story.id)
        return replace(story, seconds=newest.seconds if newest else {})

    # -- what creators publish

    async def refresh(self) -> None:
        """Look what was published last. Raises `StoreError`."""
        # One after the other: whoever looked earlier must not put back what was live then.
        async with self._looking:
            for row in await self._store.published():
                if row.story not in self.shipped and row != self.published.get(row.story):
                    await self._put(row)

    async def _put(self, row: PublicationRow) -> None:
        self.published[row.story] = row
        for key in [key for key in self._versions if key[0] == row.story]:
            del self._versions[key]  # their clips may be others now
        if row.state != "live":
            self.stories.pop(row.story, None)
            return
        try:
            self.stories[row.story] = await self._stored(row.story, row.version)
        except UnknownStory as error:
            self.stories.pop(row.story, None)
            self.broken[row.story] = error.problems
            log.error("story_broken", story=row.story, problems=[str(problem) for problem in error.problems])
        else:
            self.broken.pop(row.story, None)

    async def successor(self, story: Story) -> Story | None:
        """The version in which a session of this one is to go on; None where that is its own. Raises `StoreError`."""
        if not self.is_behind(story):
            return None
        # Whoever has not heard of the last publication must not take anybody back to the one before.
        await self.refresh()
        return self.stories[story.id] if self.is_behind(story) else None

    def is_behind(self, story: Story) -> bool:
        """Whether another version than this one was published last, as far as this worker knows."""
        newest = self.stories.get(story.id) if story.id in self.published else None
        return newest is not None and newest.version != story.version

    def look(self) -> None:
        """Somebody has published something."""
        self._news.set()

    async def watch(self) -> None:
        """Look now and then what other workers have published, and at once when it is said, until cancelled."""
        while True:
            try:
                async with asyncio.timeout(LOOKING):
                    await self._news.wait()
            except TimeoutError:
                pass
            self._news.clear()
            try:
                await self.refresh()
            except StoreError as error:
                log.warning("publications_unread", error=str(error))
