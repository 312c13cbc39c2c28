"""What a button carries: it fits, it comes back as it was, and nothing else is ever taken for it."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.button import LONGEST, Buttons, Forged, Press, Tap
from adapters.telegram.scene import ASKS

BUTTONS = Buttons(b"a secret", "telegram", 42)
LONGEST_LINK = 64
"""Characters after ?start= in a link (Bot API, deep linking)."""

SESSIONS = st.integers(0, 2**64 - 1)
REVISIONS = st.integers(0, 2**34 - 1)
IDS = st.text(string.ascii_lowercase + string.digits + "-_.", min_size=1, max_size=32)
TAPS = st.builds(Tap, SESSIONS, REVISIONS, IDS | IDS.map(lambda id: (ASKS + id)[:32]))
PRESSES = st.builds(Press, st.sampled_from(["play", "watch-begin", "back"]), st.just("") | IDS)


def made(what: Tap | Press) -> str:
    if isinstance(what, Tap):
        return BUTTONS.tap(what.session, what.revision, what.choice)
    return BUTTONS.press(what.page, what.about)


@given(what=TAPS | PRESSES)
def test_it_fits_and_comes_back_as_it_was(what: Tap | Press) -> None:
    data = made(what)
    assert len(data.encode()) <= LONGEST
    assert BUTTONS.read(data) == what


def test_the_longest_choice_that_asks_for_a_text_fits() -> None:
    data = BUTTONS.tap(2**62 - 1, 2**34 - 1, ASKS + "c" * 32)
    assert len(data.encode()) <= LONGEST


def test_what_does_not_fit_is_said_when_it_is_made() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        BUTTONS.press("play", "a" * 60)
    with pytest.raises(ValueError, match="34 bits"):
        BUTTONS.tap(1, 2**35, "left")


@given(what=TAPS | PRESSES, place=st.integers(0), byte=st.integers(0, 255))
def test_a_changed_byte_is_a_forgery(what: Tap | Press, place: int, byte: int) -> None:
    data = bytearray(made(what).encode())
    place %= len(data)
    if data[place] == byte:
        byte ^= 1
    data[place] = byte
    with pytest.raises(Forged):
        BUTTONS.read(data.decode("utf-8", "replace"))


@given(what=TAPS | PRESSES, place=st.integers(0), letter=st.characters())
def test_a_changed_letter_is_a_forgery(what: Tap | Press, place: int, letter: str) -> None:
    data = made(what)
    place %= len(data)
    changed = data[:place] + letter + data[place + 1 :]
    if changed == data:
        return
    with pytest.raises(Forged):
        BUTTONS.read(changed)


def test_half_a_character_does_not_stand_for_a_question_mark() -> None:
    asking = BUTTONS.tap(7, 3, ASKS + "name")
    with pytest.raises(Forged):
        BUTTONS.read(asking.replace(ASKS, "\ud800"))


@given(data=st.text(st.characters(), max_size=80) | st.binary(max_size=80).map(lambda raw: raw.decode("latin-1")))
def test_anything_else_is_a_forgery_and_nothing_worse(data: str) -> None:
    with pytest.raises(Forged):
        BUTTONS.read(data)
    with pytest.raises(Forged):
        BUTTONS.shared(data)


@given(what=TAPS | PRESSES)
def test_another_bots_button_and_another_secrets_are_forgeries(what: Tap | Press) -> None:
    for others in (
        Buttons(b"a secret", "telegram", 43),
        Buttons(b"another", "telegram", 42),
        Buttons(b"a secret", "discord", 42),
    ):
        with pytest.raises(Forged):
            others.read(made(what))


@given(session=SESSIONS, to=REVISIONS)
def test_a_shared_moment_fits_into_a_link(session: int, to: int) -> None:
    token = BUTTONS.share(session, to)
    assert re.fullmatch(r"[A-Za-z0-9_-]+", token)
    assert len(f"m-{token}") <= LONGEST_LINK
    assert BUTTONS.shared(token) == (session, to)


@given(session=SESSIONS, to=REVISIONS, what=TAPS | PRESSES)
def test_a_button_is_no_shared_moment_and_a_moment_is_no_button(session: int, to: int, what: Tap | Press) -> None:
    with pytest.raises(Forged):
        BUTTONS.read(BUTTONS.share(session, to))
    with pytest.raises(Forged):
        BUTTONS.shared(made(what))
