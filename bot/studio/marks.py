"""What is known of each scene, as the creator's map shows it: from counts, from proof, from the clips on disk."""

from __future__ import annotations

from collections.abc import Collection

from bot.chart.blueprint import Mark, Standing
from bot.story.story import Story
from bot.studio.counts import Visits
from bot.studio.tally import Tally


def visits_of(story: Story, tally: Tally) -> Visits:
    """In how many of the plays each scene was visited."""
    return Visits(tally.plays, {id: tally.scenes.plays[id] for id in story.scenes})


def marks_of(
    story: Story, visits: Visits | None, impossible: Collection[str], without_clip: Collection[str]
) -> dict[str, Mark]:
    """A mark for each scene. A scene that was visited is not impossible, whatever was proven of another version."""
    return {id: _mark(id, visits, id in impossible, id in without_clip) for id in story.scenes}


def _mark(id: str, visits: Visits | None, impossible: bool, without_clip: bool) -> Mark:
    plays = None if visits is None else visits.scenes.get(id)
    if plays and visits is not None:
        return Mark(Standing.VISITED, plays, plays / visits.plays, without_clip)
    if impossible:
        return Mark(Standing.IMPOSSIBLE, clip_missing=without_clip)
    if plays == 0:
        return Mark(Standing.UNREACHED, 0, 0.0, without_clip)
    return Mark(clip_missing=without_clip)
