"""The recap of an evening: what stands, who is named, where the room parted, and which endings were reached."""

from __future__ import annotations

from fractions import Fraction

import pytest

from bot.play.path import ChoicePoint
from bot.watch.ballot import Ballot
from bot.watch.course import GONE, Course, decided_on
from bot.watch.recap import Ending, Fork, Often, Recap, recap
from bot.watch.rules import Mode, Rules, TieRule
from bot.watch.verdict import Why
from tests.bot.watch.group import NOON, SEED, vote, votes

CHOICES = ("run", "hide", "wait")
RULES = Rules(ties=TieRule.DEFAULT)


def evening(*held: str, begin: int = 0, ending: str | None = None, rules: Rules = RULES) -> Course:
    """A course of ballots: "run: run hide run" was won by run; voters are v0, v1, ... and "-" did not vote."""
    ballots, cast, points = [], {}, []
    for revision, word in enumerate(held, begin):
        winner, _, wanted = word.partition(": ")
        ballots.append((Ballot(revision, CHOICES, NOON, rules, "v0", "wait", closed=True), winner))
        cast[revision] = {voter: one for voter, one in votes(*wanted.split()).items() if one.ranking != ("-",)}
        points.append(ChoicePoint(2 * revision, f"s{revision}", winner, timed_out=False))
    return Course(SEED, ballots, cast, points, ending)


def told(main: Course, *forks: Fork) -> Recap:
    return recap(main, forks, {}, ())


def scenes(made: Recap) -> list[tuple[list[str], list[str], list[str]]]:
    """Of each stretch the scenes decided together, in the main branch and in the other."""
    found = []
    for stretch in made.stretches:
        sides = (stretch.split.main.decided, stretch.split.other.decided) if stretch.split else ((), ())
        found.append(tuple([one.scene for one in part] for part in (stretch.decided, *sides)))
    return found  # type: ignore[return-value]


def test_a_decision_says_who_won_by_how_much_and_over_what() -> None:
    (one,) = decided_on(evening("run: run run run hide hide wait"))
    assert (one.scene, one.choice, one.why, one.percent, one.voters) == ("s0", "run", Why.MOST, 50, 6)
    assert (one.runner_up, one.runner_up_percent, one.margin) == ("hide", 33, Fraction(1, 6))
    assert one.swing == ()


def test_equals_have_equal_shares() -> None:
    (one,) = decided_on(evening("wait: run hide wait"))
    assert (one.why, one.runner_up) == (Why.TIE_DEFAULT, "run")
    assert one.margin == 0
    assert one.percent == one.runner_up_percent
    assert one.swing == ("v2",)


def test_a_ranked_vote_is_told_by_its_last_round() -> None:
    ranked = Rules(mode=Mode.RANKED, ties=TieRule.DEFAULT)
    (one,) = decided_on(evening("hide: run run hide hide wait>hide", rules=ranked))
    assert (one.percent, one.runner_up, one.runner_up_percent, one.voters) == (60, "run", 40, 5)


def test_the_lot_may_take_the_lesser() -> None:
    lottery = Rules(mode=Mode.HOST)
    (one,) = decided_on(evening("run: run hide hide", rules=lottery))
    assert (one.why, one.margin, one.percent, one.runner_up_percent) == (Why.HOST, Fraction(-1, 3), 33, 67)
    assert one.swing == ("v0",)


def test_where_nobody_voted_there_are_no_shares() -> None:
    (one,) = decided_on(evening("wait: -"))
    assert (one.why, one.percent, one.runner_up, one.voters) == (Why.DEFAULT, 0, None, 0)
    assert one.margin == 0


def test_of_a_vote_that_was_held_again_only_the_last_stands() -> None:
    made = evening("run: run", "hide: hide", "wait: wait wait")
    path = [made.points[0], ChoicePoint(4, "s1", "wait", timed_out=False)]
    first, again = decided_on(Course(SEED, made.ballots, made.votes, path))
    assert (first.revision, first.scene, first.choice) == (0, "s0", "run")
    assert (again.revision, again.scene, again.choice) == (2, "s1", "wait")


def test_a_vote_held_again_with_the_same_winner_is_one_decision() -> None:
    made = evening("run: run", "run: run run")
    (one,) = decided_on(Course(SEED, made.ballots, made.votes, made.points[:1]))
    assert (one.revision, one.scene, one.voters) == (1, "s0", 2)


def test_who_told_you_so_and_who_was_outvoted() -> None:
    made = told(evening("run: run run hide", "run: run run hide", "hide: run hide hide"))
    assert made.told_you == Often(("v1",), 3, 3)
    assert made.outvoted == Often(("v2",), 2, 3)


def test_those_who_are_level_are_all_named_by_id_in_whatever_order_they_voted() -> None:
    made = told(evening("run: run run hide hide run"))
    assert made.told_you == Often(("v0", "v1", "v4"), 1, 1)
    assert made.outvoted == Often(("v2", "v3"), 1, 1)
    turned = evening("run: run run hide hide run")
    last_first = dict(list(turned.votes[0].items())[::-1])
    backwards = Course(SEED, turned.ballots, {0: last_first}, turned.points)
    assert told(backwards) == made


def test_as_often_right_in_fewer_votes_is_more() -> None:
    made = told(evening("run: run run hide", "hide: hide - hide", "hide: run hide hide"))
    assert made.told_you == Often(("v1",), 2, 2)


def test_nobody_was_right_where_the_story_decided() -> None:
    quorum = Rules(quorum=3)
    made = told(evening("wait: run wait", rules=quorum))
    assert (made.told_you, made.outvoted, made.closest) == (None, None, ())


def test_the_forgotten_count_but_are_not_named() -> None:
    ballot = Ballot(0, CHOICES, NOON, RULES, None, "wait", closed=True)
    cast = {voter: vote(voter, choice) for voter, choice in ((f"{GONE}1", "run"), ("v1", "run"), ("v2", "wait"))}
    course = Course(SEED, [(ballot, "run")], {0: cast}, [ChoicePoint(0, "s0", "run", timed_out=False)])
    made = told(course)
    assert made.stretches[0].decided[0].swing == ("v1",)
    assert made.told_you == Often(("v1",), 1, 1)


def test_the_closest_vote_or_several() -> None:
    made = told(evening("run: run run hide", "hide: run hide hide", "run: run run run hide", "wait: -", "run: run"))
    assert [one.scene for one in made.closest] == ["s0", "s1"]


def forked(*, met: bool = True, length: int = 5) -> Recap:
    main = evening(*["run: run run hide"] * length, ending="home")
    others = evening("hide: - - hide", "wait: - - wait", begin=2, ending=None if met else "alone")
    fork = Fork(1, "hide", others, "s4" if met else None, 4 if met else None)
    return recap(main, [fork], {"home": 90, "alone": 9, "lost": 1}, ("alone", "home", "lost", "never"))


def test_a_forked_evening_has_both_sides_and_where_they_met() -> None:
    made = forked()
    assert scenes(made) == [(["s0", "s1"], ["s2", "s3"], ["s2", "s3"]), (["s4"], [], [])]
    split = made.stretches[0].split
    assert split is not None
    assert (split.main.choice, split.other.choice, split.met) == ("run", "hide", "s4")
    assert (split.main.ending, split.other.ending, made.ending) == (None, None, "home")


def test_where_they_never_met_each_side_has_its_ending() -> None:
    made = forked(met=False)
    assert scenes(made) == [(["s0", "s1"], ["s2", "s3", "s4"], ["s2", "s3"])]
    split = made.stretches[0].split
    assert split is not None
    assert (split.main.ending, split.other.ending, split.met) == ("home", "alone", None)


def test_an_evening_may_part_more_than_once() -> None:
    main = evening(*["run: run run hide"] * 7, ending="home")
    first = Fork(1, "hide", evening("wait: wait", begin=2), "s3", 3)
    second = Fork(4, "wait", evening("run: run", begin=5, ending="alone"))
    assert scenes(told(main, second, first)) == [
        (["s0", "s1"], ["s2"], ["s2"]),
        (["s3", "s4"], ["s5", "s6"], ["s5"]),
    ]
    apart = Fork(1, "hide", evening("wait: wait", begin=2, ending="alone"))
    assert scenes(told(main, apart, second)) == [
        (["s0", "s1"], ["s2", "s3", "s4"], ["s2"]),
        ([], ["s5", "s6"], ["s5"]),
    ]


def test_where_the_room_parted_nobody_was_outvoted() -> None:
    main = evening("run: run run hide")
    assert told(main).outvoted == Often(("v2",), 1, 1)
    made = told(main, Fork(0, "hide", evening("wait: - - wait", begin=1)))
    assert (made.outvoted, made.told_you) == (None, Often(("v2",), 1, 1))


@pytest.mark.parametrize("met", [True, False])
def test_the_endings_and_how_many_come_to_them(met: bool) -> None:
    home, alone = Ending("home", True, 90), Ending("alone", not met, 9)
    assert forked(met=met).endings == (home, alone, Ending("lost", False, 1), Ending("never", False, 0))


def test_an_ending_that_hardly_anybody_found_was_found() -> None:
    made = recap(evening(ending="rare"), [], {"common": 5000, "rare": 1}, ("common", "rare"))
    assert made.endings == (Ending("rare", True, 1), Ending("common", False, 100))


def test_an_evening_without_a_decision() -> None:
    made = told(evening())
    assert scenes(made) == [([], [], [])]
    assert (made.ending, made.told_you, made.closest, made.endings) == (None, None, (), ())
