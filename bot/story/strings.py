"""The texts of a story in each of its languages, under stable keys."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from bot.story.expression import Scope
from bot.story.limits import MAX_LABEL
from bot.story.models import EpisodeModel, LineModel, SceneModel, StoryModel
from bot.story.place import Place
from bot.story.problem import Problem
from bot.story.story import Text, Wording
from bot.story.text import TextError, parse_text
from bot.story.tree import Mapping as Tree
from bot.story.tree import Node, Scalar, at, locate

Entry = tuple[str, str, tuple[int | str, ...]]
"""A string's key, its text, and where it stands in the story's tree."""


def line_ids(lines: Sequence[LineModel]) -> list[str]:
    """An id per line: the author's, or one made of speaker and words, so that moving a line keeps its id."""
    ids: list[str] = []
    for line in lines:
        id = line.id or hashlib.sha256(f"{line.speaker}\0{line.text}".encode()).hexdigest()[:6]
        repeated = ids.count(id) if line.id is None else 0
        ids.append(f"{id}-{repeated + 1}" if repeated else id)
    return ids


class Strings:
    """Reads the story's own texts and its string tables; faults go to `problems`."""

    def __init__(self, model: StoryModel, root: Node, scope: Scope, problems: list[Problem]) -> None:
        self._model = model
        self._root = root
        self._indexes = {name: read.index for name, read in scope.variables.items()}
        self._problems = problems
        self._own = {key: (text, locate_text(root, path)) for key, text, path in _entries(model)}

    def wordings(self, tables: Mapping[str, Node]) -> dict[str, Wording]:
        """The story's own language first, then one per table."""
        language = self._model.language
        names = {id: member.name for id, member in self._model.cast.items()}
        own = {key: self._text(text, node, names) for key, (text, node) in self._own.items()}
        wordings = {language: Wording(language, own)}
        for code, table in sorted(tables.items()):
            if code != language:
                wordings[code] = self._table(code, table, own, names)
        return wordings

    def _table(self, code: str, table: Node, own: Mapping[str, Text], names: Mapping[str, str]) -> Wording:
        nodes = table.entries if isinstance(table, Tree) else {}
        texts = {key: node.value for key, node in nodes.items() if isinstance(node, Scalar) and node.value}
        names = {id: texts.get(f"cast/{id}", name) for id, name in names.items()}
        filled = {
            key: self._text(texts[key], nodes[key], names) if key in texts else self._again(key, names) for key in own
        }
        for key in own:
            if "/choice/" in key and len(texts.get(key, "")) > MAX_LABEL:
                message = f"a label has at most {MAX_LABEL} characters"
                self._problems.append(Problem("STORY006", message, nodes[key].place))
        missing = tuple(key for key in own if key not in texts)
        keys = table.keys if isinstance(table, Tree) else {}
        stray = {key: keys[key] for key in nodes if key not in own}
        return Wording(code, filled, missing, stray, table.place)

    def _again(self, key: str, names: Mapping[str, str]) -> Text:
        """The story's own text, with the names as this language writes them."""
        text, _ = self._own[key]
        try:
            return parse_text(text, self._indexes, names)
        except TextError:
            return Text((text,), text)

    def _text(self, source: str, node: Node | None, names: Mapping[str, str]) -> Text:
        try:
            return parse_text(source, self._indexes, names)
        except TextError as error:
            place = Place("") if node is None else node.place
            if isinstance(node, Scalar) and node.inset is not None:
                place = place.moved(node.inset + error.column)
            self._problems.append(Problem("STORY033", error.message, place))
            return Text((source,), source)


def locate_text(root: Node, path: tuple[int | str, ...]) -> Node | None:
    """The node of a text, or the nearest one around it."""
    return at(root, *path) or Scalar(None, locate(root, path), None)


def _entries(model: StoryModel) -> Iterator[Entry]:
    yield "title", model.title, ("title",)
    yield "synopsis", model.synopsis, ("synopsis",)
    for id, member in model.cast.items():
        yield f"cast/{id}", member.name, ("cast", id, "name")
    for id, episode in model.episodes.items():
        if isinstance(episode, EpisodeModel):
            yield f"episode/{id}", episode.title, ("episodes", id, "title")
            for scene, scene_model in episode.scenes.items():
                yield from _scene_entries(scene, scene_model, ("episodes", id, "scenes", scene))


def _scene_entries(id: str, model: SceneModel, path: tuple[int | str, ...]) -> Iterator[Entry]:
    if model.title:
        yield f"scene/{id}", model.title, (*path, "title")
    for n, (line_id, line) in enumerate(zip(line_ids(model.lines), model.lines, strict=True)):
        yield f"scene/{id}/line/{line_id}", line.text, (*path, "lines", n, line.speaker)
    for choice, choice_model in model.choices.items():
        yield f"scene/{id}/choice/{choice}", choice_model.label, (*path, "choices", choice, "label")
    if model.ending:
        yield f"scene/{id}/ending", model.ending.title, (*path, "ending", "title")
