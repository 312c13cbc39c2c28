"""The clock: right where it is right, and put right by the database's where it is not."""

from __future__ import annotations

import time

import pytest
from structlog.testing import capture_logs

from bot.crew.clock import TOLERATED, Clock

HOUR = 3_600_000


class Machine(Clock):
    """A machine whose own clock is at a moment that the test sets."""

    at = 1_750_000_000_000

    def own(self) -> int:
        return self.at

    def asks(self, wrong: int, journey: int = 10) -> None:
        """The database says what time it is: this machine is ahead of it by `wrong`."""
        before = self.own()
        self.at += journey
        self.compare(before, before + journey // 2 - wrong, self.own())


@pytest.mark.parametrize("wrong", [0, TOLERATED, -TOLERATED])
def test_a_little_wrong_is_right(wrong: int) -> None:
    machine = Machine()
    with capture_logs() as logs:
        machine.asks(wrong)
    assert machine() == machine.own()
    assert logs == []


@pytest.mark.parametrize("wrong", [5 * HOUR, -5 * HOUR, 3_000])
def test_a_clock_that_is_wrong_is_put_right_and_said_to_be_so_once(wrong: int) -> None:
    machine = Machine()
    with capture_logs() as logs:
        for _ in range(3):
            machine.asks(wrong)
    assert machine() == machine.own() - wrong
    [said] = logs
    assert said["event"] == "clock_wrong"
    assert said["seconds"] == wrong / 1000


def test_an_answer_that_took_long_proves_nothing() -> None:
    machine = Machine()
    machine.asks(wrong=8_000, journey=20_000)
    assert machine() == machine.own()
    machine.asks(wrong=30_000, journey=20_000)
    assert machine() == machine.own() - 30_000


def test_a_clock_that_was_set_is_believed_again() -> None:
    machine = Machine()
    with capture_logs() as logs:
        machine.asks(2 * HOUR)
        machine.at -= 2 * HOUR
        machine.asks(0)
    assert machine() == machine.own()
    assert [said["event"] for said in logs] == ["clock_wrong", "clock_right_again"]


def test_it_tells_unix_milliseconds() -> None:
    before = time.time_ns() // 1_000_000
    assert before <= Clock()() <= time.time_ns() // 1_000_000
