"""Reads a story from its files. Nothing is executed, nothing is fetched, and everything wrong is said at once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from bot.story import limits
from bot.story.build import build
from bot.story.models import StoryModel
from bot.story.place import Place
from bot.story.problem import Problem, StoryError
from bot.story.story import Story
from bot.story.tree import Mapping as Tree
from bot.story.tree import Node, Scalar, at, read_tree
from bot.story.validation import validate

MAIN = "story.yaml"


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
    if len(paths) > limits.MAX_FILES:
        message = f"more than {limits.MAX_FILES} YAML files"
        raise StoryError([Problem("STORY002", message, Place(folder.as_posix()))])
    files: dict[str, bytes] = {}
    size = 0
    for path in paths:
        if size <= limits.MAX_STORY_BYTES:
            files[path.relative_to(folder).as_posix()] = content = _bytes(path)
            size += len(content)
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
        self._problems: list[Problem] = []

    def story(self) -> Story:
        """The story, or `StoryError`."""
        size = sum(map(len, self._files.values()))
        if size > limits.MAX_STORY_BYTES:
            cap = limits.MAX_STORY_BYTES // 1024
            raise StoryError([Problem("STORY002", f"the story's files are over {cap} KiB together", self._place(MAIN))])
        if MAIN not in self._files:
            raise StoryError([Problem("STORY001", f"there is no {MAIN}", self._place(MAIN))])
        root = self._with_episodes(read_tree(self._name(MAIN), self._files[MAIN]))
        tables = self._tables()
        whole = not self._problems
        model, problems = validate(StoryModel, root)
        self._problems += problems
        story = None
        if model is not None and whole:
            sources = {name: content.decode("utf-8-sig") for name, content in self._files.items()}
            story, problems = build(self._id, self._version(), model, root, tables, sources)
            self._problems += problems
        if story is None or self._problems:
            raise StoryError(self._problems[: limits.MAX_PROBLEMS])
        return story

    def _with_episodes(self, root: Node) -> Node:
        """The story's tree with the files that its episodes name in their places."""
        episodes = at(root, "episodes")
        if not isinstance(root, Tree) or not isinstance(episodes, Tree):
            return root
        whole = {}
        for key, node in episodes.entries.items():
            if isinstance(node, Scalar) and node.value is not None:
                found = self._episode(node)
                if found is None:
                    continue
                node = found
            whole[key] = node
        entries = {**root.entries, "episodes": Tree(whole, episodes.keys, episodes.place)}
        return Tree(entries, root.keys, root.place)

    def _episode(self, named: Scalar) -> Node | None:
        name = named.value or ""
        if name not in self._files:
            message = (
                f'there is no file "{name}" in the story; name it from the story\'s folder, as in episodes/one.yaml'
            )
            self._problems.append(Problem("STORY010", message, named.place))
            return None
        return self._tree(name)

    def _tables(self) -> dict[str, Node]:
        """The string tables by language code."""
        tables = {}
        for name in self._files:
            path = PurePosixPath(name)
            if path.parent.as_posix() == "locales" and path.suffix == ".yaml":
                tree = self._tree(name)
                if tree is not None:
                    tables[path.stem] = tree
        return tables

    def _tree(self, name: str) -> Node | None:
        try:
            return read_tree(self._name(name), self._files[name])
        except StoryError as error:
            self._problems += error.problems
            return None

    def _name(self, file: str) -> str:
        return (self._shown / file).as_posix()

    def _place(self, file: str) -> Place:
        return Place(self._name(file))

    def _version(self) -> str:
        """16 hex digits over the files' names and contents."""
        digest = hashlib.sha256()
        for name in sorted(self._files):
            digest.update(f"{len(name)}:{name}{len(self._files[name])}:".encode())
            digest.update(self._files[name])
        return digest.hexdigest()[:16]
