"""Stories written down in a test: what is not to the point is filled in around what is."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent, indent

import pytest

from bot.story.problem import Problem, StoryError
from bot.story.reader import read_story
from bot.story.story import Story

FACTS = "title: T\nlanguage: en\n"


def read(text: str, files: Mapping[str, str] | None = None) -> Story:
    """The story of a whole story.yaml, and of other files beside it."""
    others = {name: dedent(other).encode() for name, other in (files or {}).items()}
    return read_story("tale", {"story.yaml": dedent(text).encode(), **others})


def scenes(text: str, head: str = "", files: Mapping[str, str] | None = None) -> Story:
    """A story of one episode with these scenes; `head` is what stands before the episodes."""
    return read(written(text, head), files)


def written(text: str, head: str = "") -> str:
    """The story.yaml of `scenes`: the scenes begin in the line after `scenes:`, indented by 6."""
    opened = f"{FACTS}{dedent(head)}episodes:\n  one:\n    title: One\n    scenes:\n"
    return opened + indent(dedent(text).strip("\n"), " " * 6) + "\n"


def faults(text: str | bytes, files: Mapping[str, str | bytes] | None = None) -> tuple[Problem, ...]:
    """What the reader has to say about a broken story."""
    given = {"story.yaml": text, **(files or {})}
    with pytest.raises(StoryError) as refused:
        read_story("tale", {name: file.encode() if isinstance(file, str) else file for name, file in given.items()})
    return refused.value.problems


def told(text: str | bytes, files: Mapping[str, str | bytes] | None = None) -> list[str]:
    """The same, as `file:line:column CODE`."""
    return [f"{problem.place} {problem.code}" for problem in faults(text, files)]
