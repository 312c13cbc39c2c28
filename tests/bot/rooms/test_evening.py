"""What was decided can be counted again and told again, after every mode, a split, a rewind and a goodbye."""

from __future__ import annotations

import pytest

from bot.app import App
from bot.rooms import Reply
from bot.watch.event import Back, CloseNow, Skip, Stop
from bot.watch.rules import Fork, Mode, Rules, TieRule
from tests.bot.rooms.parting import Pair
from tests.fakes.crowd import HOST, Crowd, key, voter
from tests.fakes.house import Clock


@pytest.mark.parametrize("fair", [False, True])
@pytest.mark.parametrize("mode", Mode)
async def test_a_recount_gives_what_was_announced(app: App, clock: Clock, mode: Mode, fair: bool) -> None:
    crowd = Crowd(app, clock)
    await crowd.gather(Rules(mode=mode, fair=fair, ties=TieRule.DICE))
    for turn, choices in enumerate([["left", "right", "sign"], ["run", "listen"], ["left", "right"]]):
        ids = {option.id for option in (await crowd.booth()).card.options if not option.locked}
        for number in range(7):
            await crowd.vote(number, next(choice for choice in (*choices[number % 2 :], *sorted(ids)) if choice in ids))
        while await crowd.revision() == turn:
            await crowd.wait(30)
        if (await crowd.booth()).ended:
            break
    recounted = await crowd.rooms.recount(crowd.session)
    assert recounted
    assert [(announced, counted) for _, announced, counted in recounted] == [
        (taken.choice, taken.choice) for taken in await crowd.verdicts()
    ]


async def test_a_skip_and_the_clock_alone_are_counted_again_too(app: App, clock: Clock) -> None:
    crowd = Crowd(app, clock)
    await crowd.gather()
    await crowd.vote(1, "left")
    await crowd.control(Skip(HOST, 0))
    await crowd.wait(30)
    recounted = await crowd.rooms.recount(crowd.session)
    assert len(recounted) == 2
    assert all(announced == counted for _, announced, counted in recounted)


async def test_a_recount_still_agrees_when_the_host_was_forgotten(app: App, clock: Clock) -> None:
    crowd = Crowd(app, clock)
    await crowd.gather(Rules(mode=Mode.HOST))
    viewer = await app.store.viewer("telegram", "1")
    await crowd.vote(1, "right")
    for number in (2, 3, 4):
        await crowd.vote(number, "left")
    await crowd.wait(30)
    await app.store.forget(viewer.id)
    assert await crowd.rooms.recount(crowd.session) == [(0, "right", "right")]


async def test_nothing_was_decided(app: App, clock: Clock) -> None:
    crowd = Crowd(app, clock)
    assert await crowd.rooms.recount(12345) == []
    assert await crowd.rooms.recap(12345) is None
    await crowd.gather()
    recap = await crowd.rooms.recap(crowd.session)
    assert recap is not None
    assert [stretch.decided for stretch in recap.stretches] == [()]


async def test_the_recap_of_a_split_evening(pair: Pair) -> None:
    twin = await pair.split()
    await pair.main.vote(1, "on")
    await pair.main.control(CloseNow(HOST, 1))
    await twin.vote(2, "walk")
    await twin.control(CloseNow(HOST, 1))
    for number in (1, 2, 3):
        await pair.main.vote(number, "jump")
    await pair.main.wait(30)
    assert (await pair.row()).ended
    for session in (pair.main.session, twin.session):
        recap = await pair.rooms.recap(session)
        assert recap is not None
        first, last = recap.stretches
        assert [one.choice for one in first.decided] == ["hall"]
        assert first.split is not None
        assert (first.split.main.choice, [one.choice for one in first.split.main.decided]) == ("hall", ["on"])
        assert (first.split.other.choice, [one.choice for one in first.split.other.decided]) == ("garden", ["walk"])
        assert first.split.met == "bridge"
        assert [one.choice for one in last.decided] == ["jump"]
        assert recap.ending == "sea"


async def test_the_recap_leaves_out_what_was_held_again(pair: Pair) -> None:
    await pair.gather(Fork.NEVER)
    await pair.main.vote(1, "hall")
    await pair.main.wait(30)
    await pair.main.control(Back(HOST, 1))
    await pair.main.vote(1, "garden")
    await pair.main.wait(30)
    recap = await pair.rooms.recap(pair.main.session)
    assert recap is not None
    assert [one.choice for stretch in recap.stretches for one in stretch.decided] == ["garden"]
    assert [announced for _, announced, _ in await pair.rooms.recount(pair.main.session)] == ["hall", "garden"]


async def test_a_branch_that_goes_on_alone_is_told_with_the_other(pair: Pair) -> None:
    twin = await pair.split()
    await pair.main.control(Stop(HOST))
    await twin.vote(2, "rest")
    await twin.wait(30)
    recap = await pair.rooms.recap(twin.session)
    assert recap is not None
    [stretch] = recap.stretches
    assert stretch.split is not None
    assert [one.choice for one in stretch.split.other.decided] == ["rest"]


# -- back


async def test_the_last_vote_is_held_again(pair: Pair) -> None:
    await pair.gather(Fork.NEVER)
    await pair.vote()
    await pair.main.wait(30)
    assert await pair.main.scenes() == ["gate", "hall"]
    await pair.main.vote(1, "on")
    assert await pair.main.control(Back(voter(2), 1)) is Reply.NOT_HOST
    assert await pair.main.control(Back(HOST, 0)) is Reply.LATE
    assert await pair.main.control(Back(HOST, 1), event="b") is Reply.DONE
    assert await pair.main.control(Back(HOST, 1), event="b") is Reply.DONE
    booth = await pair.main.booth()
    assert (booth.card.scene, booth.row.revision, booth.tally.voters, booth.row.open) == ("gate", 2, 0, True)
    assert await pair.main.scenes() == ["gate", "hall", "gate"]
    assert booth.room.ballot is not None
    assert booth.room.ballot.closes == pair.clock() + 30_000
    assert await pair.main.vote(1, "on", revision=1) is Reply.LATE


async def test_there_is_nothing_to_go_back_to(pair: Pair) -> None:
    await pair.gather()
    assert await pair.main.control(Back(HOST, 0)) is Reply.NOTHING_TO_DO
    await pair.vote()
    await pair.main.wait(30)
    assert await pair.main.control(Back(HOST, 1)) is Reply.NOTHING_TO_DO
    assert await (await pair.other()).control(Back(HOST, 1)) is Reply.NOTHING_TO_DO


async def test_a_branch_goes_back_within_itself(pair: Pair) -> None:
    await pair.split()
    await pair.main.vote(1, "deep")
    await pair.main.control(CloseNow(HOST, 1))
    assert await pair.main.control(Back(HOST, 2)) is Reply.DONE
    assert (await pair.main.booth()).card.scene == "hall"
    assert await pair.main.vote(2, "on") is Reply.OTHER_SIDE
    assert await pair.main.control(Back(HOST, 3)) is Reply.NOTHING_TO_DO


# -- the host leaves


async def test_the_earliest_of_those_who_still_vote_follows_the_host(pair: Pair) -> None:
    await pair.gather(Fork.NEVER)
    for number, choice in ((5, "hall"), (4, "hall"), (1, "hall")):
        await pair.main.vote(number, choice)
        pair.clock.advance(1)
    await pair.main.control(CloseNow(HOST, 0))
    for number in (3, 4):
        await pair.main.vote(number, "on")
    await pair.main.control(CloseNow(HOST, 1))
    # Voter 5 came first but has not voted on the last two ballots; 4 has, and came before 3.
    left, rooms = pair.main.session, pair.rooms
    assert await rooms.host_left(key(), left, voter(9).id, pair.clock()) is None
    event = key()
    assert await rooms.host_left(event, left, HOST.id, pair.clock()) == voter(4).id
    assert await rooms.host_left(event, left, HOST.id, pair.clock()) == voter(4).id
    assert (await pair.room()).host == voter(4).id
    assert await pair.main.control(CloseNow(HOST, 2)) is Reply.NOT_HOST


async def test_nobody_is_there_and_who_votes_next_leads(pair: Pair) -> None:
    await pair.gather(Fork.NEVER)
    assert await pair.rooms.host_left(key(), pair.main.session, HOST.id, pair.clock()) is None
    assert (await pair.room()).host is None
    assert await pair.main.vote(7, "hall") is Reply.COUNTED
    assert (await pair.room()).host == voter(7).id


async def test_in_a_branch_those_who_chose_it_may_follow(pair: Pair) -> None:
    twin = await pair.split()
    assert await pair.rooms.host_left(key(), twin.session, HOST.id, pair.clock()) == voter(2).id
    assert (await pair.room()).host == HOST.id


async def test_the_host_left_a_room_that_is_over(pair: Pair) -> None:
    await pair.gather()
    await pair.main.control(Stop(HOST))
    assert await pair.rooms.host_left(key(), pair.main.session, HOST.id, pair.clock()) is None
