"""Text is broken where readers of its script expect it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.clips.wrap import NOT_FIRST, width, wrap


def test_words_stay_whole() -> None:
    assert wrap("You said that last time.", 7, 9) == ["You said that", "last time."]


def test_chinese_breaks_anywhere_but_before_a_mark() -> None:
    rows = wrap("如果你上了那班火车，就不要再回来。", 9, 9)
    assert rows == ["如果你上了那班火", "车，就不要再回来。"]
    assert not any(row[0] in NOT_FIRST for row in rows)


def test_both_in_one_line() -> None:
    assert wrap("她说 platform nine 见", 7.5, 9) == ["她说 platform", "nine 见"]


def test_a_word_that_is_too_long_is_cut() -> None:
    assert wrap("x" * 20, 5.4, 9) == ["x" * 10, "x" * 10]


def test_too_much_ends_in_an_ellipsis() -> None:
    rows = wrap("one two three four five six seven", 5, 2)
    assert len(rows) == 2
    assert rows[-1].endswith("…")


def test_nothing_is_no_rows() -> None:
    assert wrap("", 5, 2) == wrap(" \n ", 5, 2) == []


@given(st.text(max_size=120), st.floats(3, 30))
def test_nothing_is_lost_and_every_row_fits(text: str, room: float) -> None:
    rows = wrap(text, room, 1000)
    assert "".join("".join(rows).split()) == "".join(text.split())
    assert all(width(row) <= room + 1e-6 for row in rows)
