"""What chats say: complete in every language, used, and within what Telegram takes."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from adapters.telegram.cashier import DESCRIPTION
from adapters.telegram.desk import ANSWER
from adapters.telegram.text import CAPTION, MESSAGE, units
from adapters.words import LANGUAGES, words
from bot.play.step import Reason
from bot.story.limits import MAX_LABEL, MAX_NAME

ADAPTERS = Path(__file__).parents[2] / "adapters"
COMMAND, SHORT_ABOUT, ABOUT = 256, 120, 512
"""Characters of a command's description, of the short and of the long description (Bot API, setMyCommands,
setMyShortDescription, setMyDescription)."""

OWN_WORDS = frozenset({"console", "web"})
"""Adapters whose words are elsewhere."""

BUTTON = 40
"""Units of a button's label that no phone cuts."""

SPEAKERS = frozenset({"said", "words"})
"""What a language's texts are called where they are used."""

COUNTED = ("_one", "_many")
VALUES = {
    "stars": 100_000, "price": 10_000, "total": 100_000, "number": 10_000, "percent": 100, "seconds": 600,
    "minutes": 600, "length": 80, "found": 2_000, "count": 2_000,
}  # fmt: skip
"""The largest of each number; every other value is a text as long as a title or a label may be."""


@cache
def texts(language: str) -> dict[str, str]:
    return tomllib.loads((ADAPTERS / "languages" / f"{language}.toml").read_text("utf-8"))


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def longest(key: str, text: str) -> str:
    """The text filled with the longest values there may be; one that is never filled stays as it is."""
    return text.format(**{name: VALUES.get(name, "🎬" * MAX_LABEL) for name in fields(text)}) if "{" in text else text


@cache
def sources() -> list[ast.Module]:
    paths = [path for path in ADAPTERS.rglob("*.py") if path.relative_to(ADAPTERS).parts[0] not in OWN_WORDS]
    return [ast.parse(path.read_text("utf-8")) for path in paths]


def nodes() -> Iterator[ast.AST]:
    for module in sources():
        yield from ast.walk(module)


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call of a language's texts with a key that is written out."""
    for node in nodes():
        if isinstance(node, ast.Call) and node.args and _speaks(node.func):
            key = node.args[0]
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, node


def _speaks(called: ast.expr) -> bool:
    """said(...), shot.words(...), words(language)(...), and the same with .count(...)."""
    if isinstance(called, ast.Call):
        return isinstance(called.func, ast.Name) and called.func.id == "words"
    if isinstance(called, ast.Attribute):
        return called.attr in SPEAKERS or (called.attr == "count" and _speaks(called.value))
    return isinstance(called, ast.Name) and called.id in SPEAKERS


def counts(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr == "count"


def keys_of(key: str, call: ast.Call) -> list[str]:
    return [key + ending for ending in COUNTED] if counts(call) else [key]


def written_keys() -> list[re.Pattern[str]]:
    """A pattern for every text in the code that may be a key: `map_{name}` fits all that begin with "map_"."""
    found = {re.escape(reason.value) for reason in Reason}
    for node in nodes():
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(re.escape(node.value) + f"({'|'.join(COUNTED)})?")
        elif isinstance(node, ast.JoinedStr):
            parts = [
                re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z_]+" for part in node.values
            ]
            found.add("".join(parts))
    # Of a text that is all holes, nothing can be learned.
    return [re.compile(one) for one in found if re.search("[a-z]{2}", one.replace("[a-z_]+", ""))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same_with_the_same_values(language: str) -> None:
    said, model = texts(language), texts(LANGUAGES[0])
    assert said.keys() == model.keys()
    assert {key: fields(text) for key, text in said.items()} == {key: fields(text) for key, text in model.items()}
    assert all(text.strip() == text != "" for text in said.values())


def test_every_language_file_is_spoken() -> None:
    assert {path.stem for path in (ADAPTERS / "languages").glob("*.toml")} == set(LANGUAGES)


def test_every_text_is_used() -> None:
    patterns = written_keys()
    assert [key for key in texts("en") if not any(one.fullmatch(key) for one in patterns)] == []


def test_every_text_that_is_used_is_there_with_just_the_values_it_takes() -> None:
    model = texts("en")
    used = list(calls())
    assert len(used) > 50
    for key, call in used:
        for wanted in keys_of(key, call):
            assert wanted in model, f"line {call.lineno}: {wanted}"
            given = {one.arg for one in call.keywords} | ({"number"} if counts(call) else set())
            if None not in given:
                assert fields(model[wanted]) <= given, f"line {call.lineno}: {wanted} needs {fields(model[wanted])}"


def test_every_answer_to_an_event_has_a_text() -> None:
    assert {reason.value for reason in Reason} <= texts("en").keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_telegram_lists_is_not_too_long(language: str) -> None:
    said = texts(language)
    assert all(1 <= len(text) <= COMMAND for key, text in said.items() if key.startswith("command_"))
    assert len(said["about_short"]) <= SHORT_ABOUT
    assert len(said["about_bot"]) <= ABOUT


ANSWERS = (
    "forged", "not_yours", "trouble", "language_set", "host_only", "watch_paused", "watch_resumed", "watch_stopped",
    *(reason.value for reason in Reason),
)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_to_a_press_is_not_too_long(language: str) -> None:
    said = texts(language)
    answers = [key for key in said if key in ANSWERS or (key.startswith("vote_") and "anonymous" in key)]
    votes = [
        "vote_counted",
        "vote_changed",
        "vote_same",
        "vote_late",
        "vote_paused",
        "vote_not_open",
        "vote_not_allowed",
    ]
    for key in (*answers, *votes, "pay_bought", "pay_stale", "pay_later"):
        assert 1 <= units(longest(key, said[key])) <= ANSWER, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_are_short(language: str) -> None:
    said = texts(language)
    labels = (
        "play", "go_on", "share", "share_moment", "share_stay", "share_join", "open_player", "play_again",
        "back_to_choice", "see_map", "other_stories", "earlier", "later", "close", "forget_yes", "forget_no",
        "watch_alone", "watch_again", "host_pause", "host_resume", "host_skip", "host_close", "host_stop",
        "pay_one", "pay_all", "setting_one_message", "setting_countdown", "setting_shares",
    )  # fmt: skip
    for key in labels:
        assert units(longest(key, said[key])) <= BUTTON, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_fits_into_a_message_and_an_invoice_into_its_description(language: str) -> None:
    said = texts(language)
    assert all(units(longest(key, text)) <= MESSAGE for key, text in said.items())
    assert units(said["map_caption"].format(title="🎬" * MAX_NAME, seen=2_000, total=2_000)) <= CAPTION
    for key in ("invoice_one", "invoice_all"):
        assert units(said[key].format(story="x" * MAX_NAME)) <= DESCRIPTION


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        (None, "en"),
        ("", "en"),
        ("es", "es"),
        ("es-MX", "es"),
        ("ZH-hans", "zh"),
        ("tlh", "en"),
        ("\x00", "en"),
        ("-", "en"),
    ],
)
def test_a_language_is_spoken_or_its_base_or_english(asked: str | None, spoken: str) -> None:
    assert words(asked).language == spoken


def test_a_text_counts_and_says_what_is_missing() -> None:
    said = words("en")
    assert said.count("votes", 1) == "1 vote"
    assert said.count("votes", 2) == said.count("votes", number=2) == "2 votes"
    with pytest.raises(KeyError):
        said("there is no such text")
    with pytest.raises(KeyError):
        said("chosen", other=1)
