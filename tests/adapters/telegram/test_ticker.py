"""The countdown: a few marks on the way down, one in each chat, and none after it was stopped."""

from __future__ import annotations

import asyncio
import itertools

import pytest
from telegram.error import NetworkError

from adapters.telegram.chat import Chat
from adapters.telegram.ticker import MARKS, Ticker
from bot.delivery.delivery import Gone, Later, Unshowable
from tests.fakes.house import Clock

CHAT = Chat(1)
MOMENT = 0.005
"""Seconds that a mark is away whenever it is waited for."""


class Countdown:
    """Notes what is written, and moves the clock on to just before the next mark."""

    def __init__(self, clock: Clock, seconds: float, trouble: Exception | None = None) -> None:
        self.clock = clock
        self.deadline = clock() + round(seconds * 1000)
        self.trouble = trouble
        self.written: list[int] = []
        self.done = asyncio.Event()

    async def write(self, seconds: int) -> None:
        self.written.append(seconds)
        following = next((mark for mark in MARKS if mark < seconds), None)
        if following is None:
            self.done.set()
        else:
            self.clock.now = self.deadline - round((following + MOMENT) * 1000)
        if self.trouble is not None:
            raise self.trouble


def test_the_marks_run_down() -> None:
    assert all(later < earlier for earlier, later in itertools.pairwise(MARKS))


@pytest.mark.parametrize("trouble", [None, NetworkError("x"), Gone(), Later(1), Unshowable("x")])
async def test_every_mark_below_the_time_left_is_written_once(clock: Clock, trouble: Exception | None) -> None:
    ticker = Ticker(clock)
    countdown = Countdown(clock, 30 + MOMENT, trouble)
    ticker.start(CHAT, countdown.deadline, countdown.write)
    await countdown.done.wait()
    assert countdown.written == [30, 20, 10, 5]
    await ticker.close()


async def test_a_deadline_that_is_near_or_past_is_left_alone(clock: Clock) -> None:
    ticker = Ticker(clock)
    for seconds in (-60.0, 0.0, 4.9):
        countdown = Countdown(clock, seconds)
        ticker.start(CHAT, countdown.deadline, countdown.write)
        await asyncio.sleep(0.01)
        assert countdown.written == []
    await ticker.close()


async def test_a_chat_has_one_countdown_and_other_chats_have_theirs(clock: Clock) -> None:
    ticker = Ticker(clock)
    old, new, other = (Countdown(Clock(), 5 + 10 * MOMENT) for _ in range(3))
    ticker.start(CHAT, old.deadline, old.write)
    ticker.start(Chat(1, topic=7), other.deadline, other.write)
    ticker.start(CHAT, new.deadline, new.write)
    await new.done.wait()
    await other.done.wait()
    assert (old.written, new.written, other.written) == ([], [5], [5])
    await ticker.close()


async def test_what_was_stopped_is_not_written(clock: Clock) -> None:
    ticker = Ticker(clock)
    countdown = Countdown(clock, 5 + MOMENT)
    ticker.start(CHAT, countdown.deadline, countdown.write)
    ticker.stop(CHAT)
    ticker.stop(Chat(2))
    await asyncio.sleep(4 * MOMENT)
    assert countdown.written == []


async def test_closing_stops_all(clock: Clock) -> None:
    ticker = Ticker(clock)
    countdowns = [Countdown(clock, 5 + 4 * MOMENT) for _ in range(3)]
    for number, countdown in enumerate(countdowns, 1):
        ticker.start(Chat(number), countdown.deadline, countdown.write)
    await ticker.close()
    await asyncio.sleep(8 * MOMENT)
    assert [countdown.written for countdown in countdowns] == [[], [], []]
