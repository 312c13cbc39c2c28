"""A worker that stood still, or whose clock is wrong, does nothing that is another one's by then."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import uvloop

from bot.crew import Clock, Crew, Lanes
from bot.crew.crew import LEASE
from bot.store.lane import LANES
from bot.store.sqlite import SQLiteStore

HOURS = 7_200_000


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SQLiteStore]:
    store = SQLiteStore(tmp_path / "bot.db")
    await store.open()
    yield store
    await store.close()


def stand_still(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """So much time has passed, and the loop has not turned meanwhile."""
    real = time.monotonic  # which is the loop's as well
    monkeypatch.setattr(time, "monotonic", lambda: real() + seconds)


async def dealt(crew: Crew, lanes: Lanes) -> None:
    while not lanes.mine:
        await crew.beat()


async def test_lanes_are_not_had_after_their_end_though_nothing_has_turned_since(
    store: SQLiteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    crew = Crew(store, Clock(), 1)
    async with crew.running(), crew.sharing("chat") as lanes:
        await dealt(crew, lanes)
        assert lanes.has("ann")
        stand_still(monkeypatch, LEASE)
        assert not lanes.has("ann")


async def test_lanes_that_are_still_free_afterwards_are_looked_through_anew(
    store: SQLiteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    crew, changes = Crew(store, Clock(), 1), []
    async with crew.running(), crew.sharing("chat") as lanes:
        await dealt(crew, lanes)
        lanes.listen(lambda: changes.append(lanes.mine))
        stand_still(monkeypatch, LEASE)
        await crew.beat()
        assert lanes.has("ann")
        assert changes == [frozenset(), lanes.mine]


class Ahead(Clock):
    def own(self) -> int:
        return super().own() + HOURS


async def test_a_clock_is_right_before_anything_is_done_by_it(store: SQLiteStore) -> None:
    clock = Ahead()
    async with Crew(store, clock, 1).running():
        assert abs(clock() - time.time_ns() // 1_000_000) < HOURS / 2


def test_lanes_are_not_had_after_their_end_in_the_middle_of_what_is_being_done() -> None:
    async def held_up() -> bool:
        lanes = Lanes("chat", frozenset(range(LANES)))
        lanes.until = time.monotonic() + 0.02
        assert lanes.has("ann")
        time.sleep(0.03)  # the loop does not turn, and its own clock stands still
        return lanes.has("ann")

    assert not uvloop.run(held_up())
