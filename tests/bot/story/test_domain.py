"""A condition that can never be true is known as such, and one that can never is."""

from __future__ import annotations

import pytest

from bot.story.domain import MAX_COMBINATIONS, never_holds
from bot.story.expression import Read, Scope, Variable
from bot.story.parser import parse_condition

SCOPE = Scope(
    {
        "trust": Read(0, Variable("trust", "integer", 0, low=-3, high=3)),
        "ticket": Read(1, Variable("ticket", "choice", "none", options=("none", "mei"))),
        "met": Read(2, Variable("met", "flag", False)),
        "name": Read(3, Variable("name", "text", "", length=20)),
        "wide": Read(4, Variable("wide", "integer", 0, low=0, high=MAX_COMBINATIONS)),
    },
    frozenset({"gate"}),
    frozenset({"gate"}),
    {"gate.go": ("gate.go",), "go": ("gate.go",)},
)


@pytest.mark.parametrize(
    "never",
    ["trust > 3", "met and not met", "trust * trust < 0", "visits(gate) < 0", "chosen(go) and not chosen(go)", "false",
     "trust > 1 and trust < 2", "ticket == mei and ticket == none", "ended(gate) != ended(gate)", "-trust > 3"],
)  # fmt: skip
def test_never(never: str) -> None:
    assert never_holds(parse_condition(never, SCOPE))


@pytest.mark.parametrize(
    "sometimes",
    ["trust >= 3", "met", "not met", "visits(gate) > 7", "chosen(go)", "ended(gate) and trust < 0", "true",
     "trust > 1 or ticket == mei", "visits(gate) == 4 and not chosen(go)"],
)  # fmt: skip
def test_sometimes(sometimes: str) -> None:
    assert not never_holds(parse_condition(sometimes, SCOPE))


@pytest.mark.parametrize("unknown", ['name == "Mei" and name != "Mei"', "wide < 0"])
def test_what_has_too_many_values_is_not_judged(unknown: str) -> None:
    assert not never_holds(parse_condition(unknown, SCOPE))
