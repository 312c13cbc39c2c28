"""Trials are real plays: the engine, event by event, goes the same way to the same end."""

from __future__ import annotations

from itertools import pairwise

import pytest

from bot.play.state import FOLDED, Base
from bot.play.step import Step
from bot.play.walk import Walk
from bot.story.story import Story
from bot.studio.trial import Outcome, Trial, trial, wordless
from bot.studio.whim import Habits, answers
from tests.bot.play.dramas import DRAMAS, drama, made_up
from tests.bot.story.draft import scenes
from tests.bot.studio.witness import steps

HABITS = Habits(seed=3, late=30, most=60)


def tried(story: Story, number: int, habits: Habits = HABITS) -> Trial:
    return trial(wordless(story), habits, answers(story), number)


def outcome(last: Step) -> Outcome:
    card = last.cards[-1]
    return Outcome.ENDED if card.ending else Outcome.STUCK if card.stuck else Outcome.ENDLESS


def agrees(story: Story, number: int) -> None:
    """Whether the `number`-th trial is the play that the engine gives, in everything that it says."""
    found, taken = tried(story, number), list(steps(story, HABITS, number))
    state = taken[-1].branch_state
    assert (found.outcome, found.scene, found.choices) == (outcome(taken[-1]), state.scene, state.revision)
    assert (found.visits, found.chosen, found.moments[-1]) == (state.visits, state.chosen, state.values)
    assert found.timed == [
        f"{fact.scene}.{fact.choice}" for one in taken for fact in one.facts if fact.kind == "timeout"
    ]
    values = [one.branch_state.values for one in taken]
    assert found.moments == [values[0], *(after for before, after in pairwise(values) if after != before)]
    kept = state.path[1:] if state.path[0].startswith(FOLDED) else state.path
    assert found.path[len(found.path) - len(kept) :] == kept


@pytest.mark.parametrize("name", DRAMAS)
def test_the_dramas_that_ship_are_played_as_the_engine_plays_them(name: str) -> None:
    for number in range(300):
        agrees(drama(name), number)


@pytest.mark.parametrize("first", range(0, 120, 20))
def test_so_is_any_story(first: int) -> None:
    for seed in range(first, first + 20):
        for number in range(25):
            agrees(made_up(seed), number)


def test_stories_made_up_for_these_tests_come_to_every_outcome() -> None:
    assert {tried(made_up(seed), number).outcome for seed in range(20) for number in range(5)} == set(Outcome)


def test_the_path_is_one_that_can_be_walked_again() -> None:
    story = drama("last-train-home")
    found = tried(story, 5)
    base = Base(tuple(variable.start for variable in story.variables))
    again = Walk.again(story, story.language, base, found.path)
    assert (again.scene, again.visits, tuple(again.values)) == (found.scene, found.visits, found.moments[-1])


CIRCLE = "a: {choices: {on: {label: On, to: b}}}\nb: {to: c}\nc: {to: b}\nend: {ending: {title: E, kind: open}}"


def test_a_circle_without_choices_is_a_dead_end() -> None:
    found = tried(scenes(CIRCLE), 0)
    assert (found.outcome, found.choices) == (Outcome.STUCK, 1)
    assert found.path[:4] == ("a", ">on", "b", "c")


def test_a_circle_of_choices_is_given_up_after_as_many_as_allowed() -> None:
    story = scenes("a: {choices: {again: {label: Again, to: a}}}\nend: {ending: {title: E, kind: open}}")
    found = tried(story, 0, Habits(most=7))
    assert (found.outcome, found.choices, found.visits) == (Outcome.ENDLESS, 7, {"a": 8})


def test_a_story_that_ends_at_once_has_no_choice() -> None:
    found = tried(scenes("end: {ending: {title: E, kind: open}}"), 0)
    assert (found.outcome, found.choices, found.path) == (Outcome.ENDED, 0, ("end",))
