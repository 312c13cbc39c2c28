"""The library: every story that can be played, the newest version of each from disk and older ones from the store."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import structlog

from bot.store.port import Store
from bot.story.problem import Problem, StoryError
from bot.story.reader import MAIN, read_folder, read_story
from bot.story.story import Story

log = structlog.get_logger()

Lengths = Callable[[Path, Story], Mapping[str, float]]
"""(the story's folder, the story) -> seconds of each scene's clip."""


class UnknownStory(LookupError):
    """There is no story of that id (or it is broken: then `problems` says why)."""

    def __init__(self, story_id: str, problems: tuple[Problem, ...] = ()) -> None:
        self.story_id, self.problems = story_id, problems
        super().__init__(f'there is no story "{story_id}" here' if not problems else f'story "{story_id}" is broken')


class Library:
    """Stories by id. A broken one is set apart with its problems, and the others play."""

    def __init__(self, folder: Path, store: Store, lengths: Lengths) -> None:
        self.folder = folder
        self.stories: dict[str, Story] = {}
        self.broken: dict[str, tuple[Problem, ...]] = {}
        self._store = store
        self._lengths = lengths
        self._versions: dict[tuple[str, str], Story] = {}

    async def load(self, now: int) -> None:
        """Read every story of the folder and keep each version's source."""
        for folder in await asyncio.to_thread(self._folders):
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

    def _folders(self) -> list[Path]:
        if not self.folder.is_dir():
            return []
        return sorted(path for path in self.folder.iterdir() if (path / MAIN).is_file())

    def _read(self, folder: Path) -> Story:
        story = read_folder(folder)
        return replace(story, seconds=self._lengths(folder, story))

    def story(self, story_id: str) -> Story:
        """The newest version. Raises `UnknownStory`."""
        try:
            return self.stories[story_id]
        except KeyError:
            raise UnknownStory(story_id, self.broken.get(story_id, ())) from None

    async def version(self, story_id: str, version: str) -> Story:
        """A version that a session is pinned to. Raises `UnknownStory`."""
        known = self._versions.get((story_id, version))
        return known or await self._stored(story_id, version)

    async def _stored(self, story_id: str, version: str) -> Story:
        source = await self._store.version(story_id, version)
        if source is None:
            raise UnknownStory(story_id, self.broken.get(story_id, ()))
        files = {name: text.encode() for name, text in json.loads(source).items()}
        try:
            story = await asyncio.to_thread(read_story, story_id, files, f"{story_id}@{version}")
        except StoryError as error:
            raise UnknownStory(story_id, error.problems) from error
        newest = self.stories.get(story_id)
        story = replace(story, seconds=newest.seconds if newest else {})
        self._versions[story_id, version] = story
        return story
