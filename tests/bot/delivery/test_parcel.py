"""A card survives the outbox as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.parcel import Parcel, unwrap, wrap
from bot.delivery.reason import LONGEST, reason_of
from bot.play.card import Card
from bot.store.port import Session

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
SESSION = Session(2**62 - 1, 1, "crossroads", "0" * 16, 7, 3, b"", "telegram:1", 0)


@given(card=st.builds(Card, scene=TEXT, language=TEXT))
def test_what_was_wrapped_is_unwrapped_the_same(card: Card) -> None:
    assert unwrap(wrap(SESSION, card)) == Parcel("crossroads", "0" * 16, 2**62 - 1, 3, card)


@given(body=st.binary(max_size=200))
def test_what_is_damaged_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"JSON|Parcel"):
        unwrap(body)


@given(words=st.text(st.characters(), max_size=50))
def test_a_reason_can_always_be_stored(words: str) -> None:
    reason = reason_of(OSError(words))
    assert reason.startswith("OSError: ")
    assert "\0" not in reason
    reason.encode()


def test_a_reason_is_bounded() -> None:
    assert len(reason_of(OSError("x" * 10**6))) == LONGEST
