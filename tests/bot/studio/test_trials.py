"""Many trials: counted right, the same however they are parted, and faults with the way that leads there."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import reduce

import pytest

from bot.play.path import scenes_walked
from bot.story.story import Story
from bot.studio.tally import Evidence, Tally
from bot.studio.trial import Outcome, trials_of, wordless
from bot.studio.trials import Trials, batches
from bot.studio.whim import Habits, answers
from tests.bot.play.dramas import drama, made_up
from tests.bot.story.draft import scenes

HABITS = Habits(seed=1, most=50)

TRAP = """
a:
  choices:
    left: {label: L, do: n += 1, to: a}
    right: {label: R, to: hall}
hall: {route: [{if: n > 1, to: end}]}
far: {to: end}
end: {ending: {title: E, kind: open}}
"""
COUNTER = "variables:\n  n: {type: integer, from: 0, to: 3}\n"


def merged(story: Story, tallies: list[Tally]) -> Tally:
    def together(one: Tally, other: Tally) -> Tally:
        one.merge(other)
        return one

    return reduce(together, tallies, Tally.of(story))


@pytest.mark.parametrize("seed", [3, 5, 8])
def test_parted_anyhow_the_plays_are_the_same(seed: int) -> None:
    story = made_up(seed)
    ready = Trials(story, HABITS)
    whole = ready.play(range(200))
    parts = [ready.play(part) for part in (range(120, 200), range(7), range(7, 120))]
    assert merged(story, parts) == whole


def test_played_by_several_processes_at_once_they_are_the_same() -> None:
    story = replace(drama("salt-and-sugar"), seconds={"first-bowl": 7.5})
    alone = merged(story, list(batches(story, HABITS, 1100)))
    at_once = merged(story, list(batches(story, HABITS, 1100, at_once=2)))
    assert alone == at_once
    assert alone.plays == 1100


def test_what_is_counted_is_what_the_plays_did() -> None:
    story = drama("last-train-home")
    silent, texts = wordless(story), answers(story)
    plays = [play for viewer in range(17) for play in trials_of(silent, HABITS, texts, viewer)]
    tally = Trials(story, HABITS).play(range(51))
    for scene in story.scenes:
        assert tally.scenes.plays[scene] == sum(scene in play.visits for play in plays)
        assert tally.scenes.times(scene) == sum(play.visits.get(scene, 0) for play in plays)
    assert tally.endings == Counter(play.scene for play in plays)
    assert tally.lengths == Counter(play.choices for play in plays)
    assert sum(tally.timed.values()) == sum(len(play.timed) for play in plays) > 0
    for index, values in enumerate(tally.values):
        assert +values == Counter(play.moments[-1][index] for play in plays)
        assert set(values) == {moment[index] for play in plays for moment in play.moments}


def test_running_time_counts_a_scene_as_often_as_it_is_seen() -> None:
    story = replace(scenes(TRAP, COUNTER), seconds={"a": 10.0, "end": 2.4})
    tally = Trials(story, HABITS).play(range(200))
    expected = Counter({10 * choices + 2: plays for choices, plays in tally.lengths.items()})
    assert len(expected) > 3
    assert tally.seconds == expected


def test_a_dead_end_is_shown_by_the_shortest_way_there() -> None:
    tally = Trials(scenes(TRAP, COUNTER), HABITS).play(range(200))
    assert set(tally.faults[Outcome.STUCK]) == {"hall"}
    evidence = tally.evidence[Outcome.STUCK, "hall"]
    assert scenes_walked(evidence.path) == [("a", None), ("hall", "right")]
    assert sum(tally.endings.values()) + tally.faults[Outcome.STUCK]["hall"] == 200


def test_of_two_such_plays_the_first_is_kept_in_whatever_order_they_are_counted() -> None:
    early, late, long = Evidence(0, 2, 4, ("a",)), Evidence(0, 2, 9, ("b",)), Evidence(1, 1, 0, ("c",))
    for order in ((early, late, long), (long, late, early)):
        total = Tally(())
        for one in order:
            total.merge(Tally((), evidence={(Outcome.STUCK, "hall"): one}))
        assert total.evidence == {(Outcome.STUCK, "hall"): early}


def test_a_play_without_end_is_counted_and_has_no_length() -> None:
    story = scenes("a: {choices: {again: {label: A, to: a}}}\nend: {ending: {title: E, kind: open}}")
    tally = Trials(story, Habits(most=9)).play(range(5))
    assert tally.faults[Outcome.ENDLESS] == {"a": 5}
    assert not tally.lengths
    assert tally.evidence[Outcome.ENDLESS, "a"].choices == 9
