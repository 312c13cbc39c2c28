"""Every name a story declares, taken from its tree before anything else is known.

Gathered from the raw tree and not from the models, so that one faulty scene does not make every mention of it a
second fault.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.story.place import Place
from bot.story.problem import Problem
from bot.story.tree import Mapping, Node, at


@dataclass(frozen=True, slots=True)
class Names:
    """Ids as declared; `choices` are "scene.choice" by choice id."""

    scenes: dict[str, Place]
    endings: frozenset[str]
    choices: dict[str, tuple[str, ...]]
    variables: frozenset[str]
    cast: frozenset[str]
    routes: frozenset[str]


def gather(root: Node) -> tuple[Names, list[Problem]]:
    """The names, and a problem for every scene id that stands twice in the story."""
    scenes: dict[str, Place] = {}
    endings: set[str] = set()
    choices: dict[str, list[str]] = {}
    problems: list[Problem] = []
    for episode in _entries(at(root, "episodes")):
        declared = at(root, "episodes", episode, "scenes")
        for scene in _entries(declared):
            place = declared.keys[scene] if isinstance(declared, Mapping) else root.place
            if scene in scenes:
                message = f'there is already a scene "{scene}" at {scenes[scene]}; ids are unique in the whole story'
                problems.append(Problem("STORY025", message, place))
                continue
            scenes[scene] = place
            if at(root, "episodes", episode, "scenes", scene, "ending") is not None:
                endings.add(scene)
            for choice in _entries(at(root, "episodes", episode, "scenes", scene, "choices")):
                key = f"{scene}.{choice}"
                choices.setdefault(choice, []).append(key)
                choices[key] = [key]
    names = Names(
        scenes,
        frozenset(endings),
        {name: tuple(keys) for name, keys in choices.items()},
        frozenset(_entries(at(root, "variables"))),
        frozenset(_entries(at(root, "cast"))),
        frozenset(_entries(at(root, "routes"))),
    )
    return names, problems


def _entries(node: Node | None) -> list[str]:
    return list(node.entries) if isinstance(node, Mapping) else []
