"""Spelling: an expression as its writer would write it, with no more brackets than it needs."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.story.expression import (
    Assignment,
    Calculate,
    Chosen,
    Compare,
    Constant,
    Ended,
    Expression,
    Junction,
    Negate,
    Not,
    Read,
    Value,
    Visits,
)
from bot.story.parser import KEYWORDS

Leaf = Read | Visits | Chosen | Ended | Constant
Named = Callable[[Leaf], str]
"""How what an expression looks at is written."""

_OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _SIGN, _ATOM = range(8)
"""How tightly a node holds together; one that stands inside a tighter one needs brackets."""
_TIGHTNESS = {"or": _OR, "and": _AND, "+": _SUM, "-": _SUM, "*": _PRODUCT}
_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def leaf(tree: Leaf) -> str:
    """A variable, a constant or a look at the past, as the language has it."""
    match tree:
        case Constant(value, kind):
            return value if kind == "choice" and isinstance(value, str) and _is_bare(value) else _written(value)
        case Read(_, variable):
            return variable.name
        case Visits(scene):
            return f"visits({scene})"
        case Chosen(key):
            return f"chosen({key})"
        case Ended(scene):
            return f"ended({scene})"


def _written(value: Value) -> str:
    if isinstance(value, str):
        return f"'{value}'" if '"' in value else f'"{value}"'
    return str(value).lower()


def spelled(tree: Expression, named: Named = leaf) -> str:
    """The expression; read again, it is the same tree."""
    return _spelled(tree, named)[0]


def spelled_effect(assignment: Assignment, named: Named = leaf) -> str:
    """An assignment, the short way where there is one."""
    target, value = named(assignment.target), assignment.value
    if isinstance(value, Calculate) and value.operator != "*" and value.left == assignment.target:
        return f"{target} {value.operator}= {spelled(value.right, named)}"
    return f"{target} = {spelled(value, named)}"


def _spelled(tree: Expression, named: Named) -> tuple[str, int]:
    match tree:
        case Not(inner):
            return f"not {_inside(inner, _NOT, named)}", _NOT
        case Negate(inner):
            return f"-{_inside(inner, _SIGN, named)}", _SIGN
        case Compare(sign, left, right):
            return f"{_inside(left, _SUM, named)} {sign} {_inside(right, _SUM, named)}", _COMPARE
        case Junction(sign, left, right) | Calculate(sign, left, right):
            tightness = _TIGHTNESS[sign]
            return f"{_inside(left, tightness, named)} {sign} {_inside(right, tightness + 1, named)}", tightness
        case _:
            return named(tree), _ATOM


def _inside(tree: Expression, tightness: int, named: Named) -> str:
    text, its = _spelled(tree, named)
    return text if its >= tightness else f"({text})"


def _is_bare(option: str) -> bool:
    return _BARE.fullmatch(option) is not None and option not in KEYWORDS
