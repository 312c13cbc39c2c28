"""Of an episode too long for a phone, the scenes around the viewer."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from bot.chart.chart import Chart

MOST_NEAR = 44
"""Scenes of the viewer's episode on a phone; about as many rows as chats show without shrinking the picture."""


def near(chart: Chart, most: int = MOST_NEAR) -> tuple[Chart, int]:
    """The chart with at most so many scenes of the viewer's episode, the nearest ones, and how many were left out."""
    here = next((scene for scene in chart.scenes if scene.here), None)
    if here is None:
        return chart, 0
    episode = {scene.id for scene in chart.scenes if scene.episode == here.episode}
    dropped = episode.difference(_nearest(chart, here.id, episode, most))
    if not dropped:
        return chart, 0
    scenes = tuple(scene for scene in chart.scenes if scene.id not in dropped)
    ways = tuple(way for way in chart.ways if way.start not in dropped and way.to not in dropped)
    led_to = {way.to for way in ways}
    # a question mark to which nothing leads any more says nothing
    scenes = tuple(scene for scene in scenes if scene.seen or scene.id in led_to)
    return replace(chart, scenes=scenes, ways=ways), len(chart.scenes) - len(scenes)


def _nearest(chart: Chart, start: str, episode: set[str], most: int) -> list[str]:
    """Scenes of the episode in the order of how many steps away they are, whichever way."""
    beside: dict[str, list[str]] = defaultdict(list)
    for way in chart.ways:
        beside[way.start].append(way.to)
        beside[way.to].append(way.start)
    found = {start: True}
    for scene in (waiting := [start]):
        if len(waiting) >= most:
            break
        for to in beside[scene]:
            if to in episode and to not in found:
                found[to] = True
                waiting.append(to)
    return waiting[:most]
