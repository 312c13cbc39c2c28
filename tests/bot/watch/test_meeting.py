"""Waiting for the twin: where, how long the clock stands, and what both remember."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle, islice

import pytest

from bot.play.dice import seeded
from bot.play.event import Begin, Choose
from bot.play.fold import MAX_PATH
from bot.play.state import BranchState
from bot.play.step import step
from bot.story.reader import read_story
from bot.watch.branch import Branch
from bot.watch.event import Cast, CloseNow, Open, Pause, Resume
from bot.watch.losses import MOST_LOSERS
from bot.watch.meeting import (
    Whereabouts,
    alone,
    branched,
    going_on,
    has_met,
    may_come,
    merged,
    reunited,
    shifted,
    whereabouts,
)
from bot.watch.move import Note, Reason
from bot.watch.room import Room, pack, unpack
from bot.watch.rules import Rules
from tests.bot.watch.group import CHOICES, GUEST, HOST, NOON, Group
from tests.fakes.stories import CROSSROADS

STORY = read_story("crossroads", {"story.yaml": CROSSROADS.encode()}, "crossroads")
BRANCH = Branch(77, 3, "-100", True, "run", "hide", 1)
UNTIL = NOON + 180_000


def waiting() -> Group:
    """A branch that waits for its twin with all its time left."""
    group = Group()
    group.room = branched(group.room, BRANCH)
    group.revision += 1
    group.act(Open(group.revision, CHOICES, "wait", meeting=UNTIL))
    return group


def test_a_twin_may_come_where_it_is_or_can_get_to_for_the_first_time() -> None:
    assert may_come(STORY, Whereabouts("hall", frozenset()), "clearing")
    assert may_come(STORY, Whereabouts("clearing", frozenset({"clearing"})), "clearing")
    assert not may_come(STORY, Whereabouts("clock", frozenset({"clearing", "fork"})), "clearing")
    assert not may_come(STORY, Whereabouts("dawn", frozenset()), "clearing")


def test_who_waits_has_no_clock_and_no_votes() -> None:
    group = waiting()
    assert group.room.meeting == UNTIL
    assert (group.ballot.closes, group.ballot.left) == (None, 30_000)
    assert group.refused(group.vote(GUEST, "run")) is Reason.PAUSED


def test_the_host_goes_on_closes_or_pauses_while_waiting() -> None:
    group = waiting()
    assert group.act(Resume(HOST)).notes == (Note.RESUMED,)
    assert (group.room.meeting, group.ballot.closes) == (None, NOON + 30_000)
    closed = waiting()
    assert closed.act(CloseNow(HOST, closed.revision)).room.meeting is None
    paused = waiting()
    paused.act(Pause(HOST))
    assert paused.room.meeting == UNTIL
    assert going_on(paused.room, NOON).ballot == paused.ballot
    paused.act(Resume(HOST))
    assert not paused.room.paused
    assert paused.ballot.closes == NOON + 30_000


def test_the_next_ballot_waits_for_nobody() -> None:
    group = waiting()
    group.act(CloseNow(HOST, group.revision))
    group.open()
    assert group.room.meeting is None


def test_going_on_starts_the_clock_and_alone_forgets_the_twin() -> None:
    room = waiting().room
    on = going_on(room, NOON + 5)
    assert on.ballot is not None
    assert (on.meeting, on.ballot.closes, on.branch) == (None, NOON + 30_005, BRANCH)
    assert going_on(on, NOON + 9) is on
    assert alone(room, NOON).branch is None
    assert alone(replace(room, branch=replace(BRANCH, since=9)), NOON).parted[-1].since == 9


def test_the_main_room_has_all_its_time_again_and_the_losses_of_both() -> None:
    group = waiting()
    group.act(Resume(HOST))
    group.cast("a", "run")
    fair = replace(group.room, rules=Rules(fair=True), losses={"a": 2, "b": 1}, joined=frozenset("a"))
    met = reunited(fair, Room(HOST.id, losses={"b": 4, "c": 1}, joined=frozenset("bc")), "bridge", NOON + 20_000)
    assert met.joined == frozenset("abc")
    assert met.ballot is not None
    assert met.ballot.closes == NOON + 50_000
    assert met.losses == {"a": 2, "b": 4, "c": 1}
    assert (met.branch, met.parted[-1].scene, met.parted[-1].met) == (None, "bridge", group.revision)
    assert has_met(met, 77)
    assert not has_met(fair, 77)
    assert reunited(group.room, Room(None, losses={"b": 4}), "bridge", NOON).losses == {}


def test_losses_that_come_together_are_bounded() -> None:
    mine = {f"a{number}": 1 for number in range(MOST_LOSERS)}
    both = merged(mine, {"z": 3})
    assert len(both) == MOST_LOSERS
    assert both["z"] == 3


def test_a_branch_is_kept_with_its_room() -> None:
    room = waiting().room
    assert unpack(pack(room)) == room


def test_a_vote_for_a_waiting_room_is_refused_also_from_the_host() -> None:
    group = waiting()
    assert group.refused(Cast(HOST, group.revision, ("run",))) is Reason.PAUSED


@pytest.mark.parametrize("steps_before", [1, 40, 150])
def test_where_a_branch_has_walked_is_known_however_long_it_plays(steps_before: int) -> None:
    def walk(state: BranchState, choice: str) -> BranchState:
        return step(STORY, state, Choose(state.revision, choice), NOON, seeded(1, state.revision)).branch_state

    state = step(STORY, None, Begin("en"), NOON, seeded(1, 0)).branch_state
    for choice in islice(cycle(["right", "back"]), 2 * steps_before):
        state = walk(state, choice)
    branch = replace(BRANCH, since=len(state.path))
    for number, choice in enumerate(islice(cycle(["left", "run"]), MAX_PATH // 2)):
        after = walk(state, choice)
        branch, state = shifted(branch, state.path, after.path), after
        assert len(state.path) <= MAX_PATH
        wanted = {"hall", "clock"} if number == 0 else {"hall", "clock", "fork"}
        assert whereabouts(state, branch).walked == wanted
