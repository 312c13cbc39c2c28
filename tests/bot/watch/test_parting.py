"""A near tie: who may part, and which choice the others live."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.watch.ballot import Ballot
from bot.watch.branch import ASK_MS, MOST_PARTED, Branch, Parted, Parting
from bot.watch.event import Change, CloseNow, HandOver, HostLeft, Pause, Split, Stop, Together
from bot.watch.lots import ballot_dice
from bot.watch.move import Note, Reason
from bot.watch.parting import parting
from bot.watch.room import Room
from bot.watch.rules import Fork, Rules, TieRule
from bot.watch.verdict import BY_VOTES
from bot.watch.vote import Vote, Voter, Votes
from tests.bot.watch.group import GUEST, HOST, NOON, SEED, Group, ballot, counted, votes
from tests.bot.watch.polls import SEEDS, polls

ROOM = Room(HOST.id)
BRANCH = Branch(77, 3, "-100", True, "run", "hide", 1)


def parts(on: Ballot, cast: Votes, room: Room = ROOM, seed: int = SEED) -> Parting | None:
    verdict = counted(on, cast, seed)
    return parting(room, on, cast, verdict, ballot_dice(seed, on.revision), NOON)


def forking(quorum: int = 1) -> Ballot:
    return ballot(Rules(quorum=quorum, fork=Fork.ASK, ties=TieRule.DICE))


def test_a_near_tie_parts_the_winner_and_the_best_of_the_others() -> None:
    found = parts(forking(), votes(*["run"] * 10, *["hide"] * 9, "wait"))
    assert found == Parting("run", "hide", NOON + ASK_MS)


@pytest.mark.parametrize("cast", [[], ["run"], ["run", "run", "hide"], ["run", "run"]])
def test_without_a_near_tie_nobody_parts(cast: list[str]) -> None:
    assert parts(forking(), votes(*cast)) is None


def test_who_is_in_a_branch_or_has_parted_often_stays() -> None:
    even = votes("run", "hide")
    assert parts(forking(), even, replace(ROOM, branch=BRANCH)) is None
    assert parts(forking(), even, replace(ROOM, parted=(Parted(1, 0, True, "run", 1),) * MOST_PARTED)) is None
    assert parts(ballot(Rules(fork=Fork.NEVER)), even) is None
    assert parts(forking(), even) is not None


def test_the_story_or_a_skip_parts_nobody() -> None:
    assert parts(forking(quorum=3), votes("run", "hide")) is None
    assert parts(replace(forking(), skipped=True, default=None), votes("run", "hide")) is None


def test_the_others_of_three_that_are_level_are_drawn_by_lot() -> None:
    drawn = {found.other for seed in range(60) if (found := parts(forking(), votes("run", "hide", "wait"), seed=seed))}
    assert drawn == {"run", "hide", "wait"}


@given(polls(hosted=False), SEEDS, st.randoms(use_true_random=False))
def test_names_and_order_play_no_part_in_it(
    poll: tuple[Ballot, dict[str, Vote]], seed: int, chance: random.Random
) -> None:
    on = replace(poll[0], rules=replace(poll[0].rules, fork=Fork.ALWAYS))
    renamed = [replace(vote, voter=f"x{number}") for number, vote in enumerate(poll[1].values())]
    chance.shuffle(renamed)
    found = parts(on, poll[1], seed=seed)
    assert found == parts(on, {vote.voter: vote for vote in renamed}, seed=seed)
    verdict = counted(on, poll[1], seed)
    if found is not None:
        assert verdict.why in BY_VOTES
        assert found.choice == verdict.winner != found.other
        assert found.other in verdict.near
        assert verdict.tally.voters >= 2


def asked() -> Group:
    """A ballot that is final, and whose host is asked."""
    group = Group(Rules(fork=Fork.ASK))
    group.open()
    group.room = replace(group.room, parting=Parting("run", "hide", NOON + ASK_MS))
    return group


def test_the_host_says_whether() -> None:
    assert asked().act(Split(HOST, 4)).notes == (Note.SPLIT,)
    move = asked().act(Together(HOST, 4))
    assert move.notes == (Note.TOGETHER,)
    assert move.room.parting is not None
    assert move.room.parting.until == NOON


def test_nobody_else_says_it_and_nobody_twice() -> None:
    assert asked().refused(Split(GUEST, 4)) is Reason.NOT_HOST
    assert asked().refused(Split(HOST, 3)) is Reason.MOVED_ON
    decided = asked()
    decided.room = replace(decided.room, parting=Parting("run", "hide", NOON, 5, "code", 6))
    assert decided.refused(Together(HOST, 4)) is Reason.MOVED_ON
    unasked = Group()
    unasked.open()
    assert unasked.refused(Split(HOST, 4)) is Reason.MOVED_ON


def test_a_ballot_that_is_final_keeps_its_host_and_its_clock() -> None:
    group = asked()
    before = group.ballot
    for event in (CloseNow(HOST, 4), Pause(HOST)):
        assert group.refused(event) is Reason.MOVED_ON
    group.act(Change(HOST, Rules(seconds=9)))
    group.act(HandOver(HOST, GUEST.id))
    assert (group.room.host, group.ballot) == (GUEST.id, before)
    group.act(HostLeft(GUEST.id, "c"))
    assert (group.room.host, group.ballot) == ("c", before)
    assert group.act(Stop(Voter("c"))).room.stopped
