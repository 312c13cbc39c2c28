"""The texts of a story in each of its languages, under stable keys."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from bot.story.expression import Scope
from bot.story.limits import MAX_FILLED, MAX_LABEL, MAX_NAME
from bot.story.models import EpisodeModel, LineModel, SceneModel, StoryModel
from bot.story.place import Place
from bot.story.problem import Problem, StoryError
from bot.story.story import Text, Wording
from bot.story.text import TextError, parse_text
from bot.story.tree import Mapping as Tree
from bot.story.tree import Node, Scalar, at, locate

Entry = tuple[str, str, tuple[int | str, ...]]
"""A string's key, its text, and where it stands in the story's tree."""


def line_ids(lines: Sequence[LineModel]) -> list[str]:
    """An id per line: the author's, or one made of speaker and words, so that moving a line keeps its id."""
    ids: list[str] = []
    made: Counter[str] = Counter()
    for line in lines:
        if line.id is not None:
            ids.append(line.id)
            continue
        id = hashlib.sha256(f"{line.speaker}\0{line.text}".encode()).hexdigest()[:6]
        made[id] += 1
        ids.append(id if made[id] == 1 else f"{id}-{made[id]}")
    return ids


class Strings:
    """Reads the story's own texts and its string tables; faults go to `problems`."""

    def __init__(self, model: StoryModel, root: Node, scope: Scope, problems: list[Problem]) -> None:
        self._model = model
        self._root = root
        self._indexes = {name: read.index for name, read in scope.variables.items()}
        self._faulty = _declared(root) - self._indexes.keys() - model.cast.keys()
        self._problems = problems
        self._own = {key: (text, locate_text(root, path)) for key, text, path in _entries(model)}
        self._filled = 0

    def wordings(self, tables: Mapping[str, Node]) -> dict[str, Wording]:
        """The story's own language first, then one per table."""
        language = self._model.language
        names = {id: _name(member.name) for id, member in self._model.cast.items()}
        own = {key: self._text(key, text, node, names) for key, (text, node) in self._own.items()}
        wordings = {language: Wording(language, own)}
        for code, table in sorted(tables.items()):
            if code == language:
                message = f'"{code}" is the story\'s own language; its texts stand in the story itself'
                self._problems.append(Problem("STORY024", message, table.place))
            else:
                wordings[code] = self._table(code, table, own, names)
        return wordings

    def _table(self, code: str, table: Node, own: Mapping[str, Text], names: Mapping[str, str]) -> Wording:
        told = self._told(table)
        renamed = {id: _name(told[key].value or "") for id in names if (key := f"cast/{id}") in told}
        names = {**names, **renamed}
        texts = {
            key: self._text(key, told[key].value or "", told[key], names)
            if key in told
            else self._again(key, text, names if renamed else {})
            for key, text in own.items()
        }
        missing = tuple(key for key, (text, _) in self._own.items() if text and key not in told)
        keys = table.keys if isinstance(table, Tree) else {}
        stray = {key: place for key, place in keys.items() if key not in own}
        return Wording(code, texts, missing, stray, table.place)

    def _told(self, table: Node) -> dict[str, Scalar]:
        """The texts that a string table has, by key."""
        if isinstance(table, Scalar) and table.value is None:
            return {}
        if not isinstance(table, Tree):
            message = "a string table is one mapping, with `key: text` on each line"
            self._problems.append(Problem("STORY023", message, table.place))
            return {}
        for key, node in table.entries.items():
            self._check(key, node, table.keys[key])
        return {key: node for key, node in table.entries.items() if isinstance(node, Scalar) and node.value}

    def _check(self, key: str, node: Node, place: Place) -> None:
        if not isinstance(node, Scalar):
            message = f"`{key}` must be a text; a string table is flat, with the whole key on each line"
            self._problems.append(Problem("STORY023", message, place))
            return
        caps = {"cast/": MAX_NAME, "scene/": MAX_LABEL if _is_choice(key) else None}
        cap = next((cap for start, cap in caps.items() if key.startswith(start)), None)
        if cap is not None and len(node.value or "") > cap:
            self._problems.append(Problem("STORY006", f"longer than {cap} characters", node.place))

    def _again(self, key: str, text: Text, renamed: Mapping[str, str]) -> Text:
        """The story's own text, with the names as another language writes them."""
        source, _ = self._own[key]
        if "{" not in source or not renamed:
            return text
        try:
            return self._counted(parse_text(source, self._indexes, renamed))
        except TextError:
            return text

    def _text(self, key: str, source: str, node: Node | None, names: Mapping[str, str]) -> Text:
        indexes = self._indexes if key.count("/") == _SLASHES_OF_LINES_AND_LABELS else {}
        try:
            return self._counted(parse_text(source, indexes, {} if key.startswith("cast/") else names))
        except TextError as error:
            if error.name not in self._faulty:  # then the fault is already known where the name is declared
                self._problems.append(self._hole(error, node))
            return Text((source,), source)

    def _hole(self, error: TextError, node: Node | None) -> Problem:
        place = Place("") if node is None else node.place
        if isinstance(node, Scalar) and node.inset is not None:
            place = place.moved(node.inset + error.column)
        message = error.message
        if error.name in self._indexes:
            message = f'"{{{error.name}}}": variables are filled in only in lines and labels'
        return Problem("STORY033", message, place)

    def _counted(self, text: Text) -> Text:
        self._filled += sum(len(part) for part in text.parts if isinstance(part, str))
        if self._filled > MAX_FILLED:
            message = f"the texts come to more than {MAX_FILLED // 1024} KiB with their names filled in"
            raise StoryError([*self._problems, Problem("STORY002", message, self._root.place)])
        return text


_SLASHES_OF_LINES_AND_LABELS = 3


def _is_choice(key: str) -> bool:
    parts = key.split("/")
    return len(parts) == _SLASHES_OF_LINES_AND_LABELS + 1 and parts[2] == "choice"


def _name(source: str) -> str:
    """A cast member's name as it stands in other texts."""
    try:
        return parse_text(source, {}, {}).plain or ""
    except TextError:
        return source


def _declared(root: Node) -> set[str]:
    nodes = (at(root, "variables"), at(root, "cast"))
    return {name for node in nodes if isinstance(node, Tree) for name in node.entries}


def locate_text(root: Node, path: tuple[int | str, ...]) -> Node | None:
    """The node of a text, or the nearest one around it."""
    return at(root, *path) or Scalar(None, locate(root, path), None)


def _entries(model: StoryModel) -> Iterator[Entry]:
    yield "title", model.title, ("title",)
    if model.synopsis:
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
