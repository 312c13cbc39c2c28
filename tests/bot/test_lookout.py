"""The lookout: a tab here hears of what another worker did, and only of that."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from bot import lookout as lookout_module
from bot.app import App
from bot.library import Library
from bot.lookout import Lookout
from tests.fakes.house import House, no_lengths
from tests.fakes.store import FailingStore
from tests.fakes.visitor import Visitor


async def other_worker(house: House, app: App) -> App:
    """Another process on the same store."""
    library = Library(house.stories, app.store, no_lengths)
    await library.load(0)
    return App(app.store, library)


def told(queue: asyncio.Queue[int]) -> list[int]:
    return [queue.get_nowait() for _ in range(queue.qsize())]


async def test_what_moved_elsewhere_is_told_here_once(house: House, app: App) -> None:
    there, looking = await other_worker(house, app), Lookout(app)
    ann = Visitor(there)
    await ann.open()
    async with app.moves.of(ann.session) as queue:
        await looking.look()
        await looking.look()
        assert told(queue) == [0]
        await ann.tap("left")
        await looking.look()
        await looking.look()
        assert told(queue) == [1]


async def test_what_moved_before_the_first_look_at_it_is_told_too(house: House, app: App) -> None:
    there, looking = await other_worker(house, app), Lookout(app)
    ann = Visitor(there)
    await ann.open()
    async with app.moves.of(ann.session) as queue:
        await ann.tap("left")
        await looking.look()
        assert told(queue) == [1]


async def test_a_session_that_is_no_more_is_passed_over(app: App) -> None:
    async with app.moves.of(4711) as queue:
        await Lookout(app).look()
        assert told(queue) == []


async def test_a_store_that_fails_is_looked_at_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookout_module, "PACE", 0.001)
    async with house.running(FailingStore) as app:
        assert isinstance(app.store, FailingStore)
        there, looking = await other_worker(house, app), Lookout(app)
        ann = Visitor(there)
        await ann.open()
        app.store.failures["session"] = 2
        with capture_logs() as logs:
            async with app.moves.of(ann.session) as queue:
                running = asyncio.create_task(looking.run())
                async with asyncio.timeout(30):
                    while ann.session not in looking._known:
                        await asyncio.sleep(0.001)
                    assert await queue.get() == 0
                    await ann.tap("left")
                    assert await queue.get() == 1
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)
    assert [said["event"] for said in logs] == ["lookout_blind"] * 2
