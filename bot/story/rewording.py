"""Rewording: which texts of a story are others in its next version."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from bot.story.outline import Origins, Outline
from bot.story.story import Scene, Story

_Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rewording:
    """A text by its language and its string key in the new version, and whether each version has words for it."""

    language: str
    key: str
    before: bool
    now: bool


def reworded(old: Story, new: Story, origins: Origins, before: Outline, now: Outline) -> Iterator[Rewording]:
    """Each text that differs, in a language and of a thing that both versions have."""
    pairs = dict(_pairs(old, new, origins))
    for language in new.languages:
        if language in old.languages:
            had, has = _own(old, before, language), _own(new, now, language)
            for key, was in pairs.items():
                if had.get(was) != has.get(key):
                    yield Rewording(language, key, was in had, key in has)


def _own(story: Story, outline: Outline, language: str) -> dict[str, _Words]:
    """The texts for which a language has words of its own; of a line also who says it, and when."""
    wording = story.wordings[language]
    missing = frozenset(wording.missing)
    texts = {key: outline.text(text.parts) for key, text in wording.texts.items() if key not in missing}
    for scene in story.scenes.values():
        for line in scene.lines:
            key = f"scene/{scene.id}/line/{line.id}"
            if key in texts:
                texts[key] = (line.speaker or "", str(line.at), *texts[key])
    return texts


def _pairs(old: Story, new: Story, origins: Origins) -> Iterator[tuple[str, str]]:
    """(string key now, the same thing's key before); empty where a version has no such text."""
    for key in ("title", "synopsis", *(f"cast/{id}" for id in new.cast), *(f"episode/{id}" for id in new.episodes)):
        yield key, key
    for id, scene in new.scenes.items():
        before = old.scenes.get(origins.scenes[id])
        if before is not None:
            yield from _of_scene(scene, before, origins)


def _of_scene(scene: Scene, before: Scene, origins: Origins) -> Iterator[tuple[str, str]]:
    here, there = f"scene/{scene.id}", f"scene/{before.id}"
    yield here, there
    yield from _of_lines(scene, before)
    for choice in scene.choices.values():
        was = origins.choices[choice.key].rpartition(".")[2]
        if was in before.choices:
            yield f"{here}/choice/{choice.id}", f"{there}/choice/{was}"
    yield f"{here}/ending", f"{there}/ending"


def _of_lines(scene: Scene, before: Scene) -> Iterator[tuple[str, str]]:
    """A line without an id of its own is another one as soon as its words change: such lines are paired in order."""
    mine, its = [line.id for line in scene.lines], [line.id for line in before.lines]
    fresh, gone = [id for id in mine if id not in its], [id for id in its if id not in mine]
    for id in mine:
        if id in its:
            yield f"scene/{scene.id}/line/{id}", f"scene/{before.id}/line/{id}"
    for now, was in zip_longest(fresh, gone):
        yield f"scene/{scene.id}/line/{now or was}", "" if was is None else f"scene/{before.id}/line/{was}"
