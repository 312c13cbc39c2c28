"""A near tie splits the group: two rooms, each with its own way, its own votes and one past."""

from __future__ import annotations

import asyncio

import pytest

from bot.delivery.parcel import Counted, Taken
from bot.rooms import Reply
from bot.watch.branch import ASK_MS
from bot.watch.event import Change, CloseNow, HandOver, Pause, Skip, Split, Stop, Together
from bot.watch.rules import Fork, Mode, Rules, Who
from bot.watch.verdict import Why
from bot.watch.vote import Voter
from tests.bot.rooms.parting import EVEN, Pair
from tests.fakes.crowd import GROUP, HOST, key, voter


async def test_a_near_tie_splits_the_group(pair: Pair) -> None:
    twin = await pair.split()
    assert (await pair.main.booth()).card.scene == "hall"
    assert (await twin.booth()).card.scene == "garden"
    assert (await pair.row()).address == f"{GROUP}/0a"
    assert (await pair.row(twin.session)).address == f"{GROUP}/0b"
    assert await pair.told() == [
        (GROUP, "gate"), (GROUP, "*forked"), (f"{GROUP}/0b", "garden"), (f"{GROUP}/0a", "hall"),
    ]  # fmt: skip
    note = (await pair.notes())["forked"]
    assert note.about == {
        "session": str(pair.main.session), "twin": str(twin.session), "choice": "hall", "other": "garden",
    }  # fmt: skip
    assert await pair.main.verdicts() == [Taken("gate", "hall", counted=Counted(Why.TIE_HOST, 40, 5))]
    assert await twin.verdicts() == [Taken("gate", "garden", counted=Counted(Why.TIE_HOST, 40, 5))]


async def test_both_are_rooms_of_one_host_with_a_code_each(pair: Pair) -> None:
    twin = await pair.split()
    rows = [await pair.row(), await pair.row(twin.session)]
    assert rows[0].code != rows[1].code
    assert {(await pair.room()).host, (await pair.room(twin.session)).host} == {HOST.id}
    for row in rows:
        session = await pair.app.store.session(row.session)
        assert session is not None
        assert session.address == f"telegram:{GROUP}"
        booth = await pair.rooms.by_code(f" {row.code.upper()} ")
        assert booth is not None
        assert booth.row.session == row.session
    assert await pair.main.control(Pause(HOST)) is Reply.DONE
    assert not (await pair.room(twin.session)).paused


async def test_each_side_votes_for_itself(pair: Pair) -> None:
    twin = await pair.split()
    assert await pair.main.vote(2, "on") is Reply.OTHER_SIDE
    assert await twin.vote(1, "walk") is Reply.OTHER_SIDE
    assert await pair.main.vote(3, "on") is Reply.COUNTED
    assert await twin.vote(4, "walk") is Reply.COUNTED


async def test_who_was_on_neither_side_votes_where_they_vote_first(pair: Pair) -> None:
    twin = await pair.split()
    for number in (5, 9):
        assert await twin.vote(number, "walk") is Reply.COUNTED
        assert await pair.main.vote(number, "on") is Reply.OTHER_SIDE
        assert await twin.vote(number, "rest") is Reply.CHANGED


async def test_two_votes_at_once_in_both_branches_are_one(pair: Pair) -> None:
    twin = await pair.split()
    for number in range(20, 40):
        replies = await asyncio.gather(pair.main.vote(number, "on"), twin.vote(number, "walk"))
        assert sorted(reply.value for reply in replies) == ["counted", "other_side"]


@pytest.mark.parametrize(
    "wishes",
    [
        {1: "hall"},
        {1: "hall", 2: "hall", 3: "hall", 4: "garden"},
        {1: "hall", 2: "same"},
    ],
)
async def test_a_clear_lead_one_voter_or_one_way_splits_nobody(pair: Pair, wishes: dict[int, str]) -> None:
    await pair.gather()
    await pair.vote(wishes)
    await pair.main.wait(30)
    assert (await pair.room()).parted == ()
    assert await pair.main.scenes() == ["gate", "hall"]


async def test_nobody_votes_or_the_host_skips_and_nobody_splits(pair: Pair) -> None:
    await pair.gather()
    await pair.vote({1: "hall", 2: "garden"})
    assert await pair.main.control(Skip(HOST, 0)) is Reply.DONE
    assert (await pair.room()).parted == ()


@pytest.mark.parametrize("mode", [Mode.WEIGHTED, Mode.RANKED, Mode.LOTTERY, Mode.HOST, Mode.UNANIMOUS])
async def test_it_splits_in_every_mode_that_knows_a_near_tie(pair: Pair, mode: Mode) -> None:
    twin = await pair.split(Rules(mode=mode, fork=Fork.ALWAYS))
    assert {(await pair.main.booth()).card.scene, (await twin.booth()).card.scene} <= {"hall", "garden", "roof"}


async def test_a_second_round_may_end_in_a_split_too(pair: Pair) -> None:
    await pair.gather(rules=Rules(mode=Mode.TWO_ROUND, fork=Fork.ALWAYS))
    await pair.vote()
    await pair.main.wait(30)
    assert (await pair.room()).parted == ()
    await pair.main.wait(30)
    assert len((await pair.room()).parted) == 1


async def test_a_branch_does_not_split_again(pair: Pair) -> None:
    await pair.split()
    await pair.main.vote(1, "on")
    await pair.main.vote(3, "deep")
    await pair.main.wait(30)
    assert len((await pair.room()).parted) == 1


async def test_a_clear_vote_of_the_host_alone_splits_when_others_are_near(pair: Pair) -> None:
    """The host's word wins, and those who are level behind it live theirs."""
    await pair.gather(rules=Rules(mode=Mode.HOST, fork=Fork.ALWAYS))
    await pair.vote({1: "wall", 2: "garden", 4: "garden", 3: "hall", 5: "hall"})
    await pair.main.wait(30)
    twin = await pair.other()
    assert (await pair.main.booth()).card.scene == "roof"
    assert (await twin.booth()).card.scene in ("hall", "garden")


# -- the host is asked


async def asked(pair: Pair) -> None:
    await pair.gather(Fork.ASK)
    await pair.vote()
    await pair.main.wait(30)


async def test_the_host_is_asked_and_votes_are_final(pair: Pair) -> None:
    await asked(pair)
    room = await pair.room()
    assert room.parting is not None
    assert (room.parting.choice, room.parting.other) == ("hall", "garden")
    assert room.parting.until == pair.clock() + ASK_MS
    assert await pair.main.vote(9, "hall") is Reply.LATE
    assert await pair.main.revision() == 0


async def test_without_a_word_they_stay_together(pair: Pair) -> None:
    await asked(pair)
    await pair.main.wait(14.999)
    assert await pair.main.revision() == 0
    await pair.main.wait(0.001)
    assert await pair.main.scenes() == ["gate", "hall"]
    assert (await pair.row()).address == GROUP
    room = await pair.room()
    assert (room.parting, room.branch, room.parted) == (None, None, ())


async def test_the_host_splits(pair: Pair) -> None:
    await asked(pair)
    assert await pair.main.control(Split(voter(2), 0)) is Reply.NOT_HOST
    assert await pair.main.control(Split(HOST, 7)) is Reply.LATE
    assert await pair.main.control(Split(HOST, 0), event="s") is Reply.DONE
    assert await pair.main.control(Split(HOST, 0), event="s") is Reply.DONE
    assert await pair.main.control(Split(HOST, 0)) is Reply.LATE
    twin = await pair.other()
    assert (await twin.booth()).card.scene == "garden"


async def test_the_host_keeps_them_together(pair: Pair) -> None:
    await asked(pair)
    assert await pair.main.control(Together(HOST, 0)) is Reply.DONE
    assert await pair.main.revision() == 1
    assert (await pair.room()).parted == ()


async def test_while_asked_the_ballot_is_left_alone(pair: Pair) -> None:
    await asked(pair)
    for wish in (CloseNow(HOST, 0), Skip(HOST, 0), Pause(HOST)):
        assert await pair.main.control(wish) is Reply.LATE
    assert await pair.main.control(Change(HOST, Rules(seconds=5))) is Reply.DONE
    assert await pair.main.control(HandOver(HOST, voter(2).id)) is Reply.DONE
    # The tie went with the host of the ballot, and still does.
    assert await pair.main.control(Split(voter(2), 0)) is Reply.DONE
    assert (await pair.main.booth()).card.scene == "hall"


async def test_while_asked_the_host_may_leave_or_stop(pair: Pair) -> None:
    await asked(pair)
    assert await pair.rooms.host_left(key(), pair.main.session, HOST.id, pair.clock()) == voter(2).id
    assert await pair.main.control(Stop(voter(2))) is Reply.DONE
    assert (await pair.row()).ended
    await pair.main.wait(15)
    assert (await pair.room()).parted == ()


async def test_split_where_nothing_was_asked(pair: Pair) -> None:
    await pair.gather(Fork.ASK)
    assert await pair.main.control(Split(HOST, 0)) is Reply.LATE
    assert await pair.main.control(Together(HOST, 0)) is Reply.LATE


# -- fairness


async def test_who_lives_their_side_was_not_outvoted(pair: Pair) -> None:
    twin = await pair.split(Rules(fork=Fork.ALWAYS, fair=True))
    for session in (pair.main.session, twin.session):
        assert (await pair.room(session)).losses == {voter(5).id: 1}


async def test_a_room_in_no_chat_splits_without_cards(pair: Pair) -> None:
    gathered = await pair.rooms.gather(
        key("web"), "room", HOST.id, "", "two-ways", "en", Rules(fork=Fork.ALWAYS), pair.clock()
    )
    again = await pair.rooms.gather(
        key("web"), "room", HOST.id, "", "two-ways", "en", Rules(fork=Fork.ALWAYS), pair.clock()
    )
    assert gathered == again
    assert gathered.session is not None
    pair.main.session = gathered.session
    row = await pair.row()
    assert (row.platform, row.address) == ("room", row.code)
    await pair.vote(EVEN)
    await pair.main.wait(30)
    twin = await pair.other()
    assert (await pair.row(twin.session)).address == f"{row.code}/0b"
    assert await pair.cards() == []
    assert await pair.app.store.pending("room", 0, 10) == []


async def test_a_steward_may_say_it_for_the_host(pair: Pair) -> None:
    await asked(pair)
    assert await pair.main.control(Split(Voter("telegram:77", steward=True), 0)) is Reply.DONE
    assert (await pair.room()).branch is not None


async def test_each_branch_has_its_part_of_the_quorum(pair: Pair) -> None:
    other = await pair.split(Rules(fork=Fork.ALWAYS, quorum=4))
    for branch in (pair.main, other):
        ballot = (await branch.booth()).room.ballot
        assert ballot is not None
        assert ballot.rules.quorum == 1
    assert (await pair.room()).rules.quorum == 4


async def test_a_branch_of_those_who_joined_closes_when_they_have_voted(pair: Pair) -> None:
    await pair.gather(rules=Rules(fork=Fork.ALWAYS, who=Who.JOINED, early=True, seconds=0))
    for number in (2, 3, 4, 5):
        await pair.rooms.join(key(), pair.main.session, voter(number), pair.clock())
    await pair.vote()
    assert (await pair.room()).branch is not None
    for number in (1, 3, 5):
        await pair.main.vote(number, "deep")
    assert (await pair.main.booth()).card.scene == "cellar"
