"""Slots: the parts of a branch state that a story can tell apart, and their values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from bot.story.expression import Value, Variable


class Key(NamedTuple):
    """A variable by its name, visits by their scene, chosen by "scene.choice", ended by its scene."""

    kind: Literal["variable", "visits", "chosen", "ended"]
    name: str


@dataclass(frozen=True, slots=True)
class Slot:
    """Something remembered. `most` is where the counting of visits stops; None where it never may."""

    key: Key
    domain: Sequence[Value]
    """Empty where there are no bounds."""
    start: Value
    keep: bool = False
    """Whether it stays when the viewer plays again."""
    index: int = -1
    """Of a variable: where its value stands."""
    variable: Variable | None = None
    most: int | None = None


class State(NamedTuple):
    """Where a play rests: the scene, and a value per slot. `stuck` where the choice just taken led nowhere."""

    scene: str
    stuck: bool
    values: tuple[Value, ...]
