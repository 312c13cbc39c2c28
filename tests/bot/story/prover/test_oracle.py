"""On random small stories the prover says exactly what the engine does, by either way of searching."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.play.dice import seeded
from bot.play.replay import replay
from bot.story.prover.evidence import Evidence
from bot.story.prover.hindsight import Hindsight
from bot.story.prover.mark import Mark
from bot.story.prover.observed import observed
from bot.story.prover.outcome import Outcome
from bot.story.prover.plays import Plays
from bot.story.prover.prove import prove
from bot.story.prover.regions import Regions
from bot.story.prover.sites import Sites
from bot.story.prover.survey import survey
from bot.story.prover.walker import Tangled, Walker
from bot.story.story import Story
from tests.bot.story.prover.oracle import Oracle
from tests.bot.story.prover.small_story import small_story
from tests.fakes.effort import effort

STORIES = effort(60, 3_000)
BLOCK = effort(10, 30)
"""Of how many of them, one after the other, a third must be small enough to be walked."""

GONE_BACK = [(52, False), (208, False), (393, False), (484, False)]
GONE_BACK += [(seed, True) for seed in (12, 113, 145, 170, 208, 229, 275, 299)]
"""Stories in which something is come to only by who goes back, and whether most of their values are kept."""

FAR_BACK = [(247, False), (398, False), (30, True), (231, True), (412, True)]
"""More of them, with too many ways back for the engine to walk all."""


def by_plays(story: Story) -> Outcome:
    sites = Sites(story)
    plays = Plays(Walker(story, sites, observed(story, sites)))
    assert plays.search(100_000)
    return plays.outcome(exact=True)


def by_regions(story: Story) -> Outcome:
    sites = Sites(story)
    seen = observed(story, sites)
    regions = Regions(story, sites, seen)
    hindsight = Hindsight(regions)
    assert regions.search(1_000_000, 1_000_000)
    assert hindsight.search(1_000_000, 1_000_000)
    return survey(regions, Walker(story, sites, seen), lambda mark: None, hindsight)


def goes_back(evidence: Evidence) -> bool:
    return any(move.back for move in evidence)


def agree(seed: int, most: int = 80, *, keeping: bool = False) -> bool:
    """Whether the story could be walked; fails where the prover and the engine differ."""
    story = small_story(seed, keeping=keeping)
    walked = Oracle(story, most).walked
    if walked is None:
        return False
    outcomes = [by_plays(story), by_regions(story)]
    for outcome in outcomes:
        assert outcome.marks == walked.marks, (seed, outcome.marks ^ walked.marks)
        assert outcome.traps.keys() == walked.traps, seed
        assert outcome.shortest == walked.shortest, seed
        assert outcome.longest == walked.longest, seed
    one, other = outcomes
    assert one.states == other.states, seed
    for mark in one.marks:
        ways = one.path(mark), other.path(mark)
        assert goes_back(ways[0]) == goes_back(ways[1]), (seed, mark, ways)
        assert len(ways[0]) == len(ways[1]) or goes_back(ways[0]), (seed, mark, ways)
    return True


@pytest.mark.parametrize("seed", range(0, STORIES, BLOCK))
def test_the_prover_and_the_engine_agree(seed: int) -> None:
    walked = [agree(one) for one in range(seed, seed + BLOCK)]
    assert sum(walked) > BLOCK / 3, "too few of these stories were small enough to compare"


@pytest.mark.parametrize(("seed", "keeping"), GONE_BACK)
def test_they_agree_on_what_only_who_goes_back_comes_to(seed: int, keeping: bool) -> None:
    assert agree(seed, keeping=keeping)
    outcome = by_plays(small_story(seed, keeping=keeping))
    assert any(goes_back(outcome.path(mark)) for mark in outcome.marks)


@pytest.mark.parametrize(("seed", "keeping"), FAR_BACK)
def test_however_far_one_must_go_back_both_ways_of_searching_agree(seed: int, keeping: bool) -> None:
    story = small_story(seed, keeping=keeping)
    one, other = by_plays(story), by_regions(story)
    assert (one.states, one.marks, one.longest) == (other.states, other.marks, other.longest)
    assert one.shortest == other.shortest
    assert one.traps.keys() == other.traps.keys()
    for outcome in (one, other):
        ways = {mark: outcome.path(mark) for mark in outcome.marks}
        assert any(goes_back(way) for way in ways.values())
        comes_to_where_it_says(story, ways)
        for way in outcome.traps.values():
            assert list(replay(story, way))


@pytest.mark.parametrize("seed", range(0, STORIES, 10))
def test_evidence_can_be_played_and_comes_to_where_it_says(seed: int) -> None:
    story = small_story(seed)
    try:
        outcome = by_regions(story)
        ways = {mark: outcome.path(mark) for mark in outcome.marks}
    except Tangled:
        # Its dice go in too many ways for one to be looked for: then the report claims no more than it can show.
        report = prove(story, seeded(seed, 0))
        assert not report.proven
        shown = [one.evidence for one in report.findings if one.proven]
        assert all(evidence is not None and list(replay(story, evidence)) for evidence in shown)
        return
    comes_to_where_it_says(story, ways)


def comes_to_where_it_says(story: Story, ways: Mapping[Mark, Evidence]) -> None:
    for mark, evidence in ways.items():
        *_, last = replay(story, evidence)
        told = [card.scene for card in last.cards]
        if mark.what == "scene":
            assert mark.where in told
        if mark.what in ("stuck", "endless"):
            assert last.cards[-1].stuck
        if mark.what == "open":
            scene, _, choice = mark.where.partition(".")
            shut = [option.locked for option in last.cards[-1].options if option.id == choice]
            assert (told[-1], shut) == (scene, [False])
        if mark.what == "default":
            assert evidence[-1].timed
            assert evidence[-1].choice not in story.scenes[mark.where].default
