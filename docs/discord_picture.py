"""An evening on Discord for the pictures: a shipped drama watched by fourteen at the local Discord, the real adapter
between them.
"""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

from docs.chat_page import Picture
from docs.chat_picture import frame
from docs.discord_page import Post, View, page
from docs.discord_text import Reader
from tests.fakes.discord import Channel, DiscordServer, Guild, Message, Person
from tests.fakes.on_discord import ballot, bot_at, settled, vote, votes

STORY = "last-train-home"
NAMES = ("Ann", "Ben", "Chidi", "Dana", "Emil", "Farah", "Goro", "Hana", "Ivo", "Jun", "Kim", "Lena", "Mo", "Noor")
FIRST = {"Hold out the ticket": 9, "Close your hand on it": 5}
NEAR = {"Hide in the ticket office": 6, "Run for the train": 5, "Walk up to him": 3}
APART = {"Tell her it never stuck": 4, "Take her hand instead": 2}
TOGETHER = {"Push Lin through": 9, "Beg him to take both": 5}
LATER = (11, 8, 12, 10, 9)
"""How many vote for the first choice from then on, one ballot after the other; the rest want the second."""

SECONDS = 40
MOMENT = 4.0
"""Seconds of a clip that have run where it is pictured."""

PATIENCE = 30.0
"""Seconds for what is waited for; a crowd is on its way."""


@dataclass(frozen=True, slots=True)
class Evening:
    """A server, the people in it and the channel where they watch."""

    server: DiscordServer
    guild: Guild
    people: list[Person]
    folder: Path

    @property
    def host(self) -> Person:
        return self.people[0]

    @property
    def home(self) -> Channel:
        return next(iter(self.guild.channels.values()))

    @property
    def threads(self) -> list[Channel]:
        return [channel for channel in self.guild.channels.values() if channel.is_thread]

    def page(self, *views: View) -> str:
        """How that looks just now."""
        names = {int(user["id"]): user["global_name"] for user in self.server.world.users.values()}
        channels = {channel.id: channel.name for channel in self.guild.channels.values()}
        return page(views, Reader(self.server.clock.now(), names, channels), self._look)

    def _look(self, url: str) -> tuple[Picture, bool]:
        upload = self.server.world.files.at(urlsplit(url).path)
        if upload is None:
            raise LookupError(f"nobody uploaded {url}")
        if url.endswith(".mp4"):
            return Picture(frame(upload.content, MOMENT, self.folder), "image/jpeg"), True
        return Picture(upload.content, "image/jpeg" if url.endswith(".jpg") else "image/png"), False

    def all(self, channel: Channel, first: Message | None = None, before: int = 0) -> View:
        """The channel from that message on, with so many before it."""
        at = 0 if first is None else channel.messages.index(first) - before
        replies = {thread.id: len(thread.messages) for thread in self.threads}
        shown = channel.messages[max(0, at) :]
        return View(channel, [Post(message, replies=replies.get(message.id, 0)) for message in shown])

    async def voted(self, card: Message, wanted: dict[str, int]) -> None:
        """So many vote for each, and the tally says so."""
        labels = [label for label, number in wanted.items() for _ in range(number)]
        for person, label in zip(self.people, labels, strict=False):
            await vote(person, card, label)
        told = f"{len(labels)} votes"
        await card.changed.until(lambda: True if told in card.text else None, PATIENCE, told)

    async def closed(self, card: Message) -> None:
        """The host closes that vote."""
        panel = await (await self.host.press(card, "🎛 Host")).spoken()
        await self.host.press(panel, "🗳 Count now")


def evening() -> dict[str, str]:
    """Pages to be photographed, by the picture's name."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_watched(Path(folder)))


async def _watched(folder: Path) -> dict[str, str]:
    async with DiscordServer() as server:
        people = [server.person(name) for name in NAMES]
        guild = server.guild("Night owls", people)
        one = Evening(server, guild, people, folder)
        one.home.name = "movie-night"
        async with bot_at(server, folder):
            pictures = await _begun(one)
            pictures |= await _split(one)
            pictures |= await _ended(one)
            pictures |= await _alone(one)
        if server.violations:
            raise ValueError(f"what the pictures show is not what Discord would take: {server.violations}")
        return pictures


async def _begun(one: Evening) -> dict[str, str]:
    """The first vote, as a member sees it, and the host's panel."""
    begun = await one.host.slash("watch", one.home, story=STORY, seconds=SECONDS, split="ask")
    panel = await begun.spoken()
    card = await ballot(one.home)
    await one.voted(card, FIRST)
    told = one.people[1].did[-1].ephemeral[-1]
    drawn = {
        "discord": one.page(View(one.home, [Post(card), Post(told)])),
        "discord-panel": one.page(View(one.home, [Post(panel, "/watch", "Ann")])),
    }
    await one.closed(card)
    await settled(one.home, card)
    return drawn


async def _split(one: Evening) -> dict[str, str]:
    """A near tie, the two threads, and where both meet."""
    first = one.home.messages[0]
    card = await ballot(one.home, first)
    await one.voted(card, NEAR)
    await one.closed(card)
    await card.changed.until(lambda: True if "🔀 Split the room" in card.buttons else None, PATIENCE, "the question")
    drawn = {"discord-near": one.page(View(one.home, [Post(card)]))}
    await one.host.press(card, "🔀 Split the room")
    await one.home.until(lambda: len(one.threads) == 2, PATIENCE)
    cards = [await thread.shown(votes, within=PATIENCE) for thread in one.threads]
    apart = next(card for card in cards if "Tell her it never stuck" in card.buttons)
    await one.voted(apart, APART)
    drawn["discord-split"] = one.page(one.all(one.home, card))
    drawn["discord-threads"] = one.page(*map(one.all, one.threads))
    await one.closed(apart)
    together = await ballot(one.home, card)
    await one.voted(together, TOGETHER)
    drawn["discord-meeting"] = one.page(one.all(one.home, together, before=1))
    drawn["discord-threads-met"] = one.page(*map(one.all, one.threads))
    return drawn


async def _ended(one: Evening) -> dict[str, str]:
    """On to an ending, and the recap."""
    card = one.home.card
    for most in cycle(LATER):
        await one.closed(card)
        after = await one.home.shown(lambda shown: votes(shown) or "recap.png" in str(shown.media), card, PATIENCE)
        if not votes(after):
            break
        card = after
        labels = [label for label in card.pressable if not label.startswith(("🎛", "🌐"))]
        await one.voted(card, {labels[0]: most, labels[1]: len(NAMES) - most})
    return {
        "discord-ending": one.page(View(one.home, [Post(one.home.messages[-2])])),
        "discord-recap": one.page(View(one.home, [Post(after)])),
    }


async def _alone(one: Evening) -> dict[str, str]:
    """/play, which only one person sees."""
    ben = one.people[1]
    catalogue = await ben.slash("play", one.home)
    page = await catalogue.spoken()
    begun = await ben.slash("play", one.home, story=STORY)
    scene = await begun.spoken()
    chart = await (await ben.slash("map", one.home)).spoken()
    shown = {"discord-catalogue": page, "discord-play": scene, "discord-map": chart}
    used = {chart.id: "/map"}
    return {
        name: one.page(View(one.home, [Post(message, used.get(message.id, "/play"), "Ben")]))
        for name, message in shown.items()
    }
