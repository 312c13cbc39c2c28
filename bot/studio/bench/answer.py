"""Answers of the bench to a job."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.story.problem import Problem

OUT_OF_MEMORY = 77
"""The exit code of a bench that needed more memory than it may have."""


@dataclass(frozen=True, slots=True)
class Ready:
    """It has begun, and waits for a job."""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of the job."""

    came: Any
    last: bool
    """The bench has grown large, and ends now."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The story cannot be read."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class TooLarge:
    """More came of it than can be told."""


@dataclass(frozen=True, slots=True)
class Broke:
    """Our own code failed: the error's kind and the places it passed. Not its words, which may be the creator's."""

    way: str


Answer = Ready | Done | Refused | TooLarge | Broke
