"""YAML as a tree that remembers where everything stands, read event by event so that every cap holds while reading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from bot.record import record
from bot.story.limits import MAX_DEPTH, MAX_ENTRIES, MAX_FILE_BYTES, MAX_NODES, MAX_TEXT
from bot.story.place import Place
from bot.story.problem import Problem, StoryError

_Loader = getattr(yaml, "CLoader", yaml.Loader)
"""The C parser where PyYAML has it. Only its events are used: nothing is ever constructed from a tag."""

_CONTROL = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)
"""Control characters, and the invisible ones that turn or split what people read."""


@record(frozen=True, slots=True)
class Scalar:
    """A text as it was written, or None for nothing at all; `inset` is 1 when it stands in quotes."""

    value: str | None
    place: Place
    inset: int | None = 0
    """Columns from `place` to the first character; None where the columns of the text are not those of the file:
    block texts, texts over several lines, texts with escapes."""


@record(frozen=True, slots=True)
class Sequence:
    items: tuple[Node, ...]
    place: Place


@record(frozen=True, slots=True)
class Mapping:
    """Keys are unique; `keys` says where each stands."""

    entries: dict[str, Node]
    keys: dict[str, Place]
    place: Place


Node = Scalar | Sequence | Mapping


def read_tree(name: str, source: bytes) -> Node:
    """The one document of a file. Raises `StoryError` at the first cap that is passed or rule that is broken."""
    if len(source) > MAX_FILE_BYTES:
        cap = MAX_FILE_BYTES // 1024
        raise _broken("STORY002", f"larger than {cap} KiB; split the story into a file per episode", Place(name))
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise _broken("STORY001", "not UTF-8 text; save it as UTF-8", Place(name, line)) from None
    try:
        return _Reader(name, text).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(name, mark.line + 1, mark.column + 1) if mark else Place(name)
        raise _broken("STORY003", f"not valid YAML: {error.problem or error.context}", place) from None
    except yaml.reader.ReaderError as error:
        before = text.encode()[: error.position]
        raise _broken("STORY003", f"not valid YAML: {error.reason}", Place(name, before.count(b"\n") + 1)) from None


def _broken(code: str, message: str, place: Place) -> StoryError:
    return StoryError([Problem(code, message, place)])


class _Reader:
    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._events: Iterator[Any] = yaml.parse(text, Loader=_Loader)
        self._nodes = 0

    def document(self) -> Node:
        """The only document of the stream."""
        root: Node | None = None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    raise self._error("STORY003", "a second document; a story file holds one", event)
                root = self._node(next(self._events), 0)
        return root or Scalar(None, Place(self._name))

    def _node(self, event: Any, depth: int) -> Node:
        self._nodes += 1
        # An alias has its anchor's name, so that one look finds both.
        if event.anchor or depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise self._refusal(event, depth)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(event, depth)
        return self._mapping(event, depth)

    def _refusal(self, event: yaml.NodeEvent, depth: int) -> StoryError:
        if self._nodes > MAX_NODES:
            return self._error("STORY005", f"more than {MAX_NODES} entries; split it into files", event)
        if depth > MAX_DEPTH:
            return self._error("STORY004", f"nested deeper than {MAX_DEPTH} levels", event)
        return self._error("STORY007", "anchors (&) and aliases (*) are not allowed; quote the text", event)

    def _untagged(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        if event.tag:
            raise self._error("STORY008", "tags (!) are not allowed; quote the text", event)

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        self._untagged(event)
        text: str = event.value
        if len(text) > MAX_TEXT:
            raise self._error("STORY006", f"longer than {MAX_TEXT} characters", event)
        if _CONTROL.search(text):
            raise self._error("STORY006", "has invisible control characters; type the text anew", event)
        nothing = not event.style and text in ("", "~", "null")
        return Scalar(None if nothing else text, self._place(event), _inset(event))

    def _sequence(self, start: yaml.SequenceStartEvent, depth: int) -> Sequence:
        self._untagged(start)
        items = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._node(event, depth + 1))
        return Sequence(tuple(items), self._place(start))

    def _mapping(self, start: yaml.MappingStartEvent, depth: int) -> Mapping:
        self._untagged(start)
        entries: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            if not isinstance(key, Scalar) or key.value is None:
                raise self._error("STORY003", "a key must be a plain word", event)
            if key.value in keys:
                first = keys[key.value]
                raise self._error("STORY009", f'"{key.value}" stands already on line {first.line}', event)
            if len(keys) == MAX_ENTRIES:
                raise self._error("STORY005", f"more than {MAX_ENTRIES} entries under one key; split it", event)
            keys[key.value] = key.place
            entries[key.value] = self._node(next(self._events), depth + 1)
        return Mapping(entries, keys, self._place(start))

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        return Place(self._name, mark.line + 1, mark.column + 1) if mark else Place(self._name)

    def _error(self, code: str, message: str, event: yaml.Event) -> StoryError:
        return _broken(code, message, self._place(event))


def _inset(event: yaml.ScalarEvent) -> int | None:
    start, end = event.start_mark, event.end_mark
    quotes = 1 if event.style in ("'", '"') else 0
    if start is None or end is None or event.style in ("|", ">") or start.line != end.line:
        return None
    return quotes if end.index - start.index == len(event.value) + 2 * quotes else None


def size(node: Node) -> int:
    """Scalars, lists and mappings of a tree, its keys too."""
    if isinstance(node, Scalar):
        return 1
    if isinstance(node, Sequence):
        return 1 + sum(map(size, node.items))
    return 1 + sum(1 + size(entry) for entry in node.entries.values())


def plain(node: Node) -> object:
    """The tree as plain dicts, lists, strings and None, for validation."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {key: plain(value) for key, value in node.entries.items()}


def locate(root: Node, path: tuple[int | str, ...]) -> Place:
    """Where the last step of a path that exists stands; steps the tree does not know are passed over."""
    place, node = root.place, root
    for step in path:
        if isinstance(node, Mapping) and step in node.entries:
            place, node = node.keys[str(step)], node.entries[str(step)]
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            place = node.place
    return place


def at(root: Node, *path: int | str) -> Node | None:
    """The node at a path, or None."""
    node: Node | None = root
    for step in path:
        if isinstance(node, Mapping):
            node = node.entries.get(str(step))
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            return None
    return node
