"""One event, one move: voting, closing, and everything that is refused on the way."""

from __future__ import annotations

import pytest

from bot.watch.event import Cast, Close, HostLeft, Open, Pause, Resume, Stop
from bot.watch.move import Note, Reason
from bot.watch.room import IDLE_MOST
from bot.watch.rules import Mode, Rules, Short, TieRule, Who
from bot.watch.verdict import Why
from bot.watch.vote import Voter
from tests.bot.watch.group import CHOICES, GUEST, HOST, NOON, Group


@pytest.fixture
def group() -> Group:
    group = Group()
    group.open()
    return group


def test_a_ballot_opens_with_its_clock() -> None:
    group = Group(Rules(seconds=20))
    move = group.open(after=3000)
    assert (move.notes, move.close_at) == ((Note.OPENED,), NOON + 23_000)


def test_votes_are_accepted_changed_and_known(group: Group) -> None:
    first = group.cast("a", "run")
    assert first.notes == (Note.ACCEPTED,)
    assert first.vote is not None
    before = group.room
    again = group.cast("a", "run")
    assert (again.notes, again.vote) == ((Note.UNCHANGED,), None)
    assert group.cast("a", "hide").notes == (Note.CHANGED,)
    assert group.room is before
    assert group.votes["a"].ranking == ("hide",)


def test_only_the_last_vote_of_a_voter_counts(group: Group) -> None:
    for choice in ("hide", "hide", "run", "hide", "run"):
        group.cast("a", choice)
    verdict = group.time_over().verdict
    assert verdict is not None
    assert (verdict.winner, verdict.tally.counts) == ("run", (1, 0, 0))


def test_a_vote_for_another_revision_is_refused(group: Group) -> None:
    for revision in (group.revision - 1, group.revision + 1):
        assert group.refused(Cast(GUEST, revision, ("run",))) is Reason.MOVED_ON
    assert Group().refused(Cast(GUEST, 0, ("run",))) is Reason.MOVED_ON


def test_a_vote_for_what_is_not_open_is_refused(group: Group) -> None:
    assert group.refused(group.vote("a", "fly")) is Reason.NOT_ON_BALLOT
    assert group.refused(group.vote("a")) is Reason.NOT_ON_BALLOT


def test_a_vote_counts_to_the_last_millisecond_and_not_after(group: Group) -> None:
    group.wait(29_999)
    group.cast("a", "run")
    group.wait(1)
    assert group.refused(group.vote("b", "run")) is Reason.LATE
    group.time_over()
    assert group.refused(group.vote("b", "run")) is Reason.LATE


def test_who_may_vote() -> None:
    joined = Group(Rules(who=Who.JOINED))
    joined.open()
    assert joined.refused(joined.vote(GUEST, "run")) is Reason.NOT_ALLOWED
    joined.cast(Voter(GUEST.id, joined=True), "run")
    crew = Group(Rules(who=Who.ROLE, role="crew"))
    crew.open()
    assert crew.refused(crew.vote(Voter("a", joined=True, roles=frozenset({"cook"})), "run")) is Reason.NOT_ALLOWED
    crew.cast(Voter("a", roles=frozenset({"crew"})), "run")
    crew.cast(HOST, "run")


def test_a_vote_weighs_what_its_heaviest_role_does() -> None:
    group = Group(Rules(mode=Mode.WEIGHTED, weights={"captain": 5, "crew": 2}))
    group.open()
    move = group.cast(Voter("a", roles=frozenset({"crew", "captain", "cook"})), "run")
    assert move.vote is not None
    assert move.vote.weight == 5
    assert group.cast("b", "hide").vote == group.votes["b"]
    assert group.votes["b"].weight == 1


def test_weights_are_for_the_weighted_mode_alone() -> None:
    group = Group(Rules(weights={"captain": 5}))
    group.open()
    group.cast(Voter("a", roles=frozenset({"captain"})), "run")
    assert group.votes["a"].weight == 1


def test_rankings_are_kept_only_where_they_count(group: Group) -> None:
    group.cast("a", "run", "hide")
    assert group.votes["a"].ranking == ("run",)
    ranked = Group(Rules(mode=Mode.RANKED))
    ranked.open()
    ranked.cast("a", "run", "hide", "run")
    assert ranked.votes["a"].ranking == ("run", "hide")


def test_a_ballot_closes_once(group: Group) -> None:
    group.cast("a", "hide")
    move = group.time_over()
    assert move.notes == (Note.CLOSED,)
    assert move.verdict is not None
    assert move.verdict.winner == "hide"
    assert group.refused(Close(group.revision)) is Reason.MOVED_ON
    group.open()
    assert group.refused(Close(group.revision - 1)) is Reason.MOVED_ON


def test_a_clock_that_rings_early_is_refused(group: Group) -> None:
    group.wait(29_999)
    assert group.refused(Close(group.revision)) is Reason.NOT_YET


def test_a_ballot_opens_once_and_only_onwards(group: Group) -> None:
    assert group.refused(Open(group.revision, CHOICES)) is Reason.NOTHING_TO_DO
    assert group.refused(Open(group.revision - 1, CHOICES)) is Reason.MOVED_ON


def test_a_session_that_moved_otherwise_takes_its_ballot_along(group: Group) -> None:
    old = group.revision
    group.open("left", "right", default=None)
    assert group.refused(Cast(GUEST, old, ("run",))) is Reason.MOVED_ON
    group.cast("a", "left")


def test_at_an_ending_there_is_nothing_to_vote_on(group: Group) -> None:
    move = group.act(Open(group.revision + 1, ()))
    assert move.close_at is None
    assert group.refused(group.vote("a", "run")) is Reason.LATE
    assert Group().act(Open(1, ())).room.ballot is None


def test_a_default_that_is_not_open_is_none() -> None:
    group = Group()
    group.open(default="fly")
    assert group.ballot.default is None


def test_without_a_clock_only_the_host_closes() -> None:
    group = Group(Rules(seconds=0))
    assert group.open().close_at is None
    group.cast("a", "run")
    group.wait(10**9)
    assert group.refused(Close(group.revision)) is Reason.NOT_YET


def test_too_few_votes_extend_once() -> None:
    group = Group(Rules(quorum=2, short=Short.EXTEND))
    group.open()
    group.cast("a", "run")
    move = group.time_over()
    assert (move.notes, move.verdict, move.close_at) == ((Note.EXTENDED,), None, NOON + 60_000)
    verdict = group.time_over().verdict
    assert verdict is not None
    assert (verdict.winner, verdict.why) == ("wait", Why.DEFAULT)


def test_a_near_tie_is_voted_on_again() -> None:
    group = Group(Rules(mode=Mode.TWO_ROUND, ties=TieRule.DICE))
    group.open()
    for voter, choice in (("a", "run"), ("b", "run"), ("c", "hide"), ("d", "hide"), ("e", "wait")):
        group.cast(voter, choice)
    move = group.time_over()
    assert move.notes == (Note.SECOND_ROUND,)
    assert move.verdict is not None
    assert move.verdict.winner is None
    assert move.close_at == NOON + 60_000
    assert group.ballot.among == ("run", "hide")
    assert group.refused(group.vote("e", "wait")) is Reason.NOT_ON_BALLOT
    assert group.refused(Close(group.revision)) is Reason.NOT_YET
    assert group.cast("a", "run").notes == (Note.UNCHANGED,)
    group.cast("e", "hide")
    last = group.time_over().verdict
    assert last is not None
    assert (last.winner, last.tally.counts) == ("hide", (2, 3))


def test_unanimous_closes_when_all_who_are_there_agree() -> None:
    group = Group(Rules(mode=Mode.UNANIMOUS))
    group.open()
    assert group.cast("a", "run", expected=3).verdict is None
    assert group.cast("b", "hide", expected=3).verdict is None
    assert group.cast("c", "run", expected=3).verdict is None
    move = group.cast("b", "run", expected=3)
    assert move.notes == (Note.CHANGED, Note.CLOSED)
    assert move.vote is not None
    assert move.verdict is not None
    assert (move.verdict.winner, move.verdict.why) == ("run", Why.ALL)


def test_unanimous_among_an_unknown_number_needs_a_quorum() -> None:
    group = Group(Rules(mode=Mode.UNANIMOUS))
    group.open()
    assert group.cast("a", "run").verdict is None
    assert group.cast("b", "run").verdict is None
    group.change(Rules(mode=Mode.UNANIMOUS, quorum=2))
    group.open()
    assert group.cast("a", "run").verdict is None
    assert group.cast("b", "run").verdict is not None


def test_unanimous_without_agreement_takes_the_most_in_the_end() -> None:
    group = Group(Rules(mode=Mode.UNANIMOUS))
    group.open()
    for voter, choice in (("a", "run"), ("b", "run"), ("c", "hide")):
        group.cast(voter, choice, expected=3)
    verdict = group.time_over().verdict
    assert verdict is not None
    assert (verdict.winner, verdict.why) == ("run", Why.MOST)


def test_where_it_is_set_the_last_expected_vote_closes() -> None:
    group = Group(Rules(early=True))
    group.open()
    assert group.cast("a", "run", expected=2).verdict is None
    assert group.cast("a", "hide", expected=2).verdict is None
    assert group.cast("b", "hide", expected=2).verdict is not None
    group.open()
    assert group.cast("a", "run").verdict is None


def test_a_second_round_always_runs_its_time() -> None:
    group = Group(Rules(mode=Mode.TWO_ROUND, early=True))
    group.open()
    group.cast("a", "run", expected=2)
    move = group.cast("b", "hide", expected=2)
    assert move.notes == (Note.ACCEPTED, Note.SECOND_ROUND)
    assert group.cast("a", "hide", expected=2).verdict is None


def test_a_story_does_not_play_on_before_empty_chairs() -> None:
    group = Group()
    for _ in range(IDLE_MOST):
        assert group.open().close_at is not None
        group.time_over()
    move = group.open(after=2000)
    assert (move.notes, move.close_at) == ((Note.OPENED, Note.WAITING), None)
    group.wait(10**9)
    assert group.refused(Close(group.revision)) is Reason.NOT_YET
    woken = group.cast("a", "run")
    assert woken.notes == (Note.ACCEPTED, Note.STARTED)
    assert woken.close_at == group.now + 32_000
    group.time_over()
    assert group.open().close_at is not None


def test_the_host_may_start_the_clock_too() -> None:
    group = Group()
    for _ in range(IDLE_MOST):
        group.open()
        group.time_over()
    group.open()
    assert group.act(Resume(HOST)).close_at == group.now + 30_000


def test_when_the_host_leaves_the_next_takes_over() -> None:
    group = Group(Rules(mode=Mode.HOST))
    group.open()
    group.cast("a", "hide")
    group.cast("b", "run")
    group.cast("c", "run")
    assert group.refused(HostLeft(GUEST.id, "b")) is Reason.NOTHING_TO_DO
    assert group.act(HostLeft(HOST.id, "a")).notes == (Note.TOOK_OVER,)
    verdict = group.time_over().verdict
    assert verdict is not None
    assert (verdict.winner, verdict.why) == ("hide", Why.HOST)


def test_when_nobody_is_left_who_votes_next_takes_over(group: Group) -> None:
    assert group.act(HostLeft(HOST.id, None)).notes == (Note.VACANT,)
    assert group.refused(Pause(HOST)) is Reason.NOT_HOST
    assert group.cast(GUEST, "run").notes == (Note.ACCEPTED, Note.TOOK_OVER)
    assert (group.room.host, group.ballot.host) == (GUEST.id, GUEST.id)
    group.act(Pause(GUEST))


def test_a_stopped_room_does_nothing_more(group: Group) -> None:
    move = group.act(Stop(HOST))
    assert (move.notes, move.close_at) == ((Note.STOPPED,), None)
    for event in (group.vote("a", "run"), Close(group.revision), Open(9, CHOICES), Stop(HOST), HostLeft(HOST.id, None)):
        assert group.refused(event) is Reason.STOPPED
