"""Branches wait for each other and meet, or go on alone; nobody waits for nothing."""

from __future__ import annotations

import asyncio
import sqlite3

import pytest

from bot.rooms import Reply, Rooms
from bot.rooms.rooms import ABANDONED
from bot.watch.branch import MEET_MS
from bot.watch.event import Back, CloseNow, Pause, Resume, Stop
from bot.watch.rules import Fork, Rules
from tests.bot.rooms.parting import Pair
from tests.fakes.crowd import GROUP, HOST, Crowd
from tests.fakes.house import House


async def ended(pair: Pair, crowd: Crowd) -> bool:
    return (await pair.row(crowd.session)).ended


async def waits(crowd: Crowd) -> bool:
    return (await crowd.booth()).room.meeting is not None


async def go(crowd: Crowd, number: int, choice: str) -> None:
    """Somebody votes, and the host closes."""
    assert await crowd.vote(number, choice) is Reply.COUNTED
    assert await crowd.control(CloseNow(HOST, await crowd.revision())) is Reply.DONE


async def test_the_first_at_the_bridge_waits_for_the_others(pair: Pair) -> None:
    await pair.split()
    await go(pair.main, 1, "on")
    booth = await pair.main.booth()
    assert booth.card.scene == "bridge"
    assert booth.room.meeting == pair.clock() + MEET_MS
    assert booth.room.ballot is not None
    assert (booth.room.ballot.closes, booth.row.open) == (None, False)
    assert await pair.main.vote(1, "cross") is Reply.PAUSED
    await pair.main.wait(29)
    assert await waits(pair.main)


@pytest.mark.parametrize("first", ["main", "twin"])
async def test_they_meet_and_the_main_room_goes_home(pair: Pair, first: str) -> None:
    twin = await pair.split()
    steps = [(pair.main, 1, "on"), (twin, 2, "walk")]
    for crowd, number, choice in steps if first == "main" else reversed(steps):
        await go(crowd, number, choice)
    assert await ended(pair, twin)
    assert not await ended(pair, pair.main)
    booth = await pair.main.booth()
    assert (booth.row.address, booth.card.scene, booth.room.meeting, booth.room.branch) == (GROUP, "bridge", None, None)
    assert booth.room.ballot is not None
    assert booth.room.ballot.closes == pair.clock() + 30_000
    told = await pair.told()
    home = [said for address, said in told if address == GROUP]
    assert home == ["gate", "*forked", "*meanwhile", "bridge"]
    assert [said for address, said in told if address == f"{GROUP}/0b"][-1] == "*met"
    notes = await pair.notes()
    assert notes["meanwhile"].about == {"session": str(pair.main.session), "twin": str(twin.session)}
    assert notes["met"].about == {"session": str(twin.session), "twin": str(pair.main.session)}
    await pair.main.wait(0)
    assert [(due.kind, due.session) for due in await pair.app.store.due(1 << 60, 9)] == [("close", pair.main.session)]


async def test_after_they_met_all_vote_and_may_split_again(pair: Pair) -> None:
    twin = await pair.split()
    await go(pair.main, 1, "on")
    await go(twin, 2, "walk")
    for number in (1, 2, 3, 4):
        assert await pair.main.vote(number, "cross" if number % 2 else "jump") is Reply.COUNTED
    assert await twin.vote(2, "jump") is Reply.OVER
    await pair.main.wait(30)
    room = await pair.room()
    assert [(split.side, split.scene, split.met) for split in room.parted] == [
        ("hall", "bridge", 2), ("cross", None, None),
    ] or [split.side for split in room.parted] == ["hall", "jump"]  # fmt: skip
    assert (await pair.row()).address == f"{GROUP}/2a"


async def test_the_main_room_goes_on_from_its_own_state(pair: Pair) -> None:
    twin = await pair.split()
    await go(twin, 2, "walk")
    await go(pair.main, 1, "on")
    session = await pair.app.store.session(pair.main.session)
    assert session is not None
    assert b"wet" not in session.state


async def test_the_host_goes_on_without_waiting(pair: Pair) -> None:
    twin = await pair.split()
    await twin.control(Pause(HOST))
    await go(pair.main, 1, "on")
    assert await pair.main.control(Resume(HOST)) is Reply.DONE
    assert not await waits(pair.main)
    await go(pair.main, 1, "cross")
    assert (await pair.main.booth()).card.scene == "square"
    assert (await pair.row()).address == f"{GROUP}/0a"
    # Those who come later do not wait for who was there before.
    await twin.control(Resume(HOST))
    await go(twin, 2, "walk")
    assert not await waits(twin)
    assert not await ended(pair, twin)


async def test_the_others_come_while_the_first_vote_and_they_meet(pair: Pair) -> None:
    twin = await pair.split()
    await go(pair.main, 1, "on")
    await pair.main.control(Resume(HOST))
    await pair.main.vote(1, "cross")
    pair.clock.advance(20)
    await go(twin, 2, "walk")
    booth = await pair.main.booth()
    assert await ended(pair, twin)
    assert booth.row.address == GROUP
    assert booth.tally.voters == 1
    assert booth.room.ballot is not None
    assert booth.room.ballot.closes == pair.clock() + 30_000


async def test_nobody_waits_longer_than_three_minutes(pair: Pair) -> None:
    twin = await pair.split()
    await twin.control(Pause(HOST))
    await go(pair.main, 1, "on")
    await pair.main.wait(MEET_MS / 1000 - 0.001)
    assert await waits(pair.main)
    await pair.main.wait(0.001)
    assert not await waits(pair.main)
    assert await pair.main.vote(1, "cross") is Reply.COUNTED
    [due] = [due for due in await pair.app.store.due(1 << 60, 9) if due.session == pair.main.session]
    assert (due.kind, due.at) == ("close", pair.clock() + 30_000)


@pytest.mark.parametrize("waiting", ["main", "twin"])
async def test_when_the_others_can_no_longer_come_nobody_waits(pair: Pair, waiting: str) -> None:
    twin = await pair.split()
    if waiting == "main":
        await go(pair.main, 1, "on")
        assert await waits(pair.main)
        await go(twin, 2, "rest")
        assert not await waits(pair.main)
        assert (await pair.room()).branch is not None
        return
    await go(twin, 2, "walk")
    await go(pair.main, 1, "deep")
    assert await waits(twin)
    await go(pair.main, 1, "dig")
    assert await ended(pair, pair.main)
    assert not await waits(twin)
    assert (await pair.room(twin.session)).branch is None


async def test_the_second_does_not_wait_where_the_first_never_comes(pair: Pair) -> None:
    twin = await pair.split()
    await go(pair.main, 1, "deep")
    assert not await waits(pair.main)
    await go(twin, 2, "rest")
    assert not await waits(twin)
    await go(twin, 2, "swim")
    assert await ended(pair, twin)
    assert (await pair.room()).branch is None
    assert (await pair.row()).address == f"{GROUP}/0a"
    await go(pair.main, 2, "up")
    assert not await waits(pair.main)


@pytest.mark.parametrize("who", ["main", "twin"])
async def test_one_branch_is_stopped_and_the_other_goes_on_alone(pair: Pair, who: str) -> None:
    twin = await pair.split()
    stopped, other = (pair.main, twin) if who == "main" else (twin, pair.main)
    await go(other, 1 if other is pair.main else 2, "on" if other is pair.main else "walk")
    assert await waits(other)
    assert await stopped.control(Stop(HOST)) is Reply.DONE
    assert await ended(pair, stopped)
    assert not await waits(other)
    assert (await other.booth()).room.branch is None
    assert await other.vote(9, "cross") is Reply.COUNTED
    assert await other.vote(1, "cross") is Reply.COUNTED
    assert await other.vote(2, "cross") is Reply.COUNTED


async def test_a_branch_alone_may_split_again(pair: Pair) -> None:
    twin = await pair.split()
    await pair.main.control(Stop(HOST))
    for number, choice in ((1, "walk"), (2, "rest")):
        assert await twin.vote(number, choice) is Reply.COUNTED
    await twin.wait(30)
    assert (await pair.row(twin.session)).address == f"{GROUP}/1a"


async def test_while_they_are_apart_no_other_watch_along_begins_where_they_began(pair: Pair) -> None:
    twin = await pair.split()
    other = Crowd(pair.app, pair.clock, pair.rooms)
    assert not await other.gather()
    assert other.session in (pair.main.session, twin.session)
    assert await other.gather(address=f"{GROUP}/7")
    for crowd in (pair.main, twin):
        assert not await other.gather()
        await crowd.control(Stop(HOST))
    assert await other.gather()


async def test_branches_left_alone_give_way_after_hours(pair: Pair) -> None:
    twin = await pair.split()
    for crowd in (pair.main, twin):
        await crowd.control(Pause(HOST))
    pair.clock.advance(ABANDONED / 1000)
    other = Crowd(pair.app, pair.clock, pair.rooms)
    assert await other.gather()
    assert await ended(pair, pair.main)
    assert await ended(pair, twin)


async def test_a_pause_lasts_through_the_meeting(pair: Pair) -> None:
    twin = await pair.split()
    await go(pair.main, 1, "on")
    await pair.main.control(Pause(HOST))
    await go(twin, 2, "walk")
    booth = await pair.main.booth()
    assert booth.room.ballot is not None
    assert (booth.room.paused, booth.room.ballot.closes, booth.room.ballot.left) == (True, None, 30_000)
    assert await pair.main.control(Resume(HOST)) is Reply.DONE
    assert await pair.main.vote(2, "cross") is Reply.COUNTED


async def test_while_waiting_the_host_may_close_or_go_back(pair: Pair) -> None:
    await pair.split()
    await go(pair.main, 1, "on")
    assert await pair.main.control(Back(HOST, 2)) is Reply.DONE
    assert (await pair.main.booth()).card.scene == "hall"
    assert not await waits(pair.main)
    await go(pair.main, 1, "on")
    assert await waits(pair.main)
    assert await pair.main.control(CloseNow(HOST, 4)) is Reply.DONE
    assert (await pair.main.booth()).card.scene in ("square", "sea")


async def test_the_losses_of_both_come_together(pair: Pair) -> None:
    twin = await pair.split(Rules(fork=Fork.ALWAYS, fair=True))
    await twin.vote(2, "rest")
    for number, choice in ((1, "on"), (3, "deep"), (7, "on"), (8, "on")):
        await pair.main.vote(number, choice)
    await pair.main.control(CloseNow(HOST, 1))
    for number, choice in ((2, "walk"), (4, "rest"), (10, "walk"), (11, "walk")):
        await twin.vote(number, choice)
    await twin.control(CloseNow(HOST, 1))
    losses = (await pair.room()).losses
    assert losses == {"telegram:3": 1, "telegram:4": 1, "telegram:5": 1}


async def test_nobody_s_id_stays_in_a_room_that_has_ended(pair: Pair, house: House) -> None:
    twin = await pair.split(Rules(fork=Fork.ALWAYS, fair=True))
    await go(pair.main, 1, "on")
    await go(twin, 2, "walk")
    await pair.main.control(Stop(HOST))
    connection = sqlite3.connect(house.database)
    bodies = [row[0] for row in connection.execute("SELECT body FROM room WHERE ended = 1")]
    connection.close()
    assert len(bodies) == 2
    for session in (pair.main.session, twin.session):
        room = await pair.room(session)
        assert (room.host, room.losses) == (None, {})
        assert room.ballot is None or room.ballot.host is None


async def test_both_arrive_at_once(pair: Pair) -> None:
    for _ in range(3):
        twin = await pair.split()
        await pair.main.vote(1, "on")
        await twin.vote(2, "walk")
        await asyncio.gather(pair.main.control(CloseNow(HOST, 1)), twin.control(CloseNow(HOST, 1)))
        await pair.main.wait(0)
        assert await ended(pair, twin)
        assert (await pair.row()).address == GROUP
        assert (await pair.main.booth()).room.meeting is None
        assert sorted(said for _, said in await pair.told()).count("*met") == 1
        await pair.main.control(Stop(HOST))
        await pair.app.store.delivered([card.id for card in await pair.cards()])


async def test_two_processes_look_for_the_twin_and_they_meet_once(pair: Pair) -> None:
    twin = await pair.split()
    other = Rooms(pair.app)
    await go(twin, 2, "walk")
    await pair.main.vote(1, "on")
    pair.clock.advance(30)
    again = Crowd(pair.app, pair.clock, other, pair.main.session)
    await asyncio.gather(pair.main.agenda.take_due(), again.agenda.take_due())
    await pair.main.wait(0)
    said = [said for _, said in await pair.told()]
    assert (said.count("*met"), said.count("*meanwhile")) == (1, 1)
    assert await ended(pair, twin)


@pytest.mark.parametrize(
    "damage", ["UPDATE session SET state = X'7B7D' WHERE id = ?", "UPDATE room SET body = X'7B7D' WHERE session = ?"]
)
async def test_no_branch_ends_because_the_other_is_damaged(house: House, pair: Pair, damage: str) -> None:
    twin = await pair.split()
    connection = sqlite3.connect(house.database)
    connection.execute(damage, (twin.session,))
    connection.commit()
    connection.close()
    again = Crowd(pair.app, pair.clock, session=pair.main.session)
    assert await again.vote(1, "on") is Reply.COUNTED
    await again.wait(30)
    assert (await again.booth()).card.scene == "bridge"
    assert (await again.booth()).room.meeting is None
    assert await again.vote(1, "cross") is Reply.COUNTED
    await again.wait(30)
    assert (await again.booth()).card.scene == "square"


async def test_the_votes_of_closed_ballots_leave_memory(pair: Pair) -> None:
    await pair.gather(Fork.NEVER)
    for choice in ("hall", "on", "cross"):
        for number in range(50):
            await pair.main.vote(number, choice)
        assert len((await pair.main.booth()).votes) == 50
        await pair.main.wait(30)
        assert len((await pair.main.booth()).votes) == 0
