"""Reach: which scenes can still come, as the shape of a story tells."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from bot.story.checks import ways
from bot.story.story import Story

_STORIES = 32
_SCENES = 2_000
"""Stories and scenes remembered; what they hold are references to ids the stories have anyway."""


@lru_cache(_SCENES)
def reachable(story: Story, scene: str) -> frozenset[str]:
    """Every scene that one or more steps from that one can lead to; the scene itself only where a way leads back."""
    onward = _onward(story)
    reached = set(onward[scene])
    frontier = list(reached)
    while frontier:
        for to in onward[frontier.pop()] - reached:
            reached.add(to)
            frontier.append(to)
    return frozenset(reached)


@lru_cache(_STORIES)
def _onward(story: Story) -> Mapping[str, frozenset[str]]:
    # A story is compared by identity: a version in memory is one object.
    return {id: frozenset(ways(scene)) for id, scene in story.scenes.items()}
