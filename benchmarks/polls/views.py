"""The peers: a bot on discord.py alone, as its documentation shows persistent views, with its votes in SQLite.

`view`: for each room a `View(timeout=None)` with ids of its own, registered again after a start. `dynamic`: one
`DynamicItem` for the buttons of all rooms. In both a vote is committed before it is answered.
"""

from __future__ import annotations

import asyncio
import re
import sys
from typing import Any, Self

import aiosqlite
import discord
import uvloop
from discord import app_commands, ui
from discord.http import Route

from benchmarks.polls import urn
from benchmarks.polls.tale import COUNTED, GAP, LABELS, LINE, Seat, seat

DYNAMIC = "dynamic"


class Bot(discord.AutoShardedClient):
    """Spares memory with the same options as ours."""

    def __init__(self, given: Seat, *, dynamic: bool) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self._given = given
        self._dynamic = dynamic
        self._cards: dict[int, discord.PartialMessage] = {}
        self._writing: dict[int, asyncio.Task[None]] = {}
        self._changed: set[int] = set()
        self.tree = app_commands.CommandTree(self)
        self.tree.command(name="watch", description="Begins a vote")(self.watch)

    async def setup_hook(self) -> None:
        """Opens the file, and makes the buttons of earlier rooms work again."""
        self.database = await aiosqlite.connect(self._given.folder / urn.FILE)
        for statement in (*urn.SETTINGS, *urn.TABLES):
            await self.database.execute(statement)
        await self.database.commit()
        if self._dynamic:
            self.add_dynamic_items(Choice)
        else:
            for room, message in await self.database.execute_fetchall(urn.ROOMS):
                self.add_view(Vote(room), message_id=message)
        await self.tree.sync()

    async def watch(self, interaction: discord.Interaction[Self], story: str, seconds: int) -> None:
        """Begins a vote in the channel."""
        await interaction.response.send_message("Here we go.", ephemeral=True)
        channel = interaction.channel
        assert isinstance(channel, discord.TextChannel)
        view = dynamic_view(channel.id) if self._dynamic else Vote(channel.id)
        card = await channel.send(LINE, view=view)
        await self.database.execute(urn.OPEN_ROOM, (channel.id, card.id))
        await self.database.commit()
        self._cards[channel.id] = channel.get_partial_message(card.id)

    async def vote(self, interaction: discord.Interaction[Any], room: int, choice: str) -> None:
        """Counts a vote, then says so."""
        await self.database.execute(urn.VOTE, (room, interaction.user.id, choice))
        await self.database.commit()
        await interaction.response.send_message(f"{COUNTED[0]}{LABELS[choice]}", ephemeral=True)
        self._changed.add(room)
        if room not in self._writing:
            self._writing[room] = asyncio.create_task(self._write(room))

    async def _write(self, room: int) -> None:
        while room in self._changed:
            self._changed.discard(room)
            rows = await self.database.execute_fetchall(urn.TALLY, (room,))
            counts: dict[str, int] = dict(rows)  # type: ignore[arg-type]
            lines = [f"{label}: {counts.get(choice, 0)}" for choice, label in LABELS.items()]
            await self._cards[room].edit(content="\n".join((LINE, *lines)))
            await asyncio.sleep(GAP)
        del self._writing[room]


class Vote(ui.View):
    """The buttons of one room."""

    def __init__(self, room: int) -> None:
        super().__init__(timeout=None)
        for choice, label in LABELS.items():
            self.add_item(Answer(room, choice, label))


class Answer(ui.Button[Vote]):
    """One of them."""

    def __init__(self, room: int, choice: str, label: str) -> None:
        super().__init__(label=label, style=discord.ButtonStyle.primary, custom_id=custom_id(room, choice))
        self._room = room
        self._choice = choice

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """See the library."""
        await interaction.client.vote(interaction, self._room, self._choice)


class Choice(ui.DynamicItem[ui.Button[Any]], template=r"vote:(?P<room>\d+):(?P<choice>\w+)"):
    """A button of any room."""

    def __init__(self, room: int, choice: str) -> None:
        style = discord.ButtonStyle.primary
        super().__init__(ui.Button(label=LABELS[choice], style=style, custom_id=custom_id(room, choice)))
        self._room = room
        self._choice = choice

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """See the library."""
        return cls(int(match["room"]), match["choice"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """See the library."""
        await interaction.client.vote(interaction, self._room, self._choice)


def custom_id(room: int, choice: str) -> str:
    """What a button carries."""
    return f"vote:{room}:{choice}"


def dynamic_view(room: int) -> ui.View:
    """The same buttons, for one class that answers all of them."""
    view = ui.View(timeout=None)
    for choice in LABELS:
        view.add_item(Choice(room, choice))
    return view


async def _play(given: Seat) -> None:
    Route.BASE = given.api
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    async with Bot(given, dynamic=DYNAMIC in sys.argv) as bot:
        await bot.start(given.token)


if __name__ == "__main__":
    uvloop.run(_play(seat()))
