"""What the host may do, what others may not, and a clock that is exact through every pause."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.watch.event import (
    Back,
    Change,
    Close,
    CloseNow,
    Control,
    Extend,
    HandOver,
    Open,
    Pause,
    Resume,
    Skip,
    Stop,
)
from bot.watch.move import Note, Reason
from bot.watch.rules import Mode, Rules
from bot.watch.verdict import Why
from bot.watch.vote import Voter
from tests.bot.watch.group import ADMIN, CHOICES, GUEST, HOST, NOON, Group


@pytest.fixture
def group() -> Group:
    group = Group()
    group.open()
    return group


def controls(by: Voter, revision: int) -> list[Control]:
    return [
        CloseNow(by, revision),
        Skip(by, revision),
        Extend(by, revision),
        Back(by, revision),
        Pause(by),
        Resume(by),
        Stop(by),
        Change(by, Rules(seconds=9)),
        HandOver(by, GUEST.id),
    ]


def test_others_may_do_nothing_of_it(group: Group) -> None:
    for event in controls(GUEST, group.revision):
        assert group.refused(event) is Reason.NOT_HOST


@pytest.mark.parametrize("by", [HOST, ADMIN])
@pytest.mark.parametrize("number", [0, 1, 2, 3, 4, 6, 7, 8])
def test_the_host_may_and_who_acts_for_the_host(group: Group, by: Voter, number: int) -> None:
    before = group.room
    assert group.act(controls(by, group.revision)[number]).room != before


def test_a_control_of_an_old_card_is_refused(group: Group) -> None:
    group.open()
    for event in controls(HOST, group.revision - 1)[:4]:
        assert group.refused(event) is Reason.MOVED_ON


def test_closing_now_counts_what_there_is(group: Group) -> None:
    group.cast("a", "hide")
    verdict = group.act(CloseNow(HOST, group.revision)).verdict
    assert verdict is not None
    assert (verdict.winner, verdict.why) == ("hide", Why.MOST)
    assert group.refused(CloseNow(HOST, group.revision)) is Reason.MOVED_ON
    assert group.refused(Close(group.revision)) is Reason.MOVED_ON


def test_skipping_takes_the_default_at_once(group: Group) -> None:
    group.cast("a", "hide")
    verdict = group.act(Skip(HOST, group.revision)).verdict
    assert verdict is not None
    assert (verdict.winner, verdict.why) == ("wait", Why.SKIPPED)
    assert group.refused(Skip(HOST, group.revision)) is Reason.MOVED_ON


def test_going_back_ends_the_ballot_without_a_verdict(group: Group) -> None:
    group.cast("a", "hide")
    move = group.act(Back(HOST, group.revision))
    assert (move.notes, move.verdict, move.close_at) == ((Note.BACK,), None, None)
    assert group.refused(group.vote("b", "run")) is Reason.LATE
    group.open()
    group.cast("b", "run")


def test_a_pause_is_exact(group: Group) -> None:
    group.wait(12_345)
    assert group.act(Pause(HOST)).close_at is None
    assert group.ballot.left == 17_655
    group.wait(10**8)
    assert group.refused(group.vote("a", "run")) is Reason.PAUSED
    assert group.refused(Close(group.revision)) is Reason.PAUSED
    assert group.refused(Pause(HOST)) is Reason.NOTHING_TO_DO
    assert group.act(Resume(HOST)).close_at == group.now + 17_655
    assert group.refused(Resume(HOST)) is Reason.NOTHING_TO_DO
    group.cast("a", "run")


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 10**9)), max_size=5))
def test_pauses_shift_the_deadline_by_what_they_last(pauses: list[tuple[int, int]]) -> None:
    group = Group()
    group.open()
    for running, paused in pauses:
        group.wait(running)
        group.act(Pause(HOST))
        group.wait(paused)
        group.act(Resume(HOST))
    assert group.ballot.closes == NOON + 30_000 + sum(paused for _, paused in pauses)


def test_a_pause_when_time_is_over_gives_none_back(group: Group) -> None:
    group.wait(30_001)
    group.act(Pause(HOST))
    assert group.act(Resume(HOST)).close_at == group.now
    assert group.refused(group.vote("a", "run")) is Reason.LATE
    assert group.time_over().verdict is not None


def test_a_pause_lasts_over_the_next_ballot(group: Group) -> None:
    group.act(Pause(HOST))
    assert group.act(Skip(HOST, group.revision)).verdict is not None
    move = group.open()
    assert (move.notes, move.close_at) == ((Note.OPENED,), None)
    assert group.act(Resume(HOST)).close_at == group.now + 30_000


def test_a_second_round_begun_in_a_pause_waits() -> None:
    group = Group(Rules(mode=Mode.TWO_ROUND))
    group.open()
    group.cast("a", "run")
    group.cast("b", "hide")
    group.act(Pause(HOST))
    move = group.act(CloseNow(HOST, group.revision))
    assert (move.notes, move.close_at) == ((Note.SECOND_ROUND,), None)
    assert group.act(Resume(HOST)).close_at == group.now + 30_000


def test_an_extension_adds_the_time_of_a_vote(group: Group) -> None:
    assert group.act(Extend(HOST, group.revision)).close_at == NOON + 60_000
    group.act(Pause(HOST))
    group.act(Extend(HOST, group.revision))
    assert group.ballot.left == 90_000
    timeless = Group(Rules(seconds=0))
    timeless.open()
    assert timeless.refused(Extend(HOST, timeless.revision)) is Reason.NOTHING_TO_DO


def test_an_extension_after_the_end_counts_from_now(group: Group) -> None:
    group.wait(31_000)
    assert group.act(Extend(HOST, group.revision)).close_at == group.now + 30_000
    group.cast("a", "run")


def test_handing_over(group: Group) -> None:
    assert group.refused(HandOver(HOST, HOST.id)) is Reason.NOTHING_TO_DO
    assert group.act(HandOver(HOST, GUEST.id)).notes == (Note.HANDED_OVER,)
    assert group.ballot.host == GUEST.id
    assert group.refused(Pause(HOST)) is Reason.NOT_HOST
    group.act(Pause(GUEST))


def test_a_ballot_that_is_decided_keeps_its_host(group: Group) -> None:
    group.act(CloseNow(HOST, group.revision))
    group.act(HandOver(HOST, GUEST.id))
    assert (group.room.host, group.ballot.host) == (GUEST.id, HOST.id)


def test_new_rules_are_for_the_next_ballot(group: Group) -> None:
    rules = replace(group.room.rules, seconds=5, mode=Mode.HOST)
    assert group.act(Change(HOST, rules)).notes == (Note.RULES_CHANGED,)
    assert group.refused(Change(HOST, rules)) is Reason.NOTHING_TO_DO
    assert group.ballot.rules == Rules()
    group.time_over()
    assert group.open().close_at == group.now + 5000


def test_controls_before_the_first_ballot() -> None:
    group = Group()
    for event in controls(HOST, 0)[:4]:
        assert group.refused(event) is Reason.MOVED_ON
    group.act(Pause(HOST))
    group.act(Open(1, CHOICES))
    group.act(Stop(HOST))
    assert Group().act(Stop(HOST)).room.stopped
