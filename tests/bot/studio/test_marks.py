"""Marks on the creator's map: what was visited, what was not, what is proven, and whose clip is not there."""

from __future__ import annotations

from bot.chart.blueprint import Mark, Standing
from bot.studio.counts import Visits, counts_csv, read_visits
from bot.studio.marks import marks_of, visits_of
from bot.studio.trials import Trials
from bot.studio.whim import Habits
from tests.bot.play.dramas import drama
from tests.bot.story.draft import scenes

STORY = scenes("a: {to: b}\nb: {ending: {title: E, kind: open}}\nc: {to: b}\nd: {to: c}")


def test_every_scene_has_the_mark_that_it_earned() -> None:
    visits = Visits(200, {"a": 200, "b": 50, "c": 0})
    assert marks_of(STORY, visits, {"c"}, {"a", "d"}) == {
        "a": Mark(Standing.VISITED, 200, 1.0, clip_missing=True),
        "b": Mark(Standing.VISITED, 50, 0.25),
        "c": Mark(Standing.IMPOSSIBLE),
        "d": Mark(clip_missing=True),
    }
    assert marks_of(STORY, visits, (), ())["c"] == Mark(Standing.UNREACHED, 0, 0.0)


def test_without_counts_only_proof_says_something_of_reaching() -> None:
    assert marks_of(STORY, None, {"c", "d"}, ()) == {
        "a": Mark(),
        "b": Mark(),
        "c": Mark(Standing.IMPOSSIBLE),
        "d": Mark(Standing.IMPOSSIBLE),
    }


def test_what_was_visited_is_not_called_impossible() -> None:
    assert marks_of(STORY, Visits(10, {"c": 1}), {"c"}, ())["c"].standing is Standing.VISITED


def test_trials_and_their_table_say_the_same() -> None:
    story = drama("airlock-nine")
    tally = Trials(story, Habits()).play(range(60))
    assert visits_of(story, tally) == read_visits(counts_csv(story, tally))
