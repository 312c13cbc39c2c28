"""Figures say what the counts say, and a fault's link leads to where plays stop."""

from __future__ import annotations

import pickle
from dataclasses import replace

from bot.story.story import Story
from bot.studio.counts import counts_csv, read_visits
from bot.studio.figures import MOST_VALUES, Figures, Hit, figures_of
from bot.studio.rehearsal import Rehearsal
from bot.studio.tally import Tally
from bot.studio.trial import Outcome
from bot.studio.trials import Trials
from bot.studio.whim import Habits
from tests.bot.play.dramas import drama, made_up
from tests.bot.story.draft import scenes

PLAYS = 300


def played(story: Story, seed: int = 1, most: int = 50) -> tuple[Tally, Figures]:
    trials = Trials(story, Habits(seed, most=most))
    tally = trials.play(range(PLAYS))
    return tally, figures_of(story, trials, tally)


def test_figures_are_the_counts() -> None:
    story = replace(drama("last-train-home"), seconds={"whistle": 5.0})
    tally, figures = played(story)
    assert (figures.plays, figures.seed, figures.story_id, figures.version) == (PLAYS, 1, story.id, story.version)
    assert [hit.id for hit in figures.scenes] == list(story.scenes)
    assert figures.scenes[0] == Hit(story.start, PLAYS, tally.scenes.times(story.start))
    assert {hit.id: hit.late for hit in figures.choices if hit.late} == +tally.timed
    assert dict(figures.endings) == {ending: tally.endings[ending] for ending in story.endings}
    assert figures.lengths is not None
    assert sum(bar.plays for bar in figures.lengths.bars) == sum(tally.endings.values())
    assert figures.seconds is not None
    assert figures.csv == counts_csv(story, tally)
    assert figures.visits == read_visits(figures.csv)
    assert pickle.loads(pickle.dumps(figures)) == figures


def test_without_a_clip_nothing_is_said_of_time_and_without_an_end_nothing_of_length() -> None:
    _, figures = played(scenes("a: {choices: {b: {label: B, to: a}}}\ne: {ending: {title: E, kind: open}}"))
    assert (figures.seconds, figures.lengths) == (None, None)
    assert [(fault.outcome, fault.scene, fault.plays) for fault in figures.faults] == [(Outcome.ENDLESS, "a", PLAYS)]


def test_what_variables_ever_were() -> None:
    head = "variables:\n  n: {type: integer, from: -9, to: 9}\n  met: {type: flag}\n"
    text = "a: {choices: {up: {label: U, do: n += 1, to: a}, out: {label: O, do: met = true, to: e}}}\n"
    _, figures = played(scenes(text + "e: {ending: {title: E, kind: open}}", head))
    n, met = figures.variables
    assert (n.name, n.least, n.most is not None and n.most > 3) == ("n", 0, True)
    assert len(n.values) == MOST_VALUES
    assert n.more > 0
    assert (met.name, met.least, met.most, met.more) == ("met", None, None, 0)
    assert met.values == (("true", PLAYS), ("false", 0))


def test_a_fault_is_linked_to_where_it_shows() -> None:
    followed = later = 0
    for seed in range(30):
        story = made_up(seed)
        tally, figures = played(story, seed)
        for fault in figures.faults:
            assert fault.link is not None
            there = Rehearsal.at(story, fault.link)
            evidence = tally.evidence[fault.outcome, fault.scene]
            assert there.state.scene == fault.scene
            assert there.card.stuck is (fault.outcome is Outcome.STUCK)
            assert there.state.path == evidence.path or len(evidence.path) > len(there.state.path)
            followed += 1
            later += bool(fault.round)
    assert followed > 10


def test_a_fault_of_a_later_round_begins_with_what_is_kept() -> None:
    text = "a: {choices: {on: {label: On, to: e}, more: {label: M, if: won, to: gap}}}\ngap: {look: fog}\n"
    head = "variables:\n  won: {type: flag, keep: true}\n"
    story = scenes(text + "e: {enter: [{do: won = true}], ending: {title: E, kind: open}}", head)
    _, figures = played(story)
    [fault] = figures.faults
    assert (fault.scene, fault.round > 0) == ("gap", True)
    assert fault.link is not None
    there = Rehearsal.at(story, fault.link)
    assert (there.state.scene, there.state.values, there.state.base.ended) == ("gap", (True,), frozenset({"e"}))
