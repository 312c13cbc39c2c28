"""Conditions and effects: what they say, what they refuse, and that no text is ever more than a text."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.story.compiler import compile_condition, compile_effect
from bot.story.expression import (
    Assignment,
    Calculate,
    Chosen,
    Compare,
    Constant,
    Junction,
    Not,
    Read,
    Scope,
    Variable,
    Visits,
)
from bot.story.limits import MAX_EXPRESSION
from bot.story.parser import ExpressionError, parse_condition, parse_effect
from tests.bot.story.expressions import READS, SCOPE

MET, TOLD, TRUST, TICKET = READS["met"], READS["told"], READS["trust"], READS["ticket"]


def number(value: int) -> Constant:
    return Constant(value, "integer")


def test_not_binds_before_and_and_before_or() -> None:
    tree = parse_condition("met or not told and met", SCOPE)
    assert tree == Junction("or", MET, Junction("and", Not(TOLD), MET))
    assert parse_condition("(met or not told) and met", SCOPE) == Junction("and", Junction("or", MET, Not(TOLD)), MET)


def test_arithmetic_binds_before_comparison() -> None:
    tree = parse_condition("not trust + 2 * 3 - 1 > visits(gate)", SCOPE)
    sum_ = Calculate("-", Calculate("+", TRUST, Calculate("*", number(2), number(3))), number(1))
    assert tree == Not(Compare(">", sum_, Visits("gate")))


@pytest.mark.parametrize(
    "text", ["ticket == lin", "ticket == 'lin'", 'ticket=="lin"', "lin == ticket", "(ticket) == (lin)", '"lin"==ticket']
)
def test_an_option_is_a_bare_word_or_in_quotes_on_either_side(text: str) -> None:
    assert set(map(repr, (parse_condition(text, SCOPE),))) <= {
        repr(Compare("==", TICKET, Constant("lin", "choice"))),
        repr(Compare("==", Constant("lin", "choice"), TICKET)),
    }


def test_an_option_named_like_a_variable_of_another_kind_is_the_option() -> None:
    lin = Read(9, Variable("lin", "flag", False))
    scope = Scope({**READS, "lin": lin}, SCOPE.scenes, SCOPE.endings, SCOPE.choices)
    option = Constant("lin", "choice")
    assert parse_condition("ticket == lin", scope) == Compare("==", TICKET, option)
    assert parse_condition("lin == ticket", scope) == Compare("==", option, TICKET)
    assert parse_effect("ticket = lin", scope) == Assignment(TICKET, option)
    assert parse_condition("lin == met", scope) == Compare("==", lin, MET)


def test_chosen_names_a_choice_alone_or_with_its_scene() -> None:
    assert parse_condition("chosen(go)", SCOPE) == parse_condition("chosen(gate.go)", SCOPE) == Chosen("gate.go")
    assert parse_condition("chosen ( hall.stay )", SCOPE) == Chosen("hall.stay")


def test_effects() -> None:
    assert parse_effect("trust = 2", SCOPE) == Assignment(TRUST, number(2))
    assert parse_effect("trust += 2", SCOPE) == Assignment(TRUST, Calculate("+", TRUST, number(2)))
    assert parse_effect("trust -= trust", SCOPE) == Assignment(TRUST, Calculate("-", TRUST, TRUST))
    assert parse_effect("met = trust > 1", SCOPE) == Assignment(MET, Compare(">", TRUST, number(1)))
    assert parse_effect("ticket = lin", SCOPE) == Assignment(TICKET, Constant("lin", "choice"))
    assert parse_effect("ticket = seat", SCOPE) == Assignment(TICKET, READS["seat"])


REFUSED = [
    ("", "STORY030", 0),
    ("   ", "STORY030", 0),
    ("met and", "STORY030", 7),
    ("and met", "STORY030", 0),
    ("met = true", "STORY030", 4),
    ("met met", "STORY030", 4),
    ("(met", "STORY030", 0),
    ("met)", "STORY030", 3),
    ("1 < trust < 3", "STORY030", 10),
    ("trust ** 2 == 4", "STORY030", 7),
    ("trust // 2 == 1", "STORY030", 6),
    ("trust == ٣", "STORY030", 9),
    ("tru\u0455t == 1", "STORY030", 3),
    ('nickname == "a', "STORY030", 12),
    ("visits(gate", "STORY030", 6),
    ("visits", "STORY012", 0),
    ("visits() > 1", "STORY012", 7),
    ("visits(gate, hall) > 1", "STORY030", 11),
    ("visits(far) > 1", "STORY012", 7),
    ("visits(  far) > 1", "STORY012", 9),
    ("ended(gate)", "STORY012", 6),
    ("chosen(stay)", "STORY012", 7),
    ("chosen(far.go)", "STORY012", 7),
    ("visits(gate)", "STORY031", 0),
    ("trust", "STORY031", 0),
    ("ticket", "STORY031", 0),
    ("lin", "STORY012", 0),
    ("lin == mei", "STORY012", 0),
    ("ticket == tom", "STORY012", 10),
    ("seat == lin", "STORY012", 8),
    ("ticket == nickname", "STORY031", 10),
    ("ticket < lin", "STORY031", 7),
    ("nickname + nickname == nickname", "STORY031", 9),
    ("met + 1 == 2", "STORY031", 4),
    ("-met", "STORY031", 0),
    ("not trust", "STORY031", 0),
    ("met and trust", "STORY031", 4),
    ("true == 1", "STORY031", 5),
    ("0x10 == 16", "STORY030", 1),
    ("1e3 == 1000", "STORY030", 1),
    ("trust == 1000001", "STORY032", 9),
    (f"met{' ' * MAX_EXPRESSION}", "STORY032", 0),
    ("x" * 10_000, "STORY032", 0),
    ("(" * 400, "STORY032", 25),
    ("-" * 400, "STORY032", 24),
    ("not " * 100, "STORY032", 96),
]


@pytest.mark.parametrize(("text", "code", "column"), REFUSED)
def test_a_condition_that_cannot_stand_says_why_and_where(text: str, code: str, column: int) -> None:
    with pytest.raises(ExpressionError) as refused:
        parse_condition(text, SCOPE)
    assert (refused.value.code, refused.value.column) == (code, column)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("trust", "STORY030"),
        ("trust == 1", "STORY030"),
        ("trust *= 2", "STORY030"),
        ("trust + 1", "STORY030"),
        ("trust := 1", "STORY030"),
        ("3 = trust", "STORY030"),
        ("true = met", "STORY030"),
        ("visits(gate) = 1", "STORY030"),
        ("trust = 1; met = true", "STORY030"),
        ("trust = met", "STORY031"),
        ("met += 1", "STORY031"),
        ("nickname = lin", "STORY012"),
        ("seat = ticket", "STORY031"),  # the ticket may be Lin's, the seat never
        ("nobody = 1", "STORY012"),
    ],
)
def test_an_effect_that_cannot_stand_is_refused(text: str, code: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        parse_effect(text, SCOPE)
    assert refused.value.code == code


INJECTIONS = [
    "__import__('os').system('true')",
    "__import__('os')",
    "().__class__.__bases__[0].__subclasses__()",
    "trust.__class__ == 1",
    "values[0] == 1",
    "met if met else told",
    "lambda: met",
    "f'{met}' == ''",
    "met; import os",
    "met\nimport os",
    "met # comment",
    "(met := told)",
    "[met for met in told]",
    "exec('x')",
    "open('/etc/passwd')",
    "met \\\n and told",
    "`id`",
    "$(id)",
    "{met}",
    "@met",
    "met.told",
    "met is told",
    "trust in (1, 2)",
    "ｍet == true",
    "await met",
    "None",
    "...",
    "__builtins__",
    "visits(gate).real == 1",
    "chosen(__import__('os'))",
    "ended(end-1).__class__",
]


@pytest.mark.parametrize("text", INJECTIONS)
def test_nothing_but_the_language_is_understood(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse_condition(text, SCOPE)
    with pytest.raises(ExpressionError):
        parse_effect(f"met = {text}", SCOPE)


TOKENS = [
    *("trust", "met", "ticket", "nickname", "lin", "none", "nobody", "true", "false", "and", "or", "not"),
    *("==", "!=", "<", "<=", ">", ">=", "=", "+=", "-=", "+", "-", "*", "(", ")", "0", "1", "99", "1000000"),
    *("visits(gate)", "chosen(go)", "chosen(stay)", "ended(end-1)", "visits(", '"a"', "'lin'", '"'),
]


def as_condition(text: str) -> object:
    return compile_condition(text, parse_condition(text, SCOPE))


def as_effect(text: str) -> object:
    return compile_effect(text, [parse_effect(text, SCOPE)])


def stands_or_is_refused(read: Callable[[str], object], text: str) -> bool:
    """Whether a text is read, or refused at a column of its own; any other error comes out as it is."""
    try:
        return read(text) is not None
    except ExpressionError as error:
        return 0 <= error.column <= len(text)


def never_more_than_an_error(text: str) -> None:
    assert stands_or_is_refused(as_condition, text)
    assert stands_or_is_refused(as_effect, text)
    assert stands_or_is_refused(as_effect, f"met = {text}")
    assert stands_or_is_refused(as_effect, f"trust -= {text}")


@given(st.text(max_size=450))
@example("\x00")
@example("\ud800")
def test_no_text_does_more_than_be_refused(text: str) -> None:
    never_more_than_an_error(text)


@given(st.lists(st.sampled_from(TOKENS), max_size=30), st.sampled_from(["", " "]))
def test_no_soup_of_words_does_more_than_be_refused(words: list[str], between: str) -> None:
    never_more_than_an_error(between.join(words))


@pytest.mark.parametrize(
    "text",
    ["met or " * 56 + "met", "trust == " + "1+" * 190 + "1", "trust == " + "1 * " * 95 + "9", "(met)==" * 56 + "met"],
)
def test_the_longest_expressions_need_no_deep_stack(text: str) -> None:
    assert len(text) <= MAX_EXPRESSION
    never_more_than_an_error(text)
