"""The map as the page reads it."""

from __future__ import annotations

from typing import Any

from adapters.web.view import path
from bot.chart.chart import Chart, chart_of
from bot.event import Answer

Json = dict[str, Any]


def chart(answer: Answer) -> Json:
    """The viewer's map, and the path that a rewind can take them back on."""
    options = {option.id for option in answer.cards[-1].options} if answer.cards else set()
    return {**_json(chart_of(answer.story, answer.state, options)), "path": path(answer.story, answer.state)}


def _json(drawn: Chart) -> Json:
    return {
        "scenes": [
            {
                "id": scene.id,
                "title": scene.title,
                "episode": scene.episode,
                "seen": scene.seen,
                "here": scene.here,
                "ending": scene.ending,
            }
            for scene in drawn.scenes
        ],
        "edges": [
            {"from": way.start, "to": way.to, "choice": way.choice, "label": way.label, "walked": way.walked}
            for way in drawn.ways
        ],
        "episodes": [{"id": episode.id, "title": episode.title} for episode in drawn.episodes],
    }
