"""Titles in any script, broken into the lines of a plate."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chart.letters import ELLIPSIS, bare, broken, clean, shortened, width

ROOM, SIZE = 84.0, 15.0


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("The lie", ["The lie"]),
        ("Thank you for finding her", ["Thank you", "for finding", "her"]),
        ("是面还是甜品", ["是面还", "是甜品"]),
        ("", [""]),
    ],
)
def test_titles(title: str, lines: list[str]) -> None:
    assert broken(title, ROOM, SIZE, 3) == lines


def test_what_does_not_fit_ends_in_an_ellipsis() -> None:
    assert broken("a very long title that nobody could ever read", ROOM, SIZE, 2)[-1].endswith(ELLIPSIS)
    assert shortened("Donaudampfschifffahrt", ROOM, SIZE).endswith(ELLIPSIS)


@given(st.text(max_size=80))
def test_no_line_is_wider_than_its_room(title: str) -> None:
    lines = broken(title, ROOM, SIZE, 3)
    assert 1 <= len(lines) <= 3
    assert all(width(line, SIZE) <= ROOM for line in lines)


def test_what_turns_text_around_or_cannot_be_drawn_is_left_out() -> None:
    assert clean("a\u202eb\x00\n c\ud800") == "ab c"
    assert bare("The door 🚪 ❤️") == "The door"
