"""Rooms that others vote in: a worker that shows one too sees it soon, and not for each vote anew."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from bot.app import App
from bot.crew import Alone, News
from bot.library import Library
from bot.rooms import Rooms
from bot.rooms.elsewhere import PACE
from tests.fakes.crowd import Crowd
from tests.fakes.house import START, Clock, House, no_lengths


class Worker(Alone):
    """One of several; `hear` is what it does with what the others tell."""

    def __init__(self, worker: int, others: list[Worker]) -> None:
        super().__init__()
        self.others = others
        self.news = News(worker, self._tell)
        others.append(self)

    async def _tell(self, news: str) -> None:
        for one in self.others:
            one.news.heard(news)


@pytest.fixture
async def crowds(house: House, app: App, clock: Clock) -> tuple[Crowd, Crowd]:
    """The same group at two workers."""
    others: list[Worker] = []
    found = []
    for number in (1, 2):
        library = Library(house.stories, app.store, no_lengths)
        await library.load(START)
        found.append(Crowd(App(app.store, library, Worker(number, others)), clock))
    return found[0], found[1]


@pytest.fixture
async def later(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Callable[[float], None]]:
    """Puts the loop's clock, which otherwise stands still, forward."""
    loop = asyncio.get_running_loop()
    now = loop.time()

    def forward(seconds: float) -> None:
        nonlocal now
        now += seconds

    monkeypatch.setattr(loop, "time", lambda: now)
    yield forward
    monkeypatch.undo()


def looks(rooms: Rooms) -> list[int]:
    seen: list[int] = []
    rooms.listen(seen.append)
    return seen


async def told(crowd: Crowd) -> None:
    """What it told has been heard: hints wait for more, by the loop's clock."""
    await crowd.app.crew.news.close()


async def test_a_vote_at_another_worker_is_seen_here(crowds: tuple[Crowd, Crowd]) -> None:
    here, there = crowds
    await there.gather()
    here.session = there.session
    assert (await here.booth()).tally.voters == 0
    seen = looks(here.rooms)
    await there.vote(2, "left")
    await told(there)
    assert seen == [here.session]
    assert (await here.booth()).tally.voters == 1


async def test_many_votes_are_looked_at_together(crowds: tuple[Crowd, Crowd], later: Callable[[float], None]) -> None:
    here, there = crowds
    await there.gather()
    here.session = there.session
    await here.booth()
    await told_all(there, later)
    later(PACE)
    seen = looks(here.rooms)
    for number in range(2, 7):
        await there.vote(number, "left")
        await told_all(there, later)
    assert len(seen) == 1
    later(PACE)
    for _ in range(5):
        await asyncio.sleep(0)
    assert len(seen) == 2
    assert (await here.booth()).tally.voters == 5


async def told_all(crowd: Crowd, later: Callable[[float], None]) -> None:
    await asyncio.sleep(0)
    later(0.02)
    await told(crowd)


async def test_a_room_that_nobody_here_looked_at_is_left_alone(crowds: tuple[Crowd, Crowd]) -> None:
    here, there = crowds
    await there.gather()
    seen = looks(here.rooms)
    await there.vote(2, "left")
    await told(there)
    assert seen == []


async def test_where_hints_were_missed_every_room_at_hand_is_looked_at(
    crowds: tuple[Crowd, Crowd], later: Callable[[float], None]
) -> None:
    here, there = crowds
    sessions = []
    for group in ("-100", "-200"):
        await there.gather(address=group)
        here.session = there.session
        await here.booth()
        sessions.append(there.session)
    await told_all(there, later)
    later(PACE)
    seen = looks(here.rooms)
    here.app.crew.news.heard("")
    assert sorted(seen) == sorted(sessions)
