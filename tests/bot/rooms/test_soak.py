"""Evenings of all sorts, by a seed: votes, wishes, splits, failures, restarts. No room is stuck, none miscounted."""

from __future__ import annotations

import random
import re
from collections.abc import Awaitable
from contextlib import suppress

import pytest

from bot.app import App
from bot.rooms import Rooms
from bot.rooms.kept import CLOSE, MEET
from bot.rooms.rooms import Wish
from bot.store.errors import StoreError
from bot.watch.event import Back, CloseNow, Extend, HandOver, Pause, Resume, Skip, Split, Stop, Together
from bot.watch.room import IDLE_MOST
from bot.watch.rules import Fork, Mode, Rules
from bot.watch.vote import Voter
from tests.bot.rooms.fragile import FragileStore
from tests.bot.rooms.parting import TWO_WAYS, Pair
from tests.fakes.crowd import Crowd
from tests.fakes.house import Clock, House

STEPS, LIVES = 40, 3
ENDLESS = re.sub(r"\{ending: .*\}", "{choices: {again: {label: Again, to: gate}}}", TWO_WAYS)
"""The story without an end: back to the gate instead."""

STEWARD = Voter("telegram:99", steward=True)
MODES = (Mode.MAJORITY, Mode.MAJORITY, Mode.RANKED, Mode.TWO_ROUND, Mode.LOTTERY, Mode.HOST)


@pytest.mark.parametrize("seed", range(15))
async def test_no_room_is_stuck_and_every_count_agrees(house: House, clock: Clock, seed: int) -> None:
    chance = random.Random(seed)
    house.write("two-ways", ENDLESS if seed % 3 else TWO_WAYS)
    session = 0
    for life in range(LIVES):
        async with house.running(FragileStore) as app:
            assert isinstance(app.store, FragileStore)
            pair = Pair(app, clock, session)
            if not life:
                fork = chance.choice((Fork.ALWAYS, Fork.ALWAYS, Fork.ASK))
                await pair.gather(rules=Rules(chance.choice(MODES), fair=chance.random() < 0.5, near=30, fork=fork))
                session = pair.main.session
            for _ in range(STEPS):
                with suppress(StoreError):
                    await something(pair, app, chance)
            app.store.fuse = None
        async with house.running() as app:
            pair = Pair(app, clock, session)
            await pair.main.wait(0)
            for one in await family(pair):
                await check(pair, one)


async def something(pair: Pair, app: App, chance: random.Random) -> None:
    """Whatever may happen to one of the rooms."""
    assert isinstance(app.store, FragileStore)
    app.store.fuse = chance.randint(1, 12) if chance.random() < 0.1 else None
    crowd = Crowd(pair.app, pair.clock, pair.rooms, chance.choice(await running(pair)))
    revision = await crowd.revision()
    deed = chance.random()
    happens: Awaitable[object]
    if deed < 0.6:
        options = [option.id for option in (await crowd.booth()).card.options]
        happens = crowd.vote(chance.randint(1, 8), chance.choice(options or ["none"]))
    elif deed < 0.75:
        happens = pair.main.wait(chance.choice((1, 10, 15, 30, 60, 200)))
    else:
        wishes: list[Wish] = [
            CloseNow(STEWARD, revision), CloseNow(STEWARD, revision), Skip(STEWARD, revision), Back(STEWARD, revision),
            Split(STEWARD, revision), Split(STEWARD, revision), Together(STEWARD, revision), Extend(STEWARD, revision),
            Pause(STEWARD), Resume(STEWARD), Resume(STEWARD), HandOver(STEWARD, "telegram:3"),
        ]  # fmt: skip
        happens = crowd.control(chance.choice(wishes) if chance.random() < 0.98 else Stop(STEWARD))
    await happens


async def family(pair: Pair) -> list[int]:
    """All sessions of the evening."""
    found = [pair.main.session]
    for session in found:
        room = await pair.room(session)
        found += [split.twin for split in room.parted if split.main]
    return found


async def running(pair: Pair) -> list[int]:
    assert isinstance(pair.app.store, FragileStore)
    fuse, pair.app.store.fuse = pair.app.store.fuse, None
    sessions = await family(pair)
    found = [session for session in sessions if not (await pair.row(session)).ended]
    pair.app.store.fuse = fuse
    return found or sessions


async def check(pair: Pair, session: int) -> None:
    """The room has ended, or something is bound to happen to it; and it was counted right."""
    row, room = await pair.row(session), await pair.room(session)
    for _, announced, recounted in await Rooms(pair.app).recount(session):
        assert announced == recounted
    due = {one.kind: one.at for one in await pair.app.store.due(1 << 60, 100) if one.session == session}
    if row.ended:
        assert due == {}
        assert (room.host, room.losses) == (None, {})
        return
    ballot = room.ballot
    assert ballot is not None
    assert not ballot.closed
    closes = room.parting.until if room.parting is not None else ballot.closes
    assert due == {kind: at for kind, at in ((CLOSE, closes), (MEET, room.meeting)) if at is not None}
    if not due:
        assert room.paused or room.idle >= IDLE_MOST
    if room.branch is not None:
        twin = await pair.room(room.branch.twin)
        assert twin.branch is not None
        assert twin.branch.twin == session
        assert twin.meeting is None or room.meeting is None
