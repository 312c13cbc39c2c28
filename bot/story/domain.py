"""Whether a condition can be true at all: tried over the bounded domains of everything it looks at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from bot.story.compiler import compile_condition
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

MAX_COMBINATIONS = 20_000
"""Values tried for one condition; one with more is left to the prover."""


def leaves(tree: Expression) -> Iterator[Read | Visits | Chosen | Ended | Constant]:
    """Everything a tree looks at, and its constants."""
    match tree:
        case Not(inner) | Negate(inner):
            yield from leaves(inner)
        case Junction(_, left, right) | Compare(_, left, right) | Calculate(_, left, right):
            yield from leaves(left)
            yield from leaves(right)
        case _:
            yield tree


def never_holds(tree: Expression) -> bool:
    """True when no combination of values makes it true; False also where there are too many to try."""
    looked_at = list(dict.fromkeys(leaf for leaf in leaves(tree) if not isinstance(leaf, Constant)))
    numbers = [leaf.value for leaf in leaves(tree) if isinstance(leaf, Constant) and isinstance(leaf.value, int)]
    most = max(map(abs, numbers), default=0)
    domains = [_domain(leaf, most) for leaf in looked_at]
    size = 1
    for domain in domains:
        if domain is None:
            return False
        size *= len(domain)
    if size > MAX_COMBINATIONS:
        return False
    holds = compile_condition("", tree).holds
    width = max((leaf.index for leaf in looked_at if isinstance(leaf, Read)), default=-1) + 1
    return not any(
        holds(*_moment(looked_at, values, width)) for values in product(*(domain for domain in domains if domain))
    )


def _domain(leaf: Read | Visits | Chosen | Ended, most: int) -> Sequence[Value] | None:
    """The values a leaf can have; None for those without a small domain. Visits beyond every constant are alike."""
    if isinstance(leaf, Visits):
        return range(most + 2)
    if isinstance(leaf, Chosen | Ended):
        return (False, True)
    variable = leaf.variable
    if variable.kind == "flag":
        return (False, True)
    if variable.kind == "choice":
        return variable.options
    return range(variable.low, variable.high + 1) if variable.kind == "integer" else None


def _moment(
    looked_at: Sequence[Read | Visits | Chosen | Ended], values: Sequence[Value], width: int
) -> tuple[list[Value], dict[str, int], dict[str, int], frozenset[str]]:
    """The arguments of a condition in which its leaves have these values."""
    slots: list[Value] = [False] * width
    visits: dict[str, int] = {}
    chosen: dict[str, int] = {}
    ended: set[str] = set()
    for leaf, value in zip(looked_at, values, strict=True):
        match leaf:
            case Read(index):
                slots[index] = value
            case Visits(scene):
                visits[scene] = int(value)
            case Chosen(key) if value:
                chosen[key] = 1
            case Ended(scene) if value:
                ended.add(scene)
    return slots, visits, chosen, frozenset(ended)
