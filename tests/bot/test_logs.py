"""Logs: each event is a line of JSON, an error is told by its kind and its way, and nothing by somebody's words."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import structlog

from bot.app import App, SetAside
from bot.delivery.delivery import Delivery, Pauses, Unshowable
from bot.logs import EVERYWHERE, json_line, of_libraries, way_of
from bot.rooms import Rooms
from bot.store.port import Commit, Outcome
from bot.store.sqlite import SQLiteStore
from tests.fakes.chat import Chat
from tests.fakes.crowd import Crowd
from tests.fakes.house import Clock, House
from tests.fakes.visitor import Visitor

USER, CHAT, TYPED = "quite-a-person", "4200042", "Ottoline"
PERSONAL = (USER, CHAT, TYPED, "7000007", "-100")


class Careless(SQLiteStore):
    """Fails at everything that follows, in words that repeat all it was given."""

    failing = False

    async def commit(self, commit: Commit) -> Outcome:
        if self.failing:
            raise KeyError(f"{commit} {TYPED} {USER}")
        return await super().commit(commit)


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What is logged, as in production."""
    written, before = StringIO(), structlog.get_config()
    structlog.configure(processors=[*EVERYWHERE, json_line], logger_factory=structlog.PrintLoggerFactory(written))
    yield written
    structlog.configure(**before)


def lines(log: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def assert_discreet(log: StringIO) -> None:
    assert [one for one in PERSONAL if one in log.getvalue()] == []


async def test_a_fault_of_our_own_is_told_without_what_it_was_about(house: House, log: StringIO) -> None:
    async with house.running(Careless) as app:
        viewer = Visitor(app, USER, platform="telegram", address=f"telegram:{CHAT}")
        await viewer.open(event="one")
        app.store.__dict__["failing"] = True
        with pytest.raises(SetAside):
            await viewer.tap("sign", event="an-event", text=TYPED)
    told = [(one["event"], one["exception"].splitlines()[-1]) for one in lines(log)]
    assert told == [("event_failed", "KeyError")] * 3
    assert CHAT not in log.getvalue()
    assert TYPED not in log.getvalue()


async def test_a_card_that_cannot_be_shown_is_told_without_its_chat(app: App, log: StringIO) -> None:
    chat = Chat()
    chat.trouble[CHAT] += [RuntimeError(f"{CHAT} {USER}"), OSError(CHAT), Unshowable(f"{CHAT} says no to {TYPED}")]
    await Visitor(app, USER, platform="telegram", address=f"telegram:{CHAT}").open()
    running = asyncio.create_task(Delivery(app.store, "telegram", chat.show, Pauses(0.01, 0.01, 0.01)).run())
    while "card_set_aside" not in log.getvalue():
        await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert [one["event"] for one in lines(log)] == ["delivery_failed", "delivery_failed", "card_set_aside"]
    assert_discreet(log)


async def test_a_room_that_fails_is_told_without_its_voters(house: House, clock: Clock, log: StringIO) -> None:
    async with house.running(Careless) as app:
        crowd = Crowd(app, clock, Rooms(app))
        await crowd.gather()
        await crowd.vote(7_000_007, "left")
        app.store.__dict__["failing"] = True
        await crowd.wait(31)
    assert "close_failed" in {one["event"] for one in lines(log)}
    assert_discreet(log)


def test_an_error_is_its_kind_and_its_way_with_what_caused_it() -> None:
    told = way_of(_raised())
    assert [line for line in told.splitlines() if not line.startswith(" ")] == [
        "Traceback (most recent call last):", "ZeroDivisionError",
        "Traceback (most recent call last):", "ExceptionGroup of KeyError, ExceptionGroup of OSError",
    ]  # fmt: skip
    assert "in _raised" in told
    assert TYPED not in told


def test_libraries_log_in_lines_like_ours_and_no_less_discreetly() -> None:
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(of_libraries(json_line))
    logger = logging.Logger("some.library")
    logger.addHandler(handler)
    logger.warning("%s of them", 3)
    logger.error("it failed", exc_info=_raised())
    first, second = lines(written)
    assert (first["event"], first["logger"], first["level"]) == ("3 of them", "some.library", "warning")
    assert second["event"] == "it failed"
    assert second["exception"].startswith("Traceback")
    assert TYPED not in written.getvalue()


def _raised() -> Any:
    try:
        try:
            _ = 1 / (len(TYPED) - len(TYPED))
        except ZeroDivisionError as error:
            raise ExceptionGroup(TYPED, [KeyError(TYPED), ExceptionGroup(TYPED, [OSError(TYPED)])]) from error
    except ExceptionGroup as error:
        return type(error), error, error.__traceback__
