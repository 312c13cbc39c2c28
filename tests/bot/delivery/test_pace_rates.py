"""Pace in a time of its own: no chat and no bot is ever faster than it may be, and nobody waits for another's chat."""

from __future__ import annotations

import asyncio
import itertools
import selectors
from collections import defaultdict
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery import pace as pace_module
from bot.delivery.pace import Meter, Pace, Rate
from tests.fakes.effort import effort

Result = TypeVar("Result")
A_BIT = 1e-6
"""Seconds by which floating point may be off."""

RATES = st.builds(Rate, st.sampled_from([0.1, 20 / 60, 1.0, 7.0, 30.0]), st.integers(1, 30))
ASKS = st.lists(st.tuples(st.floats(0, 30), st.sampled_from(["a", "a/7", "b"])), min_size=1, max_size=60)
GAPS = st.lists(st.floats(0, 5), min_size=1, max_size=60)


class _Selector(selectors.DefaultSelector):
    """Waits by moving its clock."""

    now = 1000.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout:
            self.now += timeout
        return super().select(0)


class _Loop(asyncio.SelectorEventLoop):
    """A loop whose seconds pass at once."""

    def __init__(self) -> None:
        self.selector = _Selector()
        super().__init__(self.selector)

    def time(self) -> float:
        return self.selector.now


def in_no_time(work: Coroutine[Any, Any, Result]) -> Result:
    with asyncio.Runner(loop_factory=_Loop) as runner:
        return runner.run(work)


def now() -> float:
    return asyncio.get_running_loop().time()


async def turns(pace: Pace, asks: Sequence[tuple[float, str]]) -> list[tuple[float, str, int]]:
    """When each of those who ask at those seconds gets a turn, in the order in which they got it."""
    got: list[tuple[float, str, int]] = []
    begun = now()

    async def ask(at: float, address: str, number: int) -> None:
        await asyncio.sleep(begun + at - now())
        await pace.turn(address)
        got.append((now(), address, number))

    await asyncio.gather(*(ask(at, address, number) for number, (at, address) in enumerate(asks)))
    return got


def keeps(times: Sequence[float], rate: Rate) -> bool:
    """Whether in no stretch of time there are more than the burst and what the rate allows."""
    return all(
        last - first + 1 <= rate.burst + rate.per_second * (times[last] - times[first]) + A_BIT
        for first in range(len(times))
        for last in range(first, len(times))
    )


# -- one meter


@given(rate=RATES, gaps=GAPS)
def test_a_meter_keeps_its_rate_over_every_stretch(rate: Rate, gaps: list[float]) -> None:
    meter = Meter(rate)
    asked = list(itertools.accumulate(gaps))
    used = [at + meter.take(at) for at in asked]
    assert used == sorted(used)
    assert keeps(used, rate)


@given(rate=RATES, gaps=GAPS)
def test_a_meter_makes_nobody_wait_longer_than_it_must(rate: Rate, gaps: list[float]) -> None:
    meter = Meter(rate)
    step = 1 / rate.per_second
    full = 0.0
    for at in itertools.accumulate(gaps):
        full = max(full, at)
        assert abs(meter.take(at) - max(0.0, full - (rate.burst - 1) * step - at)) < A_BIT
        full += step


@given(rate=RATES)
def test_after_a_rest_there_is_a_whole_burst_and_half_of_it_is_to_spare(rate: Rate) -> None:
    meter = Meter(rate)
    waits = [meter.take(100.0) for _ in range(rate.burst)]
    assert max(waits) < A_BIT
    assert meter.take(100.0) > 0
    assert not meter.spare(100.0)
    assert meter.spare(100.0 + (rate.burst + 1) / rate.per_second)


# -- chats and the whole


@settings(max_examples=effort(40, 500))
@given(chat=RATES, overall=RATES, asks=ASKS)
def test_each_chat_and_all_together_keep_their_rates(chat: Rate, overall: Rate, asks: list[tuple[float, str]]) -> None:
    async def work() -> list[tuple[float, str, int]]:
        return await turns(Pace(lambda address: chat, overall, now), asks)

    got = in_no_time(work())
    assert len(got) == len(asks)
    assert keeps([at for at, _, _ in got], overall)


@settings(max_examples=effort(40, 500))
@given(rate=RATES, asks=ASKS)
def test_a_chat_with_its_topics_keeps_its_rate(rate: Rate, asks: list[tuple[float, str]]) -> None:
    async def work() -> list[tuple[float, str, int]]:
        return await turns(Pace(lambda address: rate, None, now), asks)

    times: defaultdict[str, list[float]] = defaultdict(list)
    for at, address, _ in in_no_time(work()):
        times[address.partition("/")[0]].append(at)
    assert all(keeps(of_chat, rate) for of_chat in times.values())


def test_turns_come_in_the_order_in_which_they_were_asked_for() -> None:
    async def work() -> list[tuple[float, str, int]]:
        return await turns(Pace(lambda address: Rate(1, 3), Rate(30, 30), now), [(0.0, "a")] * 20)

    got = in_no_time(work())
    assert [number for _, _, number in got] == list(range(20))
    assert got[-1][0] - got[0][0] > 16


def test_a_crowded_chat_takes_nobody_elses_turn() -> None:
    async def work() -> list[tuple[float, str, int]]:
        asks = [(0.0, "crowded")] * 50 + [(0.5, "other"), (0.5, "another")]
        return await turns(Pace(lambda address: Rate(1, 3), Rate(5, 5), now), asks)

    got = in_no_time(work())
    first = got[0][0]
    assert all(at - first <= 0.5 + A_BIT for at, address, _ in got if address != "crowded")


def test_without_rates_nobody_waits() -> None:
    async def work() -> list[tuple[float, str, int]]:
        pace = Pace(lambda address: None, None, now)
        got = await turns(pace, [(0.0, "a")] * 100)
        assert pace.spare("a")
        return got

    got = in_no_time(work())
    assert got[0][0] == got[-1][0]


def test_there_is_nothing_to_spare_in_a_busy_chat_or_on_a_busy_bot() -> None:
    async def work() -> None:
        pace = Pace(lambda address: Rate(1, 4), Rate(10, 10), now)
        assert pace.spare("a")
        for _ in range(4):
            await pace.turn("a")
        assert not pace.spare("a")
        assert pace.spare("b")
        await asyncio.sleep(5)
        assert pace.spare("a")
        for number in range(10):
            await pace.turn(f"c{number}")
        assert not pace.spare("a")

    in_no_time(work())


def test_chats_that_are_rested_are_forgotten_and_busy_ones_are_not() -> None:
    async def work() -> None:
        pace = Pace(lambda address: Rate(1, 1), None, now)
        for number in range(5 * pace_module.FORGET_EVERY):
            await pace.turn(f"chat {number}")
            await asyncio.sleep(0.01)
        assert len(pace._chats) <= pace_module.FORGET_EVERY
        await pace.turn("busy")
        for number in range(pace_module.FORGET_EVERY):
            await pace.turn(f"new {number}")
        begun = now()
        await pace.turn("busy")
        assert now() - begun >= 1 - A_BIT

    in_no_time(work())
