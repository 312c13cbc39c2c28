"""On random small stories the prover says exactly what the engine does, by either way of searching."""

from __future__ import annotations

import pytest

from bot.play.replay import replay
from bot.story.prover.observed import observed
from bot.story.prover.outcome import Outcome
from bot.story.prover.plays import Plays
from bot.story.prover.regions import Regions
from bot.story.prover.sites import Sites
from bot.story.prover.survey import survey
from bot.story.prover.walker import Walker
from bot.story.story import Story
from tests.bot.story.prover.oracle import Oracle
from tests.bot.story.prover.small_story import small_story

STORIES = 60


def by_plays(story: Story) -> Outcome:
    sites = Sites(story)
    plays = Plays(Walker(story, sites, observed(story, sites)))
    assert plays.search(100_000)
    return plays.outcome(exact=True)


def by_regions(story: Story) -> Outcome:
    sites = Sites(story)
    seen = observed(story, sites)
    regions = Regions(story, sites, seen)
    assert regions.search(1_000_000, 1_000_000)
    return survey(regions, Walker(story, sites, seen), lambda mark: None)


def agree(seed: int, most: int = 80) -> bool:
    """Whether the story could be walked; fails where the prover and the engine differ."""
    story = small_story(seed)
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
        assert len(ways[0]) == len(ways[1]), (seed, mark, ways)
    return True


@pytest.mark.parametrize("seed", range(0, STORIES, 10))
def test_the_prover_and_the_engine_agree(seed: int) -> None:
    walked = [agree(one) for one in range(seed, seed + 10)]
    assert sum(walked) > 3, "too few of these stories were small enough to compare"


@pytest.mark.parametrize("seed", range(0, STORIES, 10))
def test_evidence_can_be_played_and_comes_to_where_it_says(seed: int) -> None:
    story = small_story(seed)
    outcome = by_regions(story)
    for mark in sorted(outcome.marks):
        evidence = outcome.path(mark)
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
