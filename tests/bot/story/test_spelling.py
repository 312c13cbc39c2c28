"""A spelled expression says what its tree says."""

from __future__ import annotations

from hypothesis import given

from bot.story.expression import Constant, Expression
from bot.story.parser import parse_condition, parse_effect
from bot.story.spelling import spelled, spelled_effect
from tests.bot.story.expressions import SCOPE, flags


@given(flags())
def test_what_is_spelled_is_read_as_the_same_tree(tree: Expression) -> None:
    assert parse_condition(spelled(tree), SCOPE) == tree


def test_brackets_stand_only_where_they_are_needed() -> None:
    for text in (
        "trust + 1 >= 2 and not (met or ticket == mei)",
        "trust - (air - 1) * 2 < -trust",
        'nickname == "ab" or visits(hall) > 1 or chosen(hall.stay)',
        "(met == told) == true",
    ):
        assert spelled(parse_condition(text, SCOPE)) == text


def test_effects_are_spelled_the_short_way() -> None:
    assert spelled_effect(parse_effect("trust = trust - 2", SCOPE)) == "trust -= 2"
    assert spelled_effect(parse_effect("trust = 2 - trust", SCOPE)) == "trust = 2 - trust"
    assert spelled_effect(parse_effect("met = not met", SCOPE)) == "met = not met"


def test_a_text_with_quotes_and_an_option_that_is_no_word_are_quoted() -> None:
    assert spelled(Constant('say "no"', "text")) == "'say \"no\"'"
    assert spelled(Constant("night-market", "choice")) == '"night-market"'
    assert spelled(Constant("true", "choice")) == '"true"'
