"""The slash commands: what their options mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest
from discord import app_commands
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.commands import (
    DAY,
    FARTHEST,
    HOUR,
    MINUTE,
    SOONEST,
    Translator,
    all_commands,
    begins_at,
    rules_of,
)
from adapters.discord.studio_commands import studio
from adapters.words import LANGUAGES, words
from bot.watch.rules import Fork, Mode, Rules, Who
from tests.fakes.discord.naming import is_name

PARTS, LONGEST_COMMAND = 25, 8_000
"""Parts of a command, and all characters of it in one language (Discord, application commands)."""

NOW = 1_750_000_000_000
CREW = cast(discord.Role, SimpleNamespace(id=77, is_default=lambda: False))


@pytest.mark.parametrize(
    ("wanted", "after"),
    [
        ("45", 45 * MINUTE), ("45m", 45 * MINUTE), ("45 min", 45 * MINUTE), ("in 2h", 2 * HOUR),
        ("1H 30M", 90 * MINUTE),
        ("1d 3h", DAY + 3 * HOUR), ("60d", FARTHEST), (" 1m ", MINUTE), ("<t:1750000600>", 600_000),
        ("<t:1750000600:R>", 600_000), ("2025-06-15T16:06:40+00:00", HOUR), ("2025-06-15T18:06:40+02:00", HOUR),
    ],
)  # fmt: skip
def test_a_time_that_is_understood(wanted: str, after: int) -> None:
    assert begins_at(wanted, NOW) == NOW + after


@pytest.mark.parametrize(
    "wanted",
    [
        "", "soon", "0m", "-5m", "61d", "1e3m", "2025-06-15T16:06:40", "2025-06-15", "<t:1:R>", "<t:1749999999>",
        "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "12:30", "d", "in", "1d 2d",
    ],
)  # fmt: skip
def test_a_time_that_is_not(wanted: str) -> None:
    assert begins_at(wanted, NOW) is None


@given(st.text(max_size=40) | st.text("0123456789 dhmin<t:>R+-TZ", max_size=30))
def test_whatever_is_typed_it_lies_ahead_or_is_none(wanted: str) -> None:
    at = begins_at(wanted, NOW)
    assert at is None or NOW + SOONEST <= at <= NOW + FARTHEST


NOTHING: dict[str, Any] = dict.fromkeys(("mode", "seconds", "who", "role", "weight", "quorum", "fork", "fair"))


@pytest.mark.parametrize(
    ("options", "rules"),
    [
        ({}, Rules()),
        ({"mode": "ranked", "seconds": 5}, Rules(Mode.RANKED, 5)),
        ({"mode": "weighted", "role": CREW}, Rules(Mode.WEIGHTED, weights={"77": 2})),
        ({"mode": "weighted", "role": CREW, "weight": 9}, Rules(Mode.WEIGHTED, weights={"77": 9})),
        ({"who": "role", "role": CREW}, Rules(who=Who.ROLE, role="77")),
        ({"who": "joined"}, Rules(who=Who.JOINED, early=True)),
        ({"fork": "ask", "fair": True, "quorum": 3}, Rules(fork=Fork.ASK, fair=True, quorum=3)),
        ({"role": CREW}, Rules(who=Who.ROLE, role="77")),
        ({"role": CREW, "weight": 5}, Rules(Mode.WEIGHTED, weights={"77": 5})),
        (
            {"mode": "weighted", "who": "role", "role": CREW},
            Rules(Mode.WEIGHTED, who=Who.ROLE, role="77", weights={"77": 2}),
        ),
    ],
)  # fmt: skip
def test_options_make_rules(options: dict[str, Any], rules: Rules) -> None:
    assert rules_of(**{**NOTHING, **options}) == rules


@pytest.mark.parametrize("options", [{"mode": "weighted"}, {"who": "role"}, {"weight": 3}])
def test_where_a_role_is_needed_it_must_be_named(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="role"):
        rules_of(**{**NOTHING, **options})


Told = Mapping[str, Any]
"""A command, an option or a choice, as Discord is told of it."""


async def told() -> list[Told]:
    """All commands with everything in them, in all languages."""
    tree = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))
    translator = Translator()
    commands: list[app_commands.Command[Any, ..., Any] | app_commands.Group] = [*all_commands(), studio]
    return [await one.get_translated_payload(tree, translator) for one in commands]


def inside(one: Told) -> list[Told]:
    """Its options, or its choices."""
    return [*one.get("options", ()), *one.get("choices", ())]


def ways(one: Told, what: str) -> dict[str, str]:
    """Its name or description by locale; by "" for everybody else."""
    return {"": one[what], **(one.get(f"{what}_localizations") or {})}


def check(siblings: Sequence[Told]) -> None:
    """They have names that Discord takes, and no two of them the same one in any language."""
    for locale in {locale for one in siblings for locale in ways(one, "name")}:
        names = [ways(one, "name").get(locale, one["name"]) for one in siblings]
        assert len(set(names)) == len(names), (locale, names)
    for one in siblings:
        chosen = "value" in one
        assert all(1 <= len(name) <= 100 if chosen else is_name(name) for name in ways(one, "name").values()), one
        if not chosen:
            assert all(1 <= len(text) <= 100 for text in ways(one, "description").values()), one
        check(inside(one))


def weight(one: Told) -> int:
    """Characters of it and of all in it, each in its longest language."""
    texts = [max(map(len, ways(one, what).values())) for what in ("name", "description") if what in one]
    return sum(texts) + len(str(one.get("value", ""))) + sum(map(weight, inside(one)))


async def test_every_name_and_description_is_one_that_discord_takes_in_every_language() -> None:
    commands = await told()
    check(commands)
    locales = {locale for command in commands for locale in ways(command, "name")}
    assert {"", "es-ES", "es-419", "zh-CN", "zh-TW"} <= locales
    assert max(map(weight, commands)) <= LONGEST_COMMAND


@pytest.mark.parametrize("name", ["watch", "ver-juntos", "一起看", "देखो", "ดูด้วยกัน", "l'heure", "a_1"])
def test_a_name_that_discord_takes(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize("name", ["", "Watch", "two words", "a" * 33, "watch\n", "🍿", "a.b", "e\u0301"])
def test_a_name_that_it_does_not(name: str) -> None:
    assert not is_name(name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_studio_is_no_longer_than_a_command_may_be(language: str) -> None:
    said, long = words(language), 0
    parts = list(studio.walk_commands())
    assert len(parts) <= PARTS
    assert len({said(str(part._locale_name.extras["key"])) for part in parts if part._locale_name}) == len(parts)
    for part in parts:
        assert isinstance(part, app_commands.Command)
        for text in (part._locale_name, part._locale_description):
            assert text is not None
            long += len(said(str(text.extras["key"])))
        for option in part.parameters:
            assert isinstance(option.description, app_commands.locale_str | str)
            long += len(option.display_name) + len(str(option.description))
            long += sum(len(choice.name) + len(str(choice.value)) for choice in option.choices)
    assert long < LONGEST_COMMAND
