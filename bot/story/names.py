"""Every name a story declares, taken from its tree before anything else is known.

Gathered from the raw tree and not from the models, so that one faulty scene does not make every mention of it a
second fault.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.story import limits
from bot.story.place import Place
from bot.story.problem import Problem, Problems
from bot.story.tree import Mapping, Node, at


@dataclass(frozen=True, slots=True)
class Names:
    """Ids as declared; `choices` are "scene.choice" by choice id and by itself."""

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
    choices: dict[str, dict[str, None]] = {}
    problems = Problems()
    for scene, place, node in _scenes(root):
        if scene in scenes:
            message = f'there is already a scene "{scene}" at {scenes[scene]}; ids are unique in the whole story'
            problems.append(Problem("STORY025", message, place))
        scenes.setdefault(scene, place)
        if at(node, "ending") is not None:
            endings.add(scene)
        for choice in _entries(at(node, "choices")):
            key = f"{scene}.{choice}"
            choices.setdefault(choice, {})[key] = choices.setdefault(key, {})[key] = None
    names = Names(
        scenes,
        frozenset(endings),
        {name: tuple(keys) for name, keys in choices.items()},
        frozenset(_entries(at(root, "variables"))),
        frozenset(_entries(at(root, "cast"))),
        frozenset(_entries(at(root, "routes"))),
    )
    return names, problems


def too_many(root: Node) -> list[Problem]:
    """A problem for everything a story has too much of; then it is not worth looking closer."""
    counts = (
        ("scenes", sum(1 for _ in _scenes(root)), limits.MAX_SCENES),
        ("variables", len(_entries(at(root, "variables"))), limits.MAX_VARIABLES),
    )
    return [
        Problem("STORY011", f"{count} {what}; a story has at most {cap}", root.place)
        for what, count, cap in counts
        if count > cap
    ]


def _scenes(root: Node) -> list[tuple[str, Place, Node]]:
    """Every scene of every episode with its place, in order, also where an id stands twice."""
    return [
        (scene, declared.keys[scene], node)
        for episode in _entries(at(root, "episodes"))
        if isinstance(declared := at(root, "episodes", episode, "scenes"), Mapping)
        for scene, node in declared.entries.items()
    ]


def _entries(node: Node | None) -> list[str]:
    return list(node.entries) if isinstance(node, Mapping) else []
