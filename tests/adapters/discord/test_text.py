"""Text on Discord: what a story or a person wrote is read as it stands, whatever is in it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.place import home_of, whisper
from adapters.discord.sender import NONCE, nonce_of
from adapters.discord.text import CARD, bold, filled, plain, when
from adapters.text import clean

MARKUP = st.text(st.sampled_from("*_~`|>#[]()<:@-\\1. \nab"), max_size=60) | st.text(max_size=60)

_ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])")
_SPECIAL = re.compile(r"[*_~`|>#\[\]()<:@]|^\s*(?:-|\d+\.)\s", re.MULTILINE)


def rendered(markdown: str) -> str:
    """What Discord shows of it: a backslash goes, and whatever follows it stands for itself."""
    return _ESCAPED.sub(r"\1", markdown)


@given(MARKUP)
def test_what_is_read_is_what_was_written(text: str) -> None:
    assert rendered(plain(text)) == clean(text)


@given(MARKUP)
def test_nothing_of_it_is_markup_a_link_or_a_mention(text: str) -> None:
    assert not _SPECIAL.search(_ESCAPED.sub("x", plain(text)))


@given(MARKUP)
def test_in_bold_it_ends_where_it_ends(text: str) -> None:
    assert "*" not in _ESCAPED.sub("x", bold(text))[2:-2]


TRAPS = ("<@1>", "<@&2>", "<#3>", "[a](https://example.org)", "https://example.org", "<t:1:R>", "1. one", "**b**")


@pytest.mark.parametrize("text", TRAPS)
def test_no_known_trap_stays_as_it_was(text: str) -> None:
    assert text not in plain(text)
    assert rendered(plain(text)) == text


@given(st.lists(st.text(max_size=50), max_size=30), st.integers(50, 200))
def test_paragraphs_fill_texts_in_their_order(paragraphs: list[str], limit: int) -> None:
    texts = filled(paragraphs, limit)
    assert "\n".join(texts) == "\n".join(paragraphs)
    assert all(len(text) <= limit <= CARD for text in texts)


def test_a_time_counts_down_to_its_second_and_not_before() -> None:
    assert when(1_750_000_000_000) == "<t:1750000000:R>"
    assert when(1_750_000_000_001) == "<t:1750000001:R>"


@given(st.integers(0, 1 << 63), st.text(max_size=40), st.text(max_size=40))
def test_a_nonce_fits_and_is_its_messages_own(channel: int, name: str, other: str) -> None:
    nonce = nonce_of(channel, name)
    assert len(nonce) == NONCE
    assert nonce == nonce_of(channel, name)
    assert (nonce == nonce_of(channel, other)) == (name == other)


def test_a_branch_has_its_home_and_a_whisper_has_none() -> None:
    assert home_of("123") == home_of("123/5a") == 123
    with pytest.raises(ValueError, match="invalid literal"):
        home_of(whisper(123))
