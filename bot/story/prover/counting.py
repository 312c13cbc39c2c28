"""How far visits must be counted: beyond some number, no condition of the story can tell one more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.story.expression import (
    Assignment,
    Calculate,
    Compare,
    Constant,
    Expression,
    Junction,
    Negate,
    Not,
    Read,
    Visits,
)


@dataclass(frozen=True, slots=True)
class Sum:
    """An integer expression as times-visited with their factors, plus something between `low` and `high`."""

    factors: Mapping[str, int]
    low: int
    high: int


def count_to(trees: Iterable[Expression], assignments: Iterable[Assignment]) -> dict[str, int | None]:
    """Each scene whose visits are read, with the number from which on all are alike; None where there is none."""
    most: dict[str, int | None] = {}
    for tree in trees:
        for compared in _comparisons(tree):
            _count(compared, _difference(_sum(compared.left), _sum(compared.right)), most)
    for assignment in assignments:
        for compared in _comparisons(assignment.value):
            _count(compared, _difference(_sum(compared.left), _sum(compared.right)), most)
        variable = assignment.target.variable
        if variable.kind == "integer":
            bounds = Sum({}, variable.low, variable.high)
            _count(assignment.value, _difference(_sum(assignment.value), bounds), most)
    return most


def _count(tree: Expression, difference: Sum | None, most: dict[str, int | None]) -> None:
    """Note from where on the difference keeps its sign, however often one more scene is visited."""
    read = visited(tree)
    if difference is None or len({factor > 0 for factor in difference.factors.values()}) > 1:
        most.update(dict.fromkeys(read))
        return
    rest = max(abs(difference.low), abs(difference.high))
    for scene in read:
        factor = difference.factors.get(scene, 0)
        before = most.get(scene, 0)
        if before is not None:
            most[scene] = max(before, rest // abs(factor) + 1 if factor else 0)


def visited(tree: Expression) -> set[str]:
    """Scenes whose visits a tree reads."""
    match tree:
        case Visits(scene):
            return {scene}
        case Not(inner) | Negate(inner):
            return visited(inner)
        case Junction(_, left, right) | Compare(_, left, right) | Calculate(_, left, right):
            return visited(left) | visited(right)
        case _:
            return set()


def _comparisons(tree: Expression) -> Iterable[Compare]:
    match tree:
        case Compare(_, left, right) if left.kind == "integer":
            yield tree
        case Not(inner):
            yield from _comparisons(inner)
        case Junction(_, left, right) | Compare(_, left, right):
            yield from _comparisons(left)
            yield from _comparisons(right)


def _sum(tree: Expression) -> Sum | None:
    """None where visits are multiplied with something that varies."""
    match tree:
        case Constant(value):
            return Sum({}, int(value), int(value))
        case Read(_, variable):
            return Sum({}, variable.low, variable.high)
        case Visits(scene):
            return Sum({scene: 1}, 0, 0)
        case Negate(inner):
            return _times(_sum(inner), -1)
        case Calculate("*", left, right):
            return _product(_sum(left), _sum(right))
        case Calculate("-", left, right):
            return _difference(_sum(left), _sum(right))
        case Calculate("+", left, right):
            return _difference(_sum(left), _times(_sum(right), -1))
    raise AssertionError(f"{tree} is no integer")


def _times(one: Sum | None, factor: int) -> Sum | None:
    if one is None:
        return None
    low, high = sorted((one.low * factor, one.high * factor))
    return Sum({scene: times * factor for scene, times in one.factors.items() if factor}, low, high)


def _difference(one: Sum | None, other: Sum | None) -> Sum | None:
    if one is None or other is None:
        return None
    scenes = {*one.factors, *other.factors}
    factors = {scene: one.factors.get(scene, 0) - other.factors.get(scene, 0) for scene in scenes}
    return Sum(
        {scene: factor for scene, factor in factors.items() if factor}, one.low - other.high, one.high - other.low
    )


def _product(one: Sum | None, other: Sum | None) -> Sum | None:
    if one is None or other is None:
        return None
    for fixed, varied in ((one, other), (other, one)):
        if not fixed.factors and fixed.low == fixed.high:
            return _times(varied, fixed.low)
    if one.factors or other.factors:
        return None
    corners = [a * b for a in (one.low, one.high) for b in (other.low, other.high)]
    return Sum({}, min(corners), max(corners))
