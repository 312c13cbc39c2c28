"""Text for Telegram: held against the parser of the local Bot API server, whatever the characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.telegram.text import CAPTION, MESSAGE, bold, filled, italic, joined, plain, units
from adapters.text import cut, pieces
from tests.fakes.telegram import entities

ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
TRICKY = st.text(st.sampled_from("<>&\"'/ab \n\r\t\u202e\u200b\u2060\ufeff\x00\x1b🎬🏁é中;#lgt"), max_size=60)
TEXTS = ANY | TRICKY
WITH_HALVES = st.text(st.characters(), max_size=60)
UNSEEN = "\u200b\u200e\u202a\u202e\u2066\u2069\u2060\ufeff\u061c\x00\x07\x1b\x7f"


def seen(html: str) -> str:
    """What people read of it."""
    return entities.parse(html, "HTML").text


@given(text=TEXTS)
def test_a_text_is_read_as_it_was_written_without_hidden_controls(text: str) -> None:
    said = entities.parse(plain(text), "HTML")
    assert said.entities == []
    assert said.text == entities.parse("".join(letter for letter in text if plain(letter)), "").text
    assert not set(UNSEEN) & set(said.text)


@pytest.mark.parametrize("control", UNSEEN)
def test_a_control_that_turns_or_hides_text_is_taken_out(control: str) -> None:
    assert plain(f"a{control}b") == "ab"


@pytest.mark.parametrize("letter", "\t\n a<&é中🎬\u0301\u0e33")
def test_what_can_be_seen_stays(letter: str) -> None:
    assert seen(plain(f"a{letter}b")) == f"a{letter}b"


@given(text=TEXTS)
def test_marks_stand_around_the_whole_text_and_nothing_else(text: str) -> None:
    for html, mark in ((bold(text), "bold"), (italic(text), "italic")):
        said = entities.parse(html, "HTML")
        assert said.text == seen(plain(text))
        assert [(one["type"], one["length"]) for one in said.entities if one["length"]] == (
            [(mark, entities.units(said.text))] if said.text else []
        )


@given(texts=st.lists(TEXTS, max_size=3))
def test_the_length_is_what_telegram_counts(texts: list[str]) -> None:
    html = "\n".join(part for text in texts for part in (plain(text), bold(text), italic(text)))
    assert units(html) >= entities.units(seen(html))
    # The server only drops line separators, which nobody writes.
    assert units(html) - entities.units(seen(html)) == sum(html.count(letter) for letter in "\u2028\u2029")


@given(text=WITH_HALVES, limit=st.integers(1, 50))
def test_a_cut_never_exceeds_its_limit_or_splits_a_character(text: str, limit: int) -> None:
    short = cut(text, limit)
    assert len(short.encode("utf-16-le", "surrogatepass")) // 2 <= limit
    kept = short.removesuffix("…") if short != text else short
    assert text.startswith(kept)
    assert (short == text) == (len(text.encode("utf-16-le", "surrogatepass")) // 2 <= limit)


def test_a_cut_counts_emoji_twice() -> None:
    assert cut("🎬🎬🎬", 6) == "🎬🎬🎬"
    assert cut("🎬🎬🎬", 5) == "🎬🎬…"
    assert cut("🎬🎬🎬", 4) == "🎬…"


@given(
    paragraphs=st.lists(st.builds(lambda text, size: text * size, TEXTS, st.integers(0, 9)).map(plain), max_size=12),
    first=st.integers(0, CAPTION),
)
def test_filled_texts_keep_to_their_limits_and_lose_nothing(paragraphs: list[str], first: int) -> None:
    texts = filled([one for one in paragraphs if units(one) <= MESSAGE], first)
    assert units(texts[0]) <= first
    assert all(units(text) <= MESSAGE for text in texts[1:])
    assert all(texts[1:])
    said = "".join(texts).replace("\n", "")
    assert said == "".join(one for one in paragraphs if units(one) <= MESSAGE).replace("\n", "")


def test_as_few_texts_as_possible() -> None:
    assert filled(["a" * 10, "b" * 10], 21) == ["a" * 10 + "\n" + "b" * 10]
    assert filled(["a" * 10, "b" * 10], 20) == ["a" * 10, "b" * 10]
    assert filled(["a" * 10, "b" * 10], 5) == ["", "a" * 10 + "\n" + "b" * 10]
    assert filled([], 5) == [""]


@given(text=TEXTS, limit=st.integers(2, 40))
def test_pieces_are_the_text_and_none_is_too_long(text: str, limit: int) -> None:
    found = pieces(text, limit)
    assert "".join(found) == text
    assert all(0 < len(piece) <= limit for piece in found) or found == [""]


def test_pieces_are_cut_between_words() -> None:
    assert pieces("one two three four", 9) == ["one two ", "three ", "four"]
    assert pieces("x" * 20, 9) == ["x" * 9, "x" * 9, "x" * 2]


def test_joined_paragraphs_leave_out_the_empty_ones() -> None:
    assert joined(["a", "", "b"]) == "a\n\nb"
