"""Changes: what is different between two versions of a story, as its writer would say it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import TypeVar

from bot.story.outline import Origins, Outline, origins
from bot.story.rewording import reworded
from bot.story.story import Episode, Scene, Story

_Thing = TypeVar("_Thing")


class Kind(Enum):
    """What became of a thing."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    CHANGED = "changed"
    REWORDED = "reworded"
    """Only its words are others."""


@dataclass(frozen=True, slots=True)
class Change:
    """`what` is "scene", "choice" ("scene.choice"), "variable", "episode", "text" (language and string key) or "story";
    `id` is its new name, or the last one it had; `was` the name before of what was renamed."""

    kind: Kind
    what: str
    id: str
    was: str | None = None


def changes(old: Story, new: Story) -> tuple[Change, ...]:
    """Everything that is different, in the new version's order; what is gone comes last of its kind."""
    return tuple(_Comparison(old, new, origins(old, new)).changes())


class _Comparison:
    def __init__(self, old: Story, new: Story, origins: Origins) -> None:
        self._old, self._new, self._origins = old, new, origins
        self._before = Outline(old, Origins({}, {}, {}))
        self._now = Outline(new, origins)

    def changes(self) -> Iterator[Change]:
        if _facts(self._old) != _facts(self._new):
            yield Change(Kind.CHANGED, "story", self._new.id)
        yield from self._scenes()
        for id, scene in self._new.scenes.items():
            before = self._old.scenes.get(self._origins.scenes[id])
            if before is not None:
                yield from self._choices(before, scene)
        yield from self._variables()
        yield from self._episodes()
        for one in reworded(self._old, self._new, self._origins, self._before, self._now):
            kind = Kind.ADDED if not one.before else Kind.REMOVED if not one.now else Kind.REWORDED
            yield Change(kind, "text", f"{one.language} {one.key}")

    def _scenes(self) -> Iterator[Change]:
        before, now = self._before.scene, self._now.scene
        yield from _different("scene", self._old.scenes, self._new.scenes, self._origins.scenes, before, now)

    def _choices(self, before: Scene, now: Scene) -> Iterator[Change]:
        had = {choice.key: choice for choice in before.choices.values()}
        has = {choice.key: choice for choice in now.choices.values()}
        yield from _different("choice", had, has, self._origins.choices, self._before.choice, self._now.choice)

    def _variables(self) -> Iterator[Change]:
        had = {one.name: replace(one, name="", was=None, place=None) for one in self._old.variables}
        has = {one.name: replace(one, name="", was=None, place=None) for one in self._new.variables}
        yield from _different("variable", had, has, self._origins.variables, _itself, _itself)

    def _episodes(self) -> Iterator[Change]:
        def told(episode: Episode) -> object:
            return (self._origins.scenes.get(episode.start, episode.start), episode.price)

        yield from _different("episode", self._old.episodes, self._new.episodes, {}, told, told)


def _different(
    what: str, old: Mapping[str, _Thing], new: Mapping[str, _Thing], origin: Mapping[str, str],
    before: Callable[[_Thing], object], now: Callable[[_Thing], object],
) -> Iterator[Change]:  # fmt: skip
    """What differs between things of one kind; `before` and `now` tell what each of them does."""
    for id, thing in new.items():
        was = origin.get(id, id)
        if was not in old:
            yield Change(Kind.ADDED, what, id)
            continue
        if was.rpartition(".")[2] != id.rpartition(".")[2]:
            yield Change(Kind.RENAMED, what, id, was)
        if before(old[was]) != now(thing):
            yield Change(Kind.CHANGED, what, id)
    still = {origin.get(id, id) for id in new}
    yield from (Change(Kind.REMOVED, what, id) for id in old if id not in still)


def _itself(thing: object) -> object:
    return thing


def _facts(story: Story) -> Sequence[object]:
    """What is said of the story as a whole."""
    cast = dict(story.cast)
    return (story.genres, story.rating, story.language, story.languages, story.poster, story.protect, cast)
