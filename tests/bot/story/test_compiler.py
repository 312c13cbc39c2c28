"""What is compiled does what the tree says: no more, no less, inside every variable's bounds."""

from __future__ import annotations

import ast

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.story.compiler import compile_condition, compile_effect
from bot.story.expression import Assignment, Calculate, Constant, Expression
from bot.story.limits import MAX_EXPRESSION
from bot.story.parser import ExpressionError, parse_condition, parse_effect
from tests.bot.story.expressions import READS, SCOPE, VARIABLES, Moment, flags, moments, numbers, text_of, worth


@given(flags(), moments())
def test_a_condition_written_read_and_compiled_is_worth_what_its_tree_is(tree: Expression, moment: Moment) -> None:
    text = text_of(tree)
    assume(len(text) <= MAX_EXPRESSION)
    read = parse_condition(text, SCOPE)
    condition = compile_condition(text, read)
    holds = condition.holds(moment.values, moment.visits, moment.chosen, moment.ended)
    assert holds is worth(tree, moment)
    assert worth(read, moment) is holds


@given(numbers(), moments(), st.sampled_from(["=", "+=", "-="]), st.sampled_from(["trust", "air"]))
def test_an_integer_stays_inside_its_bounds(tree: Expression, moment: Moment, sign: str, name: str) -> None:
    text = f"{name} {sign} {text_of(tree)}"
    assume(len(text) <= MAX_EXPRESSION)
    values = list(moment.values)
    compile_effect(text, [parse_effect(text, SCOPE)]).apply(values, moment.visits, moment.chosen, moment.ended)
    read = READS[name]
    before, by = int(moment.values[read.index]), int(worth(tree, moment))
    wanted = {"=": by, "+=": before + by, "-=": before - by}[sign]
    assert values[read.index] == min(max(wanted, read.variable.low), read.variable.high)
    assert [value for n, value in enumerate(values) if n != read.index] == [
        value for n, value in enumerate(moment.values) if n != read.index
    ]


def applied(*texts: str) -> dict[str, object]:
    values = [variable.start for variable in VARIABLES]
    effect = compile_effect("; ".join(texts), [parse_effect(text, SCOPE) for text in texts])
    effect.apply(values, {"gate": 2}, {}, frozenset())
    return {variable.name: value for variable, value in zip(VARIABLES, values, strict=True)}


def test_effects_happen_in_order() -> None:
    done = applied("trust = 9", "air = trust * 10", "trust -= visits(gate)", "met = air == 30", "ticket = 'lin'")
    assert (done["trust"], done["air"], done["met"], done["ticket"]) == (1, 30, True, "lin")


def test_a_text_is_cut_to_its_length() -> None:
    assert applied("nickname = 'Rumpelstiltskin'")["nickname"] == "Rumpel"


def test_nothing_to_do_does_nothing() -> None:
    assert applied() == {variable.name: variable.start for variable in VARIABLES}


def test_a_flag_stays_a_flag() -> None:
    for text in ("met = told and visits(gate) > 1", "met = not (met or met)", "met = chosen(go) == ended(end-1)"):
        assert applied(text)["met"] is True


def test_the_right_side_is_not_looked_at_when_the_left_side_decides() -> None:
    condition = compile_condition("", parse_condition("told or visits(gate) > 1", SCOPE))
    unreadable: dict[str, int] = None  # type: ignore[assignment]
    assert condition.holds([variable.start for variable in VARIABLES], unreadable, {}, frozenset())


def test_compiled_functions_reach_no_builtins() -> None:
    condition = compile_condition("", parse_condition("met", SCOPE))
    assert condition.holds.__globals__["__builtins__"] == {}


def test_a_long_sum_is_no_deep_stack() -> None:
    tree: Expression = Constant(1, "integer")
    for _ in range(195):
        tree = Calculate("+", tree, Constant(1, "integer"))
    values = [variable.start for variable in VARIABLES]
    compile_effect("", [Assignment(READS["air"], tree)]).apply(values, {}, {}, frozenset())
    assert values[1] == 196


@pytest.mark.parametrize("name", ["values", "visits", "chosen", "ended", "new", "compiled"])
def test_names_of_the_compiled_function_are_nobodys_variables(name: str) -> None:
    with pytest.raises(ExpressionError):
        parse_condition(name, SCOPE)
    assert ast.parse(name)
