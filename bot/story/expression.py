"""Conditions and effects as trees: what an expression can say, with every name already resolved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.story.place import Place

Kind = Literal["flag", "integer", "choice", "text"]
Value = bool | int | str

Comparison = Literal["==", "!=", "<", "<=", ">", ">="]
Arithmetic = Literal["+", "-", "*"]


@dataclass(frozen=True, slots=True)
class Variable:
    """A typed variable with a bounded domain; `low`, `high` and `length` are inclusive."""

    name: str
    kind: Kind
    start: Value
    low: int = 0
    high: int = 0
    options: tuple[str, ...] = ()
    length: int = 0
    keep: bool = False
    was: str | None = None
    """What it was called in versions before this one."""
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Constant:
    value: Value
    kind: Kind


@dataclass(frozen=True, slots=True)
class Read:
    """The value of the variable at `index`."""

    index: int
    variable: Variable

    @property
    def kind(self) -> Kind:
        return self.variable.kind


@dataclass(frozen=True, slots=True)
class Visits:
    """Times a scene was entered in this playthrough."""

    scene: str
    kind: Kind = "integer"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whether a choice ("scene.choice") was taken in this playthrough."""

    key: str
    kind: Kind = "flag"


@dataclass(frozen=True, slots=True)
class Ended:
    """Whether the viewer ever reached the ending of that scene."""

    scene: str
    kind: Kind = "flag"


@dataclass(frozen=True, slots=True)
class Not:
    inner: Expression
    kind: Kind = "flag"


@dataclass(frozen=True, slots=True)
class Junction:
    """`and` or `or` of two flags; the right one is not looked at when the left one decides."""

    word: Literal["and", "or"]
    left: Expression
    right: Expression
    kind: Kind = "flag"


@dataclass(frozen=True, slots=True)
class Compare:
    operator: Comparison
    left: Expression
    right: Expression
    kind: Kind = "flag"


@dataclass(frozen=True, slots=True)
class Calculate:
    operator: Arithmetic
    left: Expression
    right: Expression
    kind: Kind = "integer"


@dataclass(frozen=True, slots=True)
class Negate:
    inner: Expression
    kind: Kind = "integer"


Expression = Constant | Read | Visits | Chosen | Ended | Not | Junction | Compare | Calculate | Negate


@dataclass(frozen=True, slots=True)
class Assignment:
    """`target = value`; the value is kept inside the variable's bounds when it is applied."""

    target: Read
    value: Expression


@dataclass(frozen=True, slots=True)
class Scope:
    """The names an expression may use. `choices` maps a choice id to every "scene.choice" it may stand for."""

    variables: Mapping[str, Read]
    scenes: frozenset[str]
    endings: frozenset[str]
    choices: Mapping[str, tuple[str, ...]]
