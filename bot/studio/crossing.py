"""A crossing: everybody who plays a story, on the way into another version of it."""

from __future__ import annotations

import time
from asyncio import sleep
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import structlog

from bot.library import Library, UnknownStory
from bot.outgoing import in_no_hurry
from bot.play.landing import Fate, Landing
from bot.play.resettle import resettled
from bot.play.state import BadState, pack, unpack
from bot.play.step import show
from bot.store.drafts import Moved
from bot.store.port import Session, Store
from bot.story.story import Story

log = structlog.get_logger()

PAGE = 500
"""Sessions read at a time."""

SLICE = 0.005
"""Seconds of landing after which everybody else has a turn."""

LATELY = 30 * 86_400_000
"""Milliseconds in which somebody played who is written to because they were moved; others see it when they return."""

JUST_NOW = 3_600_000
"""The same for those who only have other buttons."""


@dataclass(frozen=True, slots=True)
class Landed:
    """A session on its way: the scene where it stood, how it lands, and what is to be stored."""

    scene: str
    landing: Landing
    moved: Moved


class Crossing:
    """Into `story`, at Unix ms `at`. Raises `StoreError`."""

    def __init__(self, store: Store, library: Library, story: Story, at: int) -> None:
        self.story = story
        self._store = store
        self._library = library
        self._at = at
        self._versions: dict[str, Story | None] = {}

    async def all(self) -> AsyncIterator[Landed]:
        """How each session of another version lands; not those of watch-alongs, which end in theirs."""
        after, began = -1, time.monotonic()
        while sessions := await self._store.sessions_in(self.story.id, after, PAGE):
            after = sessions[-1].id
            for session in sessions:
                await self._know(session.version)
                landed = self.land(session)
                if landed is not None:
                    yield landed
                if time.monotonic() - began > SLICE:
                    await sleep(0)
                    began = time.monotonic()

    def land(self, session: Session) -> Landed | None:
        """How it lands; None where it is there already, or cannot be read. For versions that were met before."""
        old = self._versions.get(session.version)
        if old is None or session.version == self.story.version:
            return None
        try:
            state = unpack(old, session.state)
        except BadState as error:
            log.error("session_unreadable", story=session.story, error=str(error))
            return None
        landing, then = resettled(old, state, self.story)
        after = replace(
            session, version=self.story.version, revision=then.revision, state=pack(self.story, then)
        )  # fmt: skip
        told = then.revision != state.revision and self._at - session.updated < _patience(landing)
        cards = in_no_hurry(after, (show(self.story, then),)) if told else ()
        return Landed(state.scene, landing, Moved(session, after, cards))

    async def _know(self, version: str) -> None:
        if version in self._versions:
            return
        try:
            self._versions[version] = await self._library.kept(self.story.id, version)
        except UnknownStory:
            log.error("version_lost", story=self.story.id, version=version)
            self._versions[version] = None


def _patience(landing: Landing) -> int:
    return JUST_NOW if landing.fate is Fate.CONTINUES else LATELY
