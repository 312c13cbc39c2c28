"""Random expressions for the tests: typed trees, their text, and what they are worth, worked out the slow way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from operator import add, eq, ge, gt, le, lt, mul, ne, sub

from hypothesis import strategies as st

from bot.story.expression import (
    Calculate,
    Chosen,
    Compare,
    Constant,
    Ended,
    Expression,
    Junction,
    Kind,
    Negate,
    Not,
    Read,
    Scope,
    Value,
    Variable,
    Visits,
)

VARIABLES = (
    Variable("trust", "integer", 0, low=-3, high=3),
    Variable("air", "integer", 5, low=0, high=1000),
    Variable("met", "flag", False),
    Variable("told", "flag", True),
    Variable("ticket", "choice", "none", options=("none", "mei", "lin")),
    Variable("seat", "choice", "none", options=("none", "mei")),
    Variable("nickname", "text", "", length=6),
)
READS = {variable.name: Read(index, variable) for index, variable in enumerate(VARIABLES)}
CHOICES = {"go": ("gate.go",), "gate.go": ("gate.go",), "stay": ("gate.stay", "hall.stay"), "hall.stay": ("hall.stay",)}
SCOPE = Scope(READS, frozenset({"gate", "hall", "end-1"}), frozenset({"end-1"}), CHOICES)

_OPERATORS = {"==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge, "+": add, "-": sub, "*": mul}


@dataclass(frozen=True)
class Moment:
    """What an expression looks at."""

    values: tuple[Value, ...]
    visits: Mapping[str, int]
    chosen: Mapping[str, int]
    ended: frozenset[str]


def worth(tree: Expression, moment: Moment) -> Value:
    """The value of a tree, by walking it."""
    match tree:
        case Constant(value):
            return value
        case Read(index):
            return moment.values[index]
        case Visits(scene):
            return moment.visits.get(scene, 0)
        case Chosen(key):
            return moment.chosen.get(key, 0) > 0
        case Ended(scene):
            return scene in moment.ended
        case Not(inner):
            return not worth(inner, moment)
        case Negate(inner):
            return -int(worth(inner, moment))
        case Junction(word, left, right):
            pair = (bool(worth(left, moment)), bool(worth(right, moment)))
            return all(pair) if word == "and" else any(pair)
        case Compare(operator, left, right) | Calculate(operator, left, right):
            result: Value = _OPERATORS[operator](worth(left, moment), worth(right, moment))
            return result


def text_of(tree: Expression) -> str:
    """The tree as a writer might write it, with every bracket it could need."""
    match tree:
        case Constant(value, "integer" | "flag"):
            return str(value).lower()
        case Constant(value):
            return f'"{value}"'
        case Read(_, variable):
            return variable.name
        case Visits(scene):
            return f"visits({scene})"
        case Chosen(key):
            return f"chosen( {key} )"
        case Ended(scene):
            return f"ended({scene})"
        case Not(inner):
            return f"not ({text_of(inner)})"
        case Negate(inner):
            return f"-({text_of(inner)})"
        case Junction(word, left, right):
            return f"({text_of(left)}) {word} ({text_of(right)})"
        case Compare(operator, left, right) | Calculate(operator, left, right):
            return f"({text_of(left)}){operator}({text_of(right)})"


def reads(kind: Kind) -> st.SearchStrategy[Expression]:
    return st.sampled_from([read for read in READS.values() if read.kind == kind])


def numbers() -> st.SearchStrategy[Expression]:
    leaves: st.SearchStrategy[Expression] = st.one_of(
        st.integers(0, 1_000_000).map(lambda n: Constant(n, "integer")),
        reads("integer"),
        st.sampled_from(["gate", "hall", "end-1"]).map(Visits),
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(Negate, inner), st.builds(Calculate, st.sampled_from(["+", "-", "*"]), inner, inner)
        ),
        max_leaves=5,
    )


def flags() -> st.SearchStrategy[Expression]:
    """Trees of the kind that a condition is."""
    options = st.sampled_from(["none", "mei"]).map(lambda option: Constant(option, "choice"))
    texts = st.text("abc ", max_size=4).map(lambda text: Constant(text, "text"))
    same = st.sampled_from(["==", "!="])
    leaves: st.SearchStrategy[Expression] = st.one_of(
        st.booleans().map(lambda value: Constant(value, "flag")),
        reads("flag"),
        st.sampled_from(["gate.go", "hall.stay"]).map(Chosen),
        st.just(Ended("end-1")),
        st.builds(Compare, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), numbers(), numbers()),
        st.builds(Compare, same, reads("choice"), options | reads("choice")),
        st.builds(Compare, same, options, reads("choice")),
        st.builds(Compare, same, reads("text"), texts | reads("text")),
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(Not, inner),
            st.builds(Junction, st.sampled_from(["and", "or"]), inner, inner),
            st.builds(Compare, same, inner, inner),
        ),
        max_leaves=6,
    )


def moments() -> st.SearchStrategy[Moment]:
    """Anything a session may hold."""
    values = st.tuples(
        st.integers(-3, 3),
        st.integers(0, 1000),
        st.booleans(),
        st.booleans(),
        st.sampled_from(["none", "mei", "lin"]),
        st.sampled_from(["none", "mei"]),
        st.text("abc ", max_size=6),
    )
    counts = st.dictionaries(st.sampled_from(["gate", "hall", "end-1"]), st.integers(1, 9))
    chosen = st.dictionaries(st.sampled_from(["gate.go", "hall.stay"]), st.integers(1, 9))
    return st.builds(Moment, values, counts, chosen, st.frozensets(st.just("end-1")))
