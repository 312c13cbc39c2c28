"""Viewers who tap: sessions in a store, and the next tap of each."""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

from benchmarks.engine import FOLDER
from bot.app import App
from bot.crew import Workers
from bot.event import Event, Open, Tell
from bot.library import Library
from bot.play.event import Choose
from bot.store.port import Commit, EventKey, Outcome, Store
from bot.store.sqlite import SQLiteStore

STORY = "keeper"
PLATFORM = "telegram"
NOW = 1_700_000_000_000
CHOICES = ("trim", "call")
"""The choice taken at an even revision, and at an odd one."""

SEED = 5


class RecordingStore(SQLiteStore):
    """The real store, which also remembers what was committed, so that the floor can write the same rows."""

    commits: list[Commit]

    async def commit(self, commit: Commit) -> Outcome:
        """See the port."""
        self.commits.append(commit)
        return await super().commit(commit)


class Players:
    """One app on one store. `sessions` are (user, session id); `revisions` counts the taps of each. `name` tells them
    from those of another worker on the same store.
    """

    def __init__(self, store: Store, stories: Path, name: str = "", crew: Workers | None = None) -> None:
        self.app = App(store, Library(stories, store, lambda folder, story: {}), crew)
        self.sessions: Sequence[tuple[str, int]] = []
        self.revisions: dict[int, int] = {}
        self._name = name
        self._events = count()

    @asynccontextmanager
    async def playing(self) -> AsyncIterator[Players]:
        """The story read, and the store open for as long as the context lasts."""
        await self.app.store.open()
        try:
            await self.app.library.load(NOW)
            yield self
        finally:
            await self.app.store.close()

    async def begin(self, viewers: int) -> None:
        """A session for each of that many viewers."""
        users = [f"{self._name}user-{number}" for number in range(viewers)]
        answers = await asyncio.gather(*(self.app.handle(self._event(user, Open(STORY))) for user in users))
        self.sessions = [(user, answer.session.id) for user, answer in zip(users, answers, strict=True)]

    async def tap(self, user: str, session: int) -> None:
        """The session's next tap, all the way through the door."""
        revision = self.revisions.get(session, 0)
        self.revisions[session] = revision + 1
        answer = await self.app.handle(self._event(user, Tell(session, Choose(revision, CHOICES[revision % 2]))))
        if answer.notice is not None or answer.session.revision != revision + 1:
            raise AssertionError(f"the tap was not taken: {answer.notice}")

    async def tap_all(self, times: int) -> None:
        """Every session tapped that often, all of them at once, each viewer waiting for their own answer."""

        async def one(user: str, session: int) -> None:
            for _ in range(times):
                await self.tap(user, session)

        await asyncio.gather(*(one(user, session) for user, session in self.sessions))

    async def tap_until(self, end: float) -> None:
        """The same until then, by `time.perf_counter`; a tap under way is finished."""

        async def one(user: str, session: int) -> None:
            while time.perf_counter() < end:
                await self.tap(user, session)

        await asyncio.gather(*(one(user, session) for user, session in self.sessions))

    def _event(self, user: str, what: Open | Tell) -> Event:
        key = EventKey(PLATFORM, f"{self._name}{next(self._events)}")
        return Event(key, user, what, NOW, f"{PLATFORM}:{user}")


async def in_turns(taps: int, *crowds: Players) -> list[float]:
    """Median seconds of a single tap in each crowd: one tap at a time, turn about, each in another session."""
    chance = random.Random(SEED)
    drawn = [chance.sample(players.sessions, taps) for players in crowds]
    spent: list[list[float]] = [[] for _ in crowds]
    for turn in zip(*drawn, strict=True):
        for players, times, (user, session) in zip(crowds, spent, turn, strict=True):
            started = time.perf_counter()
            await players.tap(user, session)
            times.append(time.perf_counter() - started)
    return [statistics.median(times) for times in spent]


def put_story(stories: Path) -> None:
    """The story of the engine's benchmark with a clock on every scene, so that every tap has an agenda row too."""
    text = (FOLDER / "story.yaml").read_text("utf-8")
    folder = stories / STORY
    folder.mkdir(parents=True)
    for choice in CHOICES:
        clocked = f"        within: 30s\n        default: {choice}\n        choices:\n          {choice}:"
        text = text.replace(f"        choices:\n          {choice}:", clocked)
    (folder / "story.yaml").write_text(text, "utf-8")
