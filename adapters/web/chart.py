"""The map as the page reads it: what the viewer saw, where they are, and one step into the unknown."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from adapters.web.view import path, scene_title
from bot.event import Answer
from bot.play.path import scenes_walked
from bot.story.story import Candidate, Route, Scene

Json = dict[str, Any]
Edge = tuple[str, str, str | None]
"""(from scene, to scene, the choice taken or None where the story goes on by itself)."""


def chart(answer: Answer) -> Json:
    """Scenes seen in any playthrough by name, those one step further without; nothing else of the story shows."""
    story, state = answer.story, answer.state
    wording = story.wording(state.language)
    seen = state.visits.keys() | state.seen
    edges = [edge for scene in story.scenes.values() if scene.id in seen for edge in ways(scene)]
    walked = _walked(state.path)
    shown = seen | {to for _, to, _ in edges}
    return {
        "scenes": [
            {
                "id": scene.id,
                "title": scene_title(wording, scene.id) if scene.id in seen else "",
                "episode": scene.episode,
                "seen": scene.id in seen,
                "here": scene.id == state.scene,
                "ending": scene.ending if scene.id in seen else None,
            }
            for scene in story.scenes.values()
            if scene.id in shown
        ],
        "edges": [
            {"from": start, "to": to, "choice": choice, "label": _label(answer, start, choice), "walked": walk}
            for start, to, choice in edges
            for walk in ((start, to, choice) in walked,)
        ],
        "episodes": [
            {"id": episode.id, "title": wording.plain(f"episode/{episode.id}")}
            for episode in story.episodes.values()
            if seen.intersection(episode.scenes)
        ],
        "path": path(story, state),
    }


def ways(scene: Scene) -> list[Edge]:
    """Every way out of a scene, whatever its conditions."""
    if scene.route is not None:
        return [(scene.id, to, None) for to in dict.fromkeys(targets(scene.route))]
    return [
        (scene.id, to, choice.id)
        for choice in scene.choices.values()
        for to in dict.fromkeys(targets(Route((Candidate(to=choice.to, route=choice.route),))))
    ]


def targets(route: Route) -> list[str]:
    """Every scene a route can lead to."""
    found: list[str] = []
    for candidate in route.candidates:
        if candidate.to is not None:
            found.append(candidate.to)
        elif candidate.route is not None:
            found += targets(candidate.route)
    return found


def _walked(tokens: tuple[str, ...]) -> set[Edge]:
    walked = scenes_walked(tokens)
    return {(before, scene, choice) for (before, _), (scene, choice) in pairwise(walked)}


def _label(answer: Answer, scene: str, choice: str | None) -> str:
    """A choice's words, unless it is one that hides and was not found."""
    if choice is None:
        return ""
    made = answer.story.scenes[scene].choices[choice]
    hides = made.condition is not None and not made.locked
    if hides and made.key not in answer.state.chosen and not _on_show(answer, scene, choice):
        return ""
    wording = answer.story.wording(answer.state.language)
    return wording.texts[f"scene/{scene}/choice/{choice}"].fill(answer.state.values)


def _on_show(answer: Answer, scene: str, choice: str) -> bool:
    return scene == answer.state.scene and any(option.id == choice for option in answer.cards[-1].options)
