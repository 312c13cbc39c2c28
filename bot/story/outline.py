"""Outlines: what scenes and choices do, apart from their words, told in the names of the version before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.story.compiler import Condition, Effect
from bot.story.expression import Chosen, Ended, Read, Visits
from bot.story.spelling import Leaf, leaf, spelled, spelled_effect
from bot.story.story import Candidate, Choice, Route, Scene, Story


@dataclass(frozen=True, slots=True)
class Origins:
    """What things were called in the version before, by their names of now; what is new there keeps its name."""

    scenes: Mapping[str, str]
    choices: Mapping[str, str]
    """By "scene.choice"; the scene's old id is in the old key."""
    variables: Mapping[str, str]


def origins(old: Story, new: Story) -> Origins:
    """An old name counts only while the version before still had it, for it may stay in a file for ever. Where an older
    version is brought back, it is the version before that says what was renamed."""
    scenes = _before(_was(old.scenes.values()), _was(new.scenes.values()))
    choices: dict[str, str] = {}
    for id, scene in new.scenes.items():
        had = old.scenes[scenes[id]].choices if scenes[id] in old.scenes else {}
        before = _before(_was(had.values()), _was(scene.choices.values()))
        choices |= {choice.key: f"{scenes[id]}.{before[choice.id]}" for choice in scene.choices.values()}
    variables = _before({one.name: one.was for one in old.variables}, {one.name: one.was for one in new.variables})
    return Origins(scenes, choices, variables)


def _was(things: Iterable[Scene | Choice]) -> dict[str, str | None]:
    return {thing.id: thing.was for thing in things}


def _before(old: Mapping[str, str | None], new: Mapping[str, str | None]) -> dict[str, str]:
    """The names before by those of now, of things of one kind with what each is said to have been called."""
    before = {name: was if was in old and name not in old and was is not None else name for name, was in new.items()}
    gone = old.keys() - before.values()
    for name, was in old.items():
        # Never one that is something else now: that the version before had itself, or that has become of another.
        if name in gone and was is not None and was not in old and before.get(was) == was:
            before[was] = name
    return before


class Outline:
    """Tells what things of one version do; two tellings are equal when nothing but names and words differs."""

    def __init__(self, story: Story, origins: Origins) -> None:
        self._story = story
        self._origins = origins

    def scene(self, scene: Scene) -> object:
        """What a scene does, apart from its choices."""
        default = [self._origins.choices.get(f"{scene.id}.{one}", one).rpartition(".")[2] for one in scene.default]
        entries = [(self._condition(entry.condition), self._effect(entry.effect)) for entry in scene.enter]
        return (
            scene.episode, scene.clip, scene.look, entries, self._route(scene.route), scene.ending, scene.within,
            default, dict(scene.subtitles),
        )  # fmt: skip

    def choice(self, choice: Choice) -> object:
        """What a choice does, and when it is there."""
        return (
            self._scene(choice.to), self._route(choice.route), self._condition(choice.condition),
            self._effect(choice.effect), choice.locked, choice.once, choice.image,
            None if choice.ask is None else self._variable(self._story.variables[choice.ask].name),
        )  # fmt: skip

    def text(self, parts: tuple[str | int, ...]) -> tuple[str, ...]:
        """A text with its holes named."""
        variables = self._story.variables
        return tuple(one if isinstance(one, str) else f"{{{self._variable(variables[one].name)}}}" for one in parts)

    def _route(self, route: Route | None) -> object:
        return None if route is None else (route.random, [self._candidate(one) for one in route.candidates])

    def _candidate(self, one: Candidate) -> object:
        told = (self._condition(one.condition), self._effect(one.effect), one.weight)
        return (*told, self._scene(one.to), self._route(one.route))

    def _condition(self, condition: Condition | None) -> str | None:
        return None if condition is None else spelled(condition.tree, self._named)

    def _effect(self, effect: Effect | None) -> list[str]:
        return [] if effect is None else [spelled_effect(one, self._named) for one in effect.assignments]

    def _named(self, tree: Leaf) -> str:
        match tree:
            case Read(_, variable):
                return self._variable(variable.name)
            case Visits(scene) | Ended(scene):
                return f"{type(tree).__name__}({self._scene(scene)})"
            case Chosen(key):
                return f"Chosen({self._origins.choices.get(key, key)})"
            case _:
                return leaf(tree)

    def _scene(self, id: str | None) -> str | None:
        return None if id is None else self._origins.scenes.get(id, id)

    def _variable(self, name: str) -> str:
        return self._origins.variables.get(name, name)
