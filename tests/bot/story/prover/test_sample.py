"""Random plays are as many as were asked for, or as many as the work for them allows."""

from __future__ import annotations

from bot.play.dice import seeded
from bot.story.prover.observed import observed
from bot.story.prover.sample import sample
from bot.story.prover.sites import Sites
from bot.story.prover.walker import Walker
from tests.bot.story.prover.small_story import small_story

TANGLED = 260
"""A story that goes round and round as soon as it begins: 200 moves of it are 200 ways through all of its scenes."""


def walker_of(seed: int) -> Walker:
    story = small_story(seed)
    sites = Sites(story)
    return Walker(story, sites, observed(story, sites))


def test_a_tangled_story_is_played_no_longer_than_the_work_allows() -> None:
    walker = walker_of(TANGLED)
    sample(walker, 1, 1_000_000_000, seeded(1, 0))
    one = walker.looked
    found = sample(walker, 1_000_000_000, one * 3, seeded(1, 0))
    assert one * 4 <= walker.looked <= one * 8
    assert found


def test_the_same_dice_find_the_same() -> None:
    assert sample(walker_of(1), 3, 1_000_000, seeded(7, 0)) == sample(walker_of(1), 3, 1_000_000, seeded(7, 0))
