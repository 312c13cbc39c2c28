"""Expressions over sets: the value of a tree, each with the region where it is that."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping

from bot.story.expression import (
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
from bot.story.prover.sets import Region, Sets, Spread
from bot.story.prover.slot import Key

_OPERATORS: dict[str, Callable[..., Value]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}

Moment = Mapping[Key, Spread]
"""What every slot holds at some moment of a step, seen from its beginning."""


def where(sets: Sets, tree: Expression, moment: Moment) -> Region:
    """The region where a flag is true."""
    match tree:
        case Not(inner):
            return ~where(sets, inner, moment)
        case Junction("and", left, right):
            return where(sets, left, moment) & where(sets, right, moment)
        case Junction(_, left, right):
            return where(sets, left, moment) | where(sets, right, moment)
        case _:
            return weigh(sets, tree, moment).get(True, sets.nothing)


def weigh(sets: Sets, tree: Expression, moment: Moment) -> Spread:
    """The value of a tree."""
    match tree:
        case Constant(value):
            return sets.constant(value)
        case Read(_, variable):
            return moment[Key("variable", variable.name)]
        case Visits(scene):
            return moment.get(Key("visits", scene)) or sets.constant(0)
        case Chosen(key):
            return moment[Key("chosen", key)]
        case Ended(scene):
            return moment[Key("ended", scene)]
        case Not() | Junction():
            held = where(sets, tree, moment)
            return {True: held, False: ~held}
        case Negate(inner):
            return {-int(value): region for value, region in weigh(sets, inner, moment).items()}
        case Compare(sign, left, right) | Calculate(sign, left, right):
            return _each(sets, _OPERATORS[sign], weigh(sets, left, moment), weigh(sets, right, moment))


def _each(sets: Sets, operate: Callable[..., Value], left: Spread, right: Spread) -> Spread:
    found: dict[Value, Region] = {}
    for one, here in left.items():
        for other, there in right.items():
            both = here & there
            if both != sets.nothing:
                value = operate(one, other)
                found[value] = found.get(value, sets.nothing) | both
    return found


def either(sets: Sets, region: Region, inside: Spread, outside: Spread) -> Spread:
    """One value inside a region, another outside of it."""
    found = {value: here & region for value, here in inside.items()}
    for value, there in outside.items():
        found[value] = found.get(value, sets.nothing) | (there & ~region)
    return {value: where for value, where in found.items() if where != sets.nothing}
