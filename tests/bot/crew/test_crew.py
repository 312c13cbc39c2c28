"""Crews on one database: what one has no other one has, and what one leaves, the others take."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from time import monotonic

import aiosqlite
import pytest
from structlog.testing import capture_logs

from bot.crew import Clock, Crew, Lanes, Topic
from bot.crew.crew import LEASE, MARGIN
from bot.store.errors import StoreAway
from bot.store.lane import LANES
from bot.store.port import Leases, OutboxCard
from bot.store.sqlite import SQLiteStore

ALL = frozenset(range(LANES))
ENOUGH = 4
"""Rounds of beats after which everything is where it is to be."""


class Base(SQLiteStore):
    """A real store whose workers can hear one another; cut off, it answers no beat."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.path = path
        self.away = False
        self.told: list[str] = []
        self.slow: Callable[[], None] | None = None

    async def hold(self, worker: int, wanted: Sequence[str], milliseconds: int, given_up: Sequence[str] = ()) -> Leases:
        if self.away:
            raise StoreAway("nobody answers")
        leases = await super().hold(worker, wanted, milliseconds, given_up)
        if self.slow is not None:
            self.slow()
        return leases

    async def tell(self, news: str) -> None:
        self.told.append(news)

    async def pass_time(self, seconds: float) -> None:
        """So much later by the database's clock: leases are that much nearer to their end."""
        async with aiosqlite.connect(self.path) as connection:
            await connection.execute("UPDATE lease SET until = until - ?", (round(seconds * 1000),))
            await connection.commit()


class Time:
    """The clock, the loop's too, which the test may put forward."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._ahead = 0.0
        monkeypatch.setattr("time.monotonic", lambda: monotonic() + self._ahead)

    async def advance(self, seconds: float) -> None:
        self.skip(seconds)
        for _ in range(3):
            await asyncio.sleep(0)

    def skip(self, seconds: float) -> None:
        self._ahead += seconds


@pytest.fixture
async def base(tmp_path: Path) -> AsyncIterator[Base]:
    store = Base(tmp_path / "bot.db")
    await store.open()
    yield store
    await store.close()


@pytest.fixture
async def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time(monkeypatch)


class Hand:
    """A worker with its lanes, that beats when the test says so."""

    def __init__(self, base: Base, worker: int) -> None:
        self.crew = Crew(base, Clock(), worker)
        self.lanes = Lanes("telegram", frozenset())
        self._open = AsyncExitStack()

    async def join(self) -> Hand:
        self.lanes = await self._open.enter_async_context(self.crew.sharing("telegram"))
        return self

    async def leave(self) -> None:
        """In good order."""
        await self._open.aclose()
        await self.crew.beat()

    @property
    def mine(self) -> frozenset[int]:
        assert self.lanes.mine is not None
        return self.lanes.mine


async def hands(base: Base, *workers: int) -> list[Hand]:
    return [await Hand(base, worker).join() for worker in workers]


async def rounds(*hands: Hand, times: int = ENOUGH) -> None:
    """Beats, each followed by a look that no lane is delivered by two."""
    for _ in range(times):
        for hand in hands:
            await hand.crew.beat()
            await asyncio.sleep(0)
            assert_nobody_has_anothers(hands)


def assert_nobody_has_anothers(hands: tuple[Hand, ...]) -> None:
    had = Counter(lane for hand in hands for lane in hand.mine)
    assert [lane for lane, times in had.items() if times > 1] == []


def shared(*hands: Hand) -> bool:
    """Whether they have everything, and about the same each."""
    sizes = [len(hand.mine) for hand in hands]
    return frozenset[int]().union(*(hand.mine for hand in hands)) == ALL and max(sizes) <= -(-LANES // len(hands))


async def test_one_alone_has_everything_with_its_second_beat(base: Base) -> None:
    [ann] = await hands(base, 1)
    await rounds(ann, times=2)
    assert ann.mine == ALL


async def test_nothing_is_done_before_it_is_held(base: Base) -> None:
    [ann, ben] = await hands(base, 1, 2)
    await rounds(ann)
    assert ann.mine == ALL
    await ben.crew.beat()
    assert ben.mine == frozenset()


async def test_lanes_are_shared_by_all_and_dealt_anew_for_each_that_comes(base: Base) -> None:
    there = await hands(base, 1, 2)
    await rounds(*there)
    assert shared(*there)
    there += await hands(base, 3)
    await rounds(*there)
    assert shared(*there)


async def test_what_was_taken_while_others_came_does_not_lie_idle(base: Base) -> None:
    [ann, *others] = await hands(base, 1, 2, 3, 4)
    await ann.crew.beat()  # all is to be its own, and with the next beat it takes it
    for other in others:
        await other.crew.beat()
    await rounds(ann, *others)
    assert shared(ann, *others)


async def test_who_leaves_in_good_order_leaves_all_at_once(base: Base) -> None:
    [ann, ben] = await hands(base, 1, 2)
    await rounds(ann, ben)
    await ben.leave()
    assert ben.mine == frozenset()
    await rounds(ann, times=2)
    assert ann.mine == ALL


async def test_who_falls_silent_keeps_all_until_its_leases_end(base: Base) -> None:
    [ann, ben] = await hands(base, 1, 2)
    await rounds(ann, ben)
    had = ann.mine
    await rounds(ann)
    assert ann.mine == had
    await base.pass_time(LEASE)
    await rounds(ann)
    assert ann.mine == ALL


async def test_who_takes_the_seat_of_a_dead_one_goes_on_at_once(base: Base) -> None:
    [ann, ben] = await hands(base, 1, 2)
    await rounds(ann, ben)
    [again] = await hands(base, 2)
    await rounds(ann, again, times=2)  # the second beat comes at once: it renews what is held from before
    assert again.mine == ALL - ann.mine


async def test_who_cannot_renew_stops_before_anybody_else_can_begin(base: Base, time: Time) -> None:
    [ann, ben] = await hands(base, 1, 2)
    await rounds(ann, ben)
    cut: list[bool] = []
    ann.lanes.cut = lambda: cut.append(ann.mine == frozenset())
    base.away = True
    with pytest.raises(StoreAway):
        await ann.crew.beat()
    assert ann.mine
    await time.advance(LEASE - MARGIN)
    assert ann.mine == frozenset()
    assert cut == [True]
    base.away = False
    await rounds(ann, ben)
    assert shared(ann, ben)


async def test_who_stood_still_has_nothing_though_nobody_told_it_yet(base: Base, time: Time) -> None:
    [ann] = await hands(base, 1)
    await rounds(ann)
    assert ann.lanes.has("7")
    time.skip(LEASE - MARGIN)
    assert not ann.lanes.has("7")
    assert ann.mine == ALL
    await rounds(ann, times=1)
    assert ann.lanes.has("7")


async def test_leases_that_came_too_late_are_not_gone_by(base: Base, time: Time) -> None:
    [ann] = await hands(base, 1)
    await rounds(ann)
    base.slow = lambda: time.skip(LEASE - MARGIN)
    await ann.crew.beat()
    assert ann.mine == frozenset()
    base.slow = None
    await ann.crew.beat()
    assert ann.mine == frozenset()  # it is held from before, and was not asked for: it may end any moment
    await ann.crew.beat()
    assert ann.mine == ALL


async def test_what_is_held_from_before_and_was_not_renewed_is_not_gone_by(base: Base, time: Time) -> None:
    [ann] = await hands(base, 1)
    await rounds(ann)
    await time.advance(LEASE - MARGIN)
    assert ann.mine == frozenset()
    await ann.crew.beat()
    base.away = True
    with pytest.raises(StoreAway):
        await ann.crew.beat()
    assert ann.mine == frozenset()
    base.away = False
    await ann.crew.beat()
    assert ann.mine == ALL


async def test_a_lane_stays_leased_until_nothing_is_under_way_there(base: Base) -> None:
    [ann] = await hands(base, 1)
    await rounds(ann)
    arrived = asyncio.Event()
    settled: list[frozenset[int]] = []

    async def settle(lanes: frozenset[int]) -> None:
        await arrived.wait()
        settled.append(lanes)

    ann.lanes.settle = settle
    [ben] = await hands(base, 2)
    await rounds(ann, ben)
    assert ann.mine != ALL
    assert ben.mine == frozenset()
    arrived.set()
    await rounds(ann, ben)
    assert shared(ann, ben)
    assert settled == [ben.mine]


async def test_who_leaves_takes_nothing_more_while_the_last_card_is_on_its_way(base: Base) -> None:
    [ann] = await hands(base, 1)
    await rounds(ann)
    had: list[frozenset[int]] = []

    async def settle(lanes: frozenset[int]) -> None:
        had.extend((lanes, ann.mine))

    ann.lanes.settle = settle
    await ann.leave()
    assert had == [ALL, frozenset()]


# -- duties


@asynccontextmanager
async def at_duty(hand: Hand, name: str) -> AsyncIterator[Callable[[], bool]]:
    """Whether the hand works at it just now."""
    working = 0

    async def work() -> None:
        nonlocal working
        working += 1
        try:
            await asyncio.Event().wait()
        finally:
            working -= 1

    doing = asyncio.create_task(hand.crew.alone_at(name, work))
    await asyncio.sleep(0)
    try:
        yield lambda: bool(working)
    finally:
        doing.cancel()
        await asyncio.gather(doing, return_exceptions=True)


async def test_a_duty_is_one_workers_until_it_leaves_or_dies(base: Base, time: Time) -> None:
    [ann, ben] = [Hand(base, 1), Hand(base, 2)]
    async with at_duty(ann, "polling") as ann_works, at_duty(ben, "polling") as ben_works:

        async def beats(*beating: Hand) -> tuple[bool, bool]:
            for hand in beating:
                await hand.crew.beat()
            for _ in range(5):
                await asyncio.sleep(0)
            return ann_works(), ben_works()

        assert await beats(ann, ben) == (True, False)
        assert await beats(ben) == (True, False)
        await time.advance(LEASE - MARGIN)  # Ann hears nothing of the database, Ben does
        assert await beats() == (False, False)
        await base.pass_time(LEASE)
        assert await beats(ben) == (False, True)
        assert await beats(ann) == (False, True)
    await ben.crew.beat()
    async with at_duty(ann, "polling") as ann_works:
        assert await beats(ann) == (True, False)


async def test_errors_of_a_duty_come_through(base: Base) -> None:
    async def refused() -> None:
        raise ValueError("the token was refused")

    ann = Hand(base, 1)
    doing = asyncio.create_task(ann.crew.alone_at("polling", refused))
    await asyncio.sleep(0)
    await ann.crew.beat()
    with pytest.raises(ValueError, match="the token was refused"):
        await doing


# -- as it runs


async def until(look: Callable[[], object]) -> None:
    async with asyncio.timeout(30):
        while not look():
            await asyncio.sleep(0.001)


async def test_running_it_beats_by_itself_and_at_the_end_leaves_nothing_behind(base: Base) -> None:
    ann = Hand(base, 1)
    async with ann.crew.running():
        await ann.join()
        await until(lambda: ann.mine == ALL)
        await ann.leave()
    assert (await base.hold(2, [], 0)).held == {}
    assert any("crew" in told for told in base.told)


async def test_a_beat_that_fails_is_told_and_the_next_one_comes(base: Base) -> None:
    ann = Hand(base, 1)
    base.away = True
    with capture_logs() as logs:
        async with ann.crew.running():
            await ann.join()
            await until(lambda: logs)
            base.away = False
            ann.crew.news.heard("")  # somebody comes or goes: it looks at once
            await until(lambda: ann.mine == ALL)
            await ann.leave()
    assert {said["event"] for said in logs} == {"leases_not_renewed"}


async def test_cards_of_others_are_told_and_our_own_are_not(base: Base) -> None:
    [ann, ben] = await hands(base, 1, 2)
    await rounds(ann, ben)
    cards = [OutboxCard("telegram", str(number), 0, 0, b"") for number in range(200)]
    own = [card for card in cards if ann.lanes.has(card.address)]
    await ann.crew.news.close()
    base.told.clear()
    ann.crew.posted(own)
    await ann.crew.news.close()
    assert base.told == []
    ann.crew.posted(cards)
    ann.crew.posted([OutboxCard("discord", "1", 0, 0, b"")])
    await ann.crew.news.close()
    heard: list[str] = []
    ben.crew.news.listen(Topic.CARDS, heard.append)
    for told in base.told:
        ben.crew.news.heard(told)
    assert heard == ["discord", "telegram"]
