"""Texts with holes: what is filled in, what stays, what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.story.text import TextError, parse_text

VARIABLES = {"nickname": 0, "trust": 1}
NAMES = {"mei": "Mei {not a hole}"}


@pytest.mark.parametrize(
    ("source", "filled"),
    [
        ("", ""),
        ("Plain words.", "Plain words."),
        ("{nickname}!", "Sparrow!"),
        ("{nickname}{trust}", "Sparrow-3"),
        ("I am {mei}.", "I am Mei {not a hole}."),
        ("{{nickname}}", "{nickname}"),
        ("{{{nickname}}}", "{Sparrow}"),
        ("}}{{", "}{"),
    ],
)
def test_holes_are_filled_and_double_braces_are_braces(source: str, filled: str) -> None:
    assert parse_text(source, VARIABLES, NAMES).fill(["Sparrow", -3]) == filled


def test_a_text_without_variables_is_known_before_the_play() -> None:
    assert parse_text("I am {mei}.", VARIABLES, NAMES).plain == "I am Mei {not a hole}."
    assert parse_text("I am {nickname}.", VARIABLES, NAMES).plain is None


def test_what_a_viewer_types_is_never_a_hole() -> None:
    assert parse_text("Hi {nickname}", VARIABLES, NAMES).fill(["{trust} {{", 0]) == "Hi {trust} {{"


@pytest.mark.parametrize(
    ("source", "column", "phrase"),
    [
        ("a { b", 2, 'a lone "{"'),
        ("a } b", 2, 'a lone "}"'),
        ("{nickname}}", 10, 'a lone "}"'),
        ("a {nikname}", 2, 'Did you mean "nickname"?'),
        ("{}", 0, '"{}" is neither'),
        ("{ mei }", 0, "is neither"),
        ("{mei.__class__}", 0, "is neither"),
        ("{trust!r}", 0, "is neither"),
        ("{trust:>9999}", 0, "is neither"),
    ],
)
def test_a_hole_that_nothing_fills_is_told_at_its_column(source: str, column: int, phrase: str) -> None:
    with pytest.raises(TextError) as refused:
        parse_text(source, VARIABLES, NAMES)
    assert refused.value.column == column
    assert phrase in refused.value.message


@given(st.text("a{}nickmei ", max_size=40))
def test_any_text_is_read_or_refused(source: str) -> None:
    assert read_or_refused(source)


def read_or_refused(source: str) -> bool:
    try:
        return isinstance(parse_text(source, VARIABLES, NAMES).fill(["x", 1]), str)
    except TextError as error:
        return 0 <= error.column < len(source)


@given(st.text())
def test_any_words_can_be_said(words: str) -> None:
    escaped = words.replace("{", "{{").replace("}", "}}")
    assert parse_text(escaped, VARIABLES, NAMES).plain == words
