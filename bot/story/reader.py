"""Reads a story from its files. Nothing is executed, nothing is fetched, and everything wrong is said at once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from bot.story import limits
from bot.story.build import build
from bot.story.models import LANGUAGE, StoryModel
from bot.story.names import too_many
from bot.story.place import Place
from bot.story.problem import Problem, Problems, StoryError
from bot.story.story import Story
from bot.story.tree import Mapping as Tree
from bot.story.tree import Node, Scalar, at, read_tree, size
from bot.story.validation import validate

MAIN = "story.yaml"

_BYTES_PER_NODE = 5
"""What an entry takes at the least in a file: one that cannot be read is counted by its bytes."""

_UNREAD = "unread.yaml"
"""Stands where an episode could not be read, so that this is the only fault it makes."""


def read_folder(folder: Path) -> Story:
    """The story in a folder; its id is the folder's name. Raises `StoryError`."""
    return read_story(folder.name, _load(folder), shown=folder.as_posix())


def read_story(story_id: str, files: Mapping[str, bytes], shown: str = "") -> Story:
    """A story from its files (path inside the story -> content); `shown` leads the paths in errors.

    Raises `StoryError` with every problem found.
    """
    return _Reading(story_id, files, shown).story()


def _load(folder: Path) -> dict[str, bytes]:
    """The YAML files of a folder that belong to a story, each read only up to its cap."""
    if not (folder / MAIN).is_file():
        message = f"there is no {MAIN} here; a story is a folder with a {MAIN}"
        raise StoryError([Problem("STORY001", message, Place(folder.as_posix()))])
    root = folder.resolve()
    paths = sorted(
        path
        for pattern in ("*.yaml", "episodes/**/*.yaml", "locales/*.yaml")
        for path in folder.glob(pattern)
        if path.is_file() and path.resolve().is_relative_to(root)
    )
    files: dict[str, bytes] = {}
    read = 0
    for path in paths[: limits.MAX_FILES + 1]:
        if read <= limits.MAX_STORY_BYTES:
            files[path.relative_to(folder).as_posix()] = content = _bytes(path)
            read += len(content)
    return files


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(limits.MAX_FILE_BYTES + 1)
    except OSError as error:
        problem = Problem("STORY001", f"cannot be read: {error.strerror}", Place(path.as_posix()))
        raise StoryError([problem]) from None


class _Reading:
    """One story being read."""

    def __init__(self, story_id: str, files: Mapping[str, bytes], shown: str) -> None:
        self._id = story_id
        self._files = files
        self._shown = PurePosixPath(shown)
        self._problems = Problems()
        self._trees: dict[str, Node] = {}
        self._nodes = 0

    def story(self) -> Story:
        """The story, or `StoryError`."""
        self._refuse()
        root = self._with_episodes(self._tree(MAIN))
        whole = not self._problems
        tables = self._tables()
        if faults := too_many(root):
            raise StoryError([*self._problems, *faults])
        model, problems = validate(StoryModel, root)
        self._add(problems)
        story = None
        if model is not None and whole:
            story, problems = build(self._id, self._version(), model, root, tables, self._sources())
            self._add(problems)
        if story is None or self._problems:
            raise StoryError(self._problems)
        return story

    def _refuse(self) -> None:
        """Raises `StoryError` where it is not worth opening a file."""
        size = sum(map(len, self._files.values()))
        if MAIN not in self._files:
            self._say("STORY001", f"there is no {MAIN}", self._place(MAIN))
        if size > limits.MAX_STORY_BYTES:
            cap = limits.MAX_STORY_BYTES // 1024
            self._say("STORY002", f"the story's files are over {cap} KiB together", self._place(MAIN))
        if len(self._files) > limits.MAX_FILES:
            self._say("STORY002", f"more than {limits.MAX_FILES} YAML files", self._place(MAIN))
        if self._problems:
            raise StoryError(self._problems)

    def _say(self, code: str, message: str, place: Place) -> None:
        self._problems.append(Problem(code, message, place))

    def _add(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self._problems.append(problem)

    def _with_episodes(self, root: Node) -> Node:
        """The story's tree with the files that its episodes name in their places."""
        episodes = at(root, "episodes")
        if not isinstance(root, Tree) or not isinstance(episodes, Tree):
            return root
        whole = {
            key: self._episode(node) if isinstance(node, Scalar) and node.value is not None else node
            for key, node in episodes.entries.items()
        }
        entries = {**root.entries, "episodes": Tree(whole, episodes.keys, episodes.place)}
        return Tree(entries, root.keys, root.place)

    def _episode(self, named: Scalar) -> Node:
        name = named.value or ""
        if name not in self._files:
            message = f'there is no file "{name}" in the story; name it from its folder, as in episodes/one.yaml'
            self._say("STORY010", message, named.place)
        elif name in self._trees:
            self._say("STORY025", f'"{name}" is in the story already', named.place)
        else:
            try:
                return self._tree(name)
            except StoryError as error:
                self._add(error.problems)
        return Scalar(_UNREAD, named.place)

    def _tables(self) -> dict[str, Node]:
        """The string tables by language code."""
        tables = {}
        for name in sorted(self._files):
            path = PurePosixPath(name)
            if path.parent.as_posix() == "locales" and path.suffix == ".yaml" and self._is_language(path):
                try:
                    tables[path.stem] = self._tree(name)
                except StoryError as error:
                    self._add(error.problems)
        if len(tables) > limits.MAX_LANGUAGES:
            raise StoryError([Problem("STORY011", f"more than {limits.MAX_LANGUAGES} languages", self._place(MAIN))])
        return tables

    def _is_language(self, path: PurePosixPath) -> bool:
        known = re.fullmatch(LANGUAGE, path.stem) is not None
        if not known:
            message = f'"{path.stem}" is no language code; a string table is named as in es.yaml or pt-BR.yaml'
            self._say("STORY022", message, self._place(path.as_posix()))
        return known

    def _tree(self, name: str) -> Node:
        if self._nodes > limits.MAX_STORY_NODES:
            message = f"the story's files have more than {limits.MAX_STORY_NODES} entries together"
            raise StoryError([Problem("STORY005", message, self._place(name))])
        content = self._files[name]
        try:
            self._trees[name] = tree = read_tree(self._name(name), content)
        except StoryError:
            self._nodes += len(content) // _BYTES_PER_NODE
            raise
        self._nodes += size(tree)
        return tree

    def _name(self, file: str) -> str:
        return (self._shown / file).as_posix()

    def _place(self, file: str) -> Place:
        return Place(self._name(file))

    def _sources(self) -> dict[str, str]:
        """The texts of the files that the story was read from; others in its folder are no part of it."""
        return {name: self._files[name].decode("utf-8-sig") for name in sorted(self._trees)}

    def _version(self) -> str:
        """16 hex digits over the names and texts of the story's files."""
        digest = hashlib.sha256()
        for name, text in self._sources().items():
            content = text.encode()
            digest.update(f"{len(name)}:{name}{len(content)}:".encode())
            digest.update(content)
        return digest.hexdigest()[:16]
