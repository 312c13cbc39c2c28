"""A button or menu of ours: its role stands apart in what it carries, the rest is signed."""

from __future__ import annotations

import re
from typing import Any, Protocol, cast

import discord
from discord import ui

from adapters.discord.text import LABEL
from adapters.text import clean, cut

VOTE, TAP, PAGE = "vote", "tap", "page"
"""A vote in a room, a choice of one's own story, anything else."""

TEMPLATE = re.compile(rf"(?P<role>{VOTE}|{TAP}|{PAGE}):(?P<token>.+)", re.DOTALL)


class Pressed(Protocol):
    """The client, as buttons know it."""

    async def pressed(self, interaction: discord.Interaction[Any], role: str, token: str) -> None:
        """Do what the button asks for, and answer."""


class Key(ui.DynamicItem[ui.Item[Any]], template=TEMPLATE):
    """Every button and menu there is: none is kept in memory, and all work after a restart."""

    def __init__(self, item: ui.Item[Any], role: str = "", token: str = "") -> None:
        super().__init__(item)
        self._role = role
        self._token = token

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Key:
        """See the library."""
        return cls(item, match["role"], match["token"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand it on."""
        await cast(Pressed, interaction.client).pressed(interaction, self._role, self._token)


def button(
    role: str, token: str, label: str, style: discord.ButtonStyle = discord.ButtonStyle.secondary, *,
    emoji: str | None = None, disabled: bool = False,
) -> Key:  # fmt: skip
    """A button. Its label is cut to what Discord takes."""
    shown = cut(clean(label).strip(), LABEL) or "…"
    return Key(ui.Button(label=shown, style=style, custom_id=f"{role}:{token}", emoji=emoji, disabled=disabled))
