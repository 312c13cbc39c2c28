"""Planned watch-alongs begin by themselves at their time, once, whatever happened meanwhile."""

from __future__ import annotations

import asyncio
import sqlite3
from itertools import count
from pathlib import Path

import pytest

from bot.agenda import Agenda
from bot.app import App
from bot.library import UnknownStory
from bot.rooms import Plan, Rooms
from bot.rooms.plans import MISSED_MS, MOST_PLANS
from bot.store.port import EventKey
from bot.watch.rules import Fork, Rules
from tests.bot.rooms.fragile import FragileStore, until_it_ends
from tests.bot.rooms.parting import Pair
from tests.fakes.crowd import GROUP, HOST, key
from tests.fakes.house import Clock, House

RULES = Rules(seconds=45, fork=Fork.ASK)
HOUR = 3_600


async def plan(app: App, at: int, event: EventKey | None = None, story: str = "two-ways") -> Plan | None:
    rooms = Rooms(app)
    return await rooms.plan(event or key(), "telegram", HOST.id, GROUP, story, "en", RULES, at, {"event": "77"})


async def test_it_begins_at_its_time(pair: Pair) -> None:
    made = await plan(pair.app, pair.clock() + HOUR * 1000)
    assert made is not None
    assert list(await pair.rooms.planned("telegram", GROUP)) == [made]
    assert await pair.rooms.plan_of(made.id) == made
    assert (made.wanted.about, made.wanted.rules) == ({"event": "77"}, RULES)
    await pair.main.wait(HOUR - 0.001)
    assert await pair.app.store.room_at("telegram", GROUP) is None
    await pair.main.wait(0.001)
    row = await pair.app.store.room_at("telegram", GROUP)
    assert row is not None
    room = await pair.room(row.session)
    assert (room.host, room.rules) == (HOST.id, RULES)
    assert await pair.rooms.planned("telegram", GROUP) == []
    assert await pair.rooms.plan_of(made.id) is None
    assert [said for _, said in await pair.told()] == ["gate"]


async def test_it_is_called_off(pair: Pair) -> None:
    made = await plan(pair.app, pair.clock() + 1000)
    assert made is not None
    assert await pair.rooms.unplan(made.id)
    assert not await pair.rooms.unplan(made.id)
    await pair.main.wait(2)
    assert await pair.app.store.room_at("telegram", GROUP) is None


async def test_the_same_command_twice_is_one_plan(pair: Pair) -> None:
    event = key()
    made = [await plan(pair.app, pair.clock() + 1000, event) for _ in range(2)]
    assert made[0] == made[1] is not None
    at_once = await asyncio.gather(*[plan(pair.app, pair.clock() + 2000, EventKey("x", "y")) for _ in range(3)])
    assert len({one.id for one in at_once if one is not None}) == 1
    assert len(await pair.rooms.planned("telegram", GROUP)) == 2


async def test_a_chat_has_only_so_many(pair: Pair) -> None:
    for number in range(MOST_PLANS):
        assert await plan(pair.app, pair.clock() + number) is not None
    assert await plan(pair.app, pair.clock()) is None


async def test_a_story_that_is_not_there(pair: Pair) -> None:
    with pytest.raises(UnknownStory):
        await plan(pair.app, pair.clock(), story="nowhere")


async def test_another_one_is_running_and_the_plan_is_missed(pair: Pair) -> None:
    await pair.gather()
    made = await plan(pair.app, pair.clock())
    assert made is not None
    await pair.main.wait(0)
    note = (await pair.notes())["plan_missed"]
    assert note.about == {"plan": str(made.id), "story": "two-ways", "host": HOST.id, "why": "running"}
    assert [said for _, said in await pair.told()] == ["gate", "*plan_missed"]


async def test_the_bot_was_away_too_long(house: House, clock: Clock) -> None:
    async with house.running() as app:
        assert await plan(app, clock() + 1000) is not None
        assert await plan(app, clock() + 2000 + MISSED_MS) is not None
    clock.advance(2 + MISSED_MS / 1000)
    async with house.running() as app:
        pair = Pair(app, clock)
        await pair.main.wait(0)
        assert (await pair.notes())["plan_missed"].about["why"] == "late"
        assert [said for _, said in await pair.told()] == ["*plan_missed", "gate"]


async def test_a_story_that_is_gone_by_then(house: House, clock: Clock) -> None:
    async with house.running() as app:
        assert await plan(app, clock()) is not None
    (house.stories / "two-ways" / "story.yaml").unlink()
    async with house.running() as app:
        pair = Pair(app, clock)
        await pair.main.wait(0)
        assert (await pair.notes())["plan_missed"].about["why"] == "story"


async def test_one_that_cannot_be_read_holds_up_nobody(house: House, clock: Clock) -> None:
    async with house.running() as app:
        assert await plan(app, clock()) is not None
    connection = sqlite3.connect(house.database)
    connection.execute("UPDATE plan SET body = X'7B'")
    connection.commit()
    connection.close()
    async with house.running() as app:
        assert await Rooms(app).planned("telegram", GROUP) == []
        assert await plan(app, clock() + 1) is not None
        pair = Pair(app, clock)
        await pair.main.wait(1)
        assert [said for _, said in await pair.told()] == ["gate"]
        assert len(await app.store.troubles(9)) == 1


@pytest.mark.parametrize("late", [0, 2 * MISSED_MS])
async def test_wherever_the_process_ends_it_begins_once(tmp_path: Path, clock: Clock, late: int) -> None:
    for number in count(1):
        house = House(tmp_path / str(number))
        async with house.running(FragileStore) as app:
            assert isinstance(app.store, FragileStore)
            assert await plan(app, clock.now, story="crossroads") is not None
            app.store.fuse = number
            died = await until_it_ends(Agenda(app, Rooms(app), clock).take_due())
            app.store.fuse = None
            begun = await app.store.room_at("telegram", GROUP) is not None
        async with house.running() as app:
            pair = Pair(app, Clock(clock.now + late))
            await pair.main.wait(0)
            told = [said for _, said in await pair.told()]
            assert await pair.rooms.planned("telegram", GROUP) == []
        assert told[0] == ("fork" if begun or not late else "*plan_missed")
        assert told.count("*plan_missed") == (0 if begun or not late else 1)
        if not died:
            return


async def test_the_agenda_sleeps_until_the_next_plan(app: App, clock: Clock) -> None:
    agenda = Agenda(app, Rooms(app), clock)
    assert await agenda._until_next() == 1.0
    await plan(app, clock() + 400)
    assert await agenda._until_next() == 0.4
