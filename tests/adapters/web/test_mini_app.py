"""Nobody is believed to be a user of Telegram unless Telegram signed it, for this bot, a short while ago."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.web.mini_app import MAX_AGE, MAX_AHEAD, MAX_INIT_DATA, Unproven, checked
from tests.fakes.init_data import TOKEN, USER, query, said, signed

NOW = 1_750_000_000

KNOWN = [
    pytest.param(  # from the tests of another library, aiogram
        "auth_date=1650385342&user=%7B%22id%22%3A42%2C%22first_name%22%3A%22Test%22%7D&query_id=test"
        "&hash=46d2ea5e32911ec8d30999b56247654460c0d20949b6277af519e76271182803",
        "42:TEST", 1650385342, (42, None), id="peer",
    ),
    pytest.param(  # signed with `openssl dgst`, after the page of rules
        "user=%7B%22id%22%3A7340032%2C%22first_name%22%3A%22Zo%C3%AB%20%26%20Lin%2B%22%2C%22language_code%22%3A%22zh-hans"
        "%22%2C%22allows_write_to_pm%22%3Atrue%7D&chat_instance=-3788475317572404878&chat_type=private"
        "&start_param=last-train-home&auth_date=1750000000&signature=c2lnbmF0dXJl_-A"
        "&hash=1f6e8840835622288535620245dffb301fa53c8bae2d57f7ea5a3bb9c858241e",
        TOKEN, NOW, (7340032, "zh-hans"), id="openssl",
    ),
]  # fmt: skip
"""Signatures that no code of ours had a part in."""

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), max_size=20)


def why(init_data: str, token: str = TOKEN, now: int = NOW) -> str:
    """Why it is not believed."""
    with pytest.raises(Unproven) as told:
        checked(init_data, token, now)
    return str(told.value)


@pytest.mark.parametrize(("init_data", "token", "at", "user"), KNOWN)
def test_known_signatures_are_believed(init_data: str, token: str, at: int, user: tuple[int, str | None]) -> None:
    believed = checked(init_data, token, at)
    assert (believed.id, believed.language_code) == user


@given(st.integers(1, 2**52), words, st.dictionaries(words.filter(bool), words, max_size=5))
def test_whatever_telegram_adds_it_is_believed(user: int, language: str, more: dict[str, str]) -> None:
    fields = {name: value for name, value in more.items() if name != "hash"} | said(user, at=NOW, language=language)
    believed = checked(signed(fields), TOKEN, NOW)
    assert (believed.id, believed.language_code) == (user, language)


@given(st.data())
def test_no_letter_of_it_can_be_another(data: st.DataObject) -> None:
    real = signed(said(at=NOW))
    at = data.draw(st.integers(0, len(real) - 1))
    letter = data.draw(st.sampled_from("abcXYZ0123456789%&=+-_."))
    forged = real[:at] + letter + real[at + 1 :]
    try:
        believed = checked(forged, TOKEN, NOW)
    except Unproven:
        return
    # The same in another spelling, as %2F and %2f are.
    assert believed == checked(real, TOKEN, NOW)


@given(st.text())
def test_nonsense_is_refused_and_breaks_nothing(nonsense: str) -> None:
    assert why(nonsense)


@given(words.filter(lambda token: token != TOKEN))
def test_another_bots_signature_is_none(token: str) -> None:
    assert why(signed(said(at=NOW), token)) == "the signature is not this bot's"


@pytest.mark.parametrize("proof", [[], [("hash", "")], [("hash", "0" * 64)], [("hash", "ü" * 64)]])
def test_without_a_right_signature_nobody_is_believed(proof: list[tuple[str, str]]) -> None:
    assert why(query([*said(at=NOW).items(), *proof])) == "the signature is not this bot's"


@pytest.mark.parametrize("name", ["user", "auth_date", "hash", "query_id"])
def test_a_field_that_is_there_twice_is_refused(name: str) -> None:
    real = signed(said(at=NOW))
    again = next(pair for pair in real.split("&") if pair.startswith(f"{name}="))
    assert why(f"{real}&{again}") == "a field is there twice"
    assert why(f"{name}=other&{real}") == "a field is there twice"


def test_two_fields_cannot_pass_for_one_nor_one_for_two() -> None:
    fields = said(at=NOW)
    proof = dict(pair.split("=", 1) for pair in signed(fields).split("&"))["hash"]
    merged = {"auth_date": f"{fields['auth_date']}\nquery_id={fields.pop('query_id')}"}
    assert why(query([*{**fields, **merged}.items(), ("hash", proof)])) == "a field has a line break"


@pytest.mark.parametrize(
    ("ago", "reason"),
    [
        (0, None),
        (MAX_AGE, None),
        (MAX_AGE + 1, "it is too old"),
        (-MAX_AHEAD, None),
        (-MAX_AHEAD - 1, "it is from the future"),
    ],
)
def test_it_holds_for_a_day_and_a_clock_may_be_a_little_ahead(ago: int, reason: str | None) -> None:
    init_data = signed(said(at=NOW - ago))
    if reason is None:
        assert checked(init_data, TOKEN, NOW).id == USER
    else:
        assert why(init_data) == reason


@pytest.mark.parametrize("when", ["", "now", "-1", "+5", "1e9", "１７５０００００００", "9" * 13])
def test_a_time_is_a_number_of_seconds(when: str) -> None:
    assert why(signed({**said(at=NOW), "auth_date": when})) == "it says no time"


@pytest.mark.parametrize(
    "user",
    ["", "null", "7", "[]", "{}", '{"id":0}', '{"id":-5}', '{"id":"7"}', '{"id":7.5}', '{"id":true}', '{"id":1e99}',
     '{"id":9007199254740993}', '{"id":7,"language_code":5}', '{"id":7', "[" * 900],
)  # fmt: skip
def test_a_user_without_a_usable_id_is_refused(user: str) -> None:
    assert why(signed({**said(at=NOW), "user": user})) == "it names no user"
    nobody = {name: value for name, value in said(at=NOW).items() if name != "user"}
    assert why(signed(nobody)) == "it names no user"


def test_its_size_is_bounded() -> None:
    empty = len(signed({**said(at=NOW), "more": ""}))
    assert checked(signed({**said(at=NOW), "more": "x" * (MAX_INIT_DATA - empty)}), TOKEN, NOW).id == USER
    assert why(signed({**said(at=NOW), "more": "x" * (MAX_INIT_DATA - empty + 1)})) == "it is too long"
    assert why("&".join(f"{n}=" for n in range(40))) == "it is no query string"


def test_what_is_said_does_not_repeat_what_was_sent() -> None:
    secret = json.dumps({"id": 0, "first_name": "Mira"})
    assert "Mira" not in why(signed({**said(at=NOW), "user": secret}))
