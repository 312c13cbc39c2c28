"""The buttons of the studio's sheets, as a message holds them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from adapters.button import Buttons, Press
from adapters.discord.button import Key as Button
from adapters.discord.card import Sheet as Card
from adapters.discord.studio_card import rows_of
from adapters.studio.sheet import PAGE, Key, Sheet, in_rows

BUTTONS = Buttons(b"secret", "discord", 1)


def laid(*rows: Sequence[Key]) -> list[list[ui.Button[Any]]]:
    shown = rows_of(BUTTONS, Sheet((), tuple(map(tuple, rows))))
    return [[one.item if isinstance(one, Button) else one for one in row] for row in shown]  # type: ignore[misc]


def labels(*rows: Sequence[Key]) -> list[list[str | None]]:
    return [[button.label for button in row] for row in laid(*rows)]


def test_short_choices_stand_side_by_side_and_long_ones_alone() -> None:
    controls = in_rows([Key("Back", "back 3"), Key("Again", "again 3"), Key("Why", "why")], 2)
    assert labels([Key("In", "c 3 0")], [Key("Out", "c 3 1")], *controls) == [["In", "Out"], ["Back", "Again", "Why"]]
    long = Key("Tell her everything that you have seen", "c 3 1")
    assert labels([Key("In", "c 3 0")], [long], *controls)[:2] == [["In"], [long.label]]


def test_a_button_carries_what_the_desk_reads() -> None:
    [[button]] = laid([Key("In", "c 3 0")])
    assert BUTTONS.read(str(button.custom_id).removeprefix("page:")) == Press(PAGE, "c 3 0")
    [[link]] = laid([Key("Open", link="https://example.org/x")])
    assert link.url == "https://example.org/x"


def test_what_matters_stands_out() -> None:
    [row] = laid([Key("In", "c 3 0")], [Key("🔒 Up", "c 3 1")])
    assert [one.style for one in row] == [discord.ButtonStyle.primary, discord.ButtonStyle.secondary]
    [[give_up, keep]] = laid([Key("Give it up", "gone x"), Key("Keep it", "story x")])
    assert (give_up.style, keep.style) == (discord.ButtonStyle.danger, discord.ButtonStyle.secondary)


def test_there_are_never_more_parts_than_discord_takes() -> None:
    for number in (1, 5, 17, 26, 90):
        for label in ("x", "x" * 40):
            rows = rows_of(BUTTONS, Sheet((), tuple((Key(label, f"out {each}"),) for each in range(number))))
            assert rows
            assert all(len(row) <= 5 for row in rows)
            card = Card(None, ("text",), rows)
            [box] = card.components
            assert 1 + len(box["components"]) + sum(map(len, rows)) <= 38
