"""Trials are real plays: the engine, event by event, goes the same way to the same end."""

from __future__ import annotations

from itertools import pairwise

import pytest

from bot.play.state import FOLDED, Base
from bot.play.step import Step
from bot.play.walk import Walk
from bot.story.story import Story
from bot.studio.trial import Outcome, Trial, trials_of, wordless
from bot.studio.whim import Habits, answers
from tests.bot.play.dramas import DRAMAS, drama, made_up
from tests.bot.story.draft import scenes
from tests.bot.studio.witness import plays

HABITS = Habits(seed=3, late=30, most=60)
ONCE = Habits(seed=3, late=30, most=60, rounds=1)


def tried(story: Story, viewer: int, habits: Habits = ONCE) -> Trial:
    """The first play of a viewer."""
    return next(trials_of(wordless(story), habits, answers(story), viewer))


def outcome(last: Step) -> Outcome:
    card = last.cards[-1]
    return Outcome.ENDED if card.ending else Outcome.STUCK if card.stuck else Outcome.ENDLESS


def agrees(story: Story, viewer: int) -> None:
    """Whether all trials of a viewer are the plays that the engine gives them, in everything that is told of them."""
    found = list(trials_of(wordless(story), HABITS, answers(story), viewer))
    taken = list(plays(story, HABITS, viewer))
    assert [trial.number for trial in found] == [viewer * 3, viewer * 3 + 1, viewer * 3 + 2]
    for trial, steps in zip(found, taken, strict=True):
        agrees_with(trial, steps)


def agrees_with(found: Trial, steps: list[Step]) -> None:
    state = steps[-1].branch_state
    assert (found.outcome, found.scene, found.choices) == (outcome(steps[-1]), state.scene, len(steps) - 1)
    assert (found.visits, found.chosen, found.ended) == (state.visits, state.chosen, state.ended)
    late = [f"{fact.scene}.{fact.choice}" for one in steps for fact in one.facts if fact.kind == "timeout"]
    assert found.timed == late
    values = [one.branch_state.values for one in steps]
    assert found.moments == [values[0], *(after for before, after in pairwise(values) if after != before)]
    kept = state.path[1:] if state.path[0].startswith(FOLDED) else state.path
    assert found.path[len(found.path) - len(kept) :] == kept


@pytest.mark.parametrize("name", DRAMAS)
def test_the_dramas_that_ship_are_played_as_the_engine_plays_them(name: str) -> None:
    for viewer in range(50):
        agrees(drama(name), viewer)


@pytest.mark.parametrize("first", range(0, 120, 20))
def test_so_is_any_story(first: int) -> None:
    for seed in range(first, first + 20):
        for viewer in range(6):
            agrees(made_up(seed), viewer)


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


def test_who_plays_again_knows_what_is_kept() -> None:
    story = scenes(
        """
        a: {choices: {on: {label: On, to: end}, more: {label: More, if: ended(end) and wise, to: secret}}}
        end: {enter: [{do: [wise = true, lost = true]}], ending: {title: E, kind: open}}
        secret: {ending: {title: S, kind: secret}}
        """,
        "variables:\n  wise: {type: flag, keep: true}\n  lost: {type: flag}\n",
    )
    lives = [list(trials_of(wordless(story), Habits(rounds=2), answers(story), viewer)) for viewer in range(20)]
    assert {(first.scene, first.round) for first, _ in lives} == {("end", 0)}
    assert {(second.scene, second.round) for _, second in lives} == {("end", 1), ("secret", 1)}
    assert {second.moments[0] for _, second in lives} == {(True, False)}
