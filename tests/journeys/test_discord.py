"""Watch-alongs on Discord: a crowd of a local Discord votes, the host steers, the evening ends with its recap."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import aiohttp
import pytest
from PIL import Image

from adapters.discord.board import GAP
from adapters.discord.place import PLATFORM
from adapters.discord.text import plain
from bot.store.port import EventKey
from bot.watch.event import Stop
from bot.watch.vote import Voter
from tests.fakes.discord import Channel, DiscordServer, Message, Permission, Person
from tests.fakes.on_discord import (
    EVENING,
    afresh,
    all_vote,
    ballot,
    begun,
    bot_at,
    carried,
    choices,
    crowd,
    gathering,
    little,
    now,
    read,
    settled,
    steer,
    stop,
    told,
    until,
    vote,
    write,
)
from tests.fakes.telegram.bell import PATIENCE

CROWD = 25
ROOMS = 8

HOST_ONLY = "Only the host can do that."
LATE = "That vote is closed already. The next one is open below."
OVER = "That watch-along is over. /watch begins another."


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    """Every call is held against the official description; nobody's device ever rings."""
    async with DiscordServer() as running:
        yield running
        assert running.violations == []
        assert running.pings == []


# -- a whole evening


async def test_an_evening_of_twenty_five_from_its_opening_to_its_recap(server: DiscordServer, tmp_path: Path) -> None:
    people = crowd(server, CROWD)
    channel = gathering(server, people)
    durable = Durable(tmp_path / "bot.db", channel)
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        panel, card = await begun(people[0], channel, "evening")
        session = (await bot.row(channel)).session
        assert f"Hosted by <@{people[0].id}>" in card.text
        assert "**The Gate**" in card.text
        assert choices(card) == ["The wood", "The river"]
        assert len(card.media) == 1
        # Twenty-five vote at once, eight of them for what loses; then one of those changes sides.
        wanted = ["The river" if number < 8 else "The wood" for number in range(CROWD)]
        answers = await asyncio.gather(*(vote(one, card, label) for one, label in zip(people, wanted, strict=True)))
        assert [answer.partition("\n")[0] for answer in answers] == [f"Counted: **{label}**" for label in wanted]
        assert await vote(people[7], card, "The wood") == "Changed to: **The wood**"
        assert await vote(people[7], card, "The wood") == "You voted for that already."
        assert durable.looked == durable.found == CROWD + 2
        assert await bot.app.store.tally(session, 0) == {"wood": 18, "river": 7}
        await channel.shown(lambda message: "72%` **The wood**" in message.text)
        assert "25 votes · closes <t:" in card.text
        assert ":R>" in card.text
        await steer(people[0], panel, "🗳 Count now")
        second = await ballot(channel, card)
        assert "🗳 **The wood** · 72% of 25" in (await settled(channel, card)).text
        assert_slow(card)
        # Everybody digs but one, who is outvoted.
        await asyncio.gather(*(vote(one, second, "Rest" if one is people[3] else "Dig") for one in people))
        await steer(people[0], panel, "🗳 Count now")
        third = await ballot(channel, second)
        assert choices(third) == ["Knock", "Leave", "Unlock"]
        await asyncio.gather(*(vote(one, third, "Knock" if n < 12 else "Leave") for n, one in enumerate(people)))
        await steer(people[0], panel, "🗳 Count now")
        await channel.shown(lambda message: "It is cold." in message.text)
        recap = await channel.shown(lambda message: "how you decided it" in message.text)
        recounted = await bot.rooms.recount(session)
        assert [announced for _, announced, _ in recounted] == ["wood", "dig", "leave"]
        assert all(announced == again for _, announced, again in recounted)
        assert told(await people[3].press_id(third, carried(third, "Knock"))) == OVER
        assert len([message for message in channel.messages if choices(message)]) == 1
    picture = await opened(next(link for link in recap.media if link.endswith(".png")))
    assert picture.format == "PNG"
    assert min(picture.size) > 200
    assert_named(recap, people)


class Durable:
    """Looks into the database, through a door of its own, in the very moment in which a voter is answered."""

    def __init__(self, database: Path, channel: Channel) -> None:
        self._database = database
        self.looked = 0
        self.found = 0
        channel.listeners.append(self._answered)

    def _answered(self, message: Message) -> None:
        if not message.ephemeral or not message.text.startswith(("Counted", "Changed to", "You voted")):
            return
        with closing(sqlite3.connect(self._database)) as connection:
            query = "SELECT ranking FROM vote WHERE voter = ? ORDER BY revision DESC LIMIT 1"
            [ranking] = connection.execute(query, [f"{PLATFORM}:{message.only_for}"]).fetchone() or [""]
        wanted = "river" if "river" in message.text else "wood"
        self.looked += 1
        self.found += wanted in ranking


def assert_slow(card: Message) -> None:
    """Between two edits of a room's card are three seconds, whatever the crowd; the last edit writes the verdict."""
    ticks = card.edits[:-1]
    # A second is for how long an edit may be on its way.
    assert ticks[-1] - ticks[0] >= (len(ticks) - 1) * GAP - 1
    assert all(later - earlier >= GAP - 1 for earlier, later in pairwise(ticks))


async def opened(link: str) -> Image.Image:
    async with aiohttp.ClientSession() as session, session.get(link) as response:
        picture = Image.open(BytesIO(await response.read()))
    picture.load()
    return picture


def assert_named(recap: Message, people: list[Person]) -> None:
    """Those who were right most often and those who decided a vote are there as mentions, that ring nowhere."""
    lines = {line.partition(" ")[0]: line for line in recap.text.splitlines()}
    # Thirteen voted for what won all three times; five are named.
    assert "told you so: right 3 times of 3" in lines["🔮"]
    assert lines["🔮"].count("<@") == 5
    assert "8 more" in lines["🔮"]
    assert any(people[number].mention in lines["🔮"] for number in range(12, CROWD))
    # 13 to 12: each of the thirteen decided it.
    assert "**Leave**" in lines["⚖️"]
    assert people[3].mention in lines["🫠"]


async def test_what_is_written_in_stories_and_names_is_never_markup(server: DiscordServer, tmp_path: Path) -> None:
    trap = "@everyone <@1> <@&2> <#3> **bold** [a](http://example.com) `x` <t:0:R>"
    stories = tmp_path / "stories"
    text = EVENING.replace("The Gate", f'"{trap}"').replace("The wood, or the river?", trap)
    write(stories, "trap", text.replace("label: The wood", f'label: "{trap[:60]}"'), clips=("gate",))
    host, guest = server.person(trap[:30]), server.person("Ben")
    channel = gathering(server, [host, guest], rights=int(Permission.ADMINISTRATOR))
    async with bot_at(server, tmp_path, stories) as bot:
        panel, card = await begun(host, channel, "trap")
        assert plain(trap) in card.text
        assert f"Hosted by <@{host.id}>" in card.text
        await all_vote([host, guest], card, trap[:60], trap[:60])
        assert await vote(guest, card, trap[:60]) == "You voted for that already."
        assert trap not in panel.text
        await steer(host, panel, "🗳 Count now")
        await ballot(channel, card)
        assert trap[:60] not in (await settled(channel, card)).text
        assert plain(trap[:60]) in card.text
        await bot.rooms.look((await bot.row(channel)).session)
    for message in channel.by_id.values():
        assert trap[:12] not in message.text
        assert all(not body.get("mention_everyone") and not body["mentions"] for body in message)


# -- the host


async def test_the_host_pauses_gives_time_and_skips(server: DiscordServer, tmp_path: Path) -> None:
    host, guest = crowd(server, 2)
    channel = gathering(server, [host, guest])
    server.limits = False
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        panel, card = await begun(host, channel)
        assert told(await guest.press(card, "🎛 Host")) == HOST_ONLY
        assert told(await guest.press_id(card, panel.button("⏹ Stop")["custom_id"])) == HOST_ONLY
        await steer(host, panel, "⏸ Pause")
        assert "Paused." in panel.text
        await channel.shown(lambda message: "⏸ Paused by the host" in message.text)
        assert card.pressable == ["🎛 Host"]
        assert "paused" in told(await guest.press_id(card, carried(card, "Left")))
        await steer(host, panel, "▶ Go on")
        assert "On we go." in panel.text
        await channel.shown(lambda message: "Left" in message.pressable)
        closes = closes_of(await bot.booth(channel))
        await steer(host, panel, "➕ More time")
        assert closes_of(await bot.booth(channel)) == closes + 60_000
        await vote(guest, card, "Left")
        await steer(host, panel, "⏭ Skip")
        assert "⏭ Skipped. The story takes **Right**." in (await settled(channel, card)).text
        await channel.shown(lambda message: "You went right." in message.text)


async def test_rooms_that_close_together_keep_to_discords_limits(server: DiscordServer, tmp_path: Path) -> None:
    host, guest = crowd(server, 2)
    first = gathering(server, [host, guest])
    assert first.guild is not None
    channels = [first, *(server.channel(first.guild, f"room {number}") for number in range(ROOMS - 1))]
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        rooms = [await begun(host, channel, seconds=600) for channel in channels]
        cards = [card for _, card in rooms]
        for label in ("Straight on", "Turn back", "Straight on", "Turn back"):
            for card in cards:
                await vote(guest, card, label)
            await asyncio.gather(*(host.press(panel, "🗳 Count now") for panel, _ in rooms))
            cards = [await ballot(channel, card) for channel, card in zip(channels, cards, strict=True)]
        await bot.delivered()
    assert (server.floods, server.invalid_answers) == (0, 0)
    for channel in channels:
        assert sum("A wall." in message.text for message in channel.messages) == 2


def closes_of(booth: object) -> int:
    closes = booth.room.ballot.closes  # type: ignore[attr-defined]
    assert isinstance(closes, int)
    return closes


async def test_an_evening_that_its_host_stops_elsewhere_has_its_recap(server: DiscordServer, tmp_path: Path) -> None:
    host, guest = crowd(server, 2)
    channel = gathering(server, [host, guest])
    server.limits = False
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        panel, first = await begun(host, channel)
        await vote(guest, first, "Straight on")
        await steer(host, panel, "🗳 Count now")
        wall = await ballot(channel, first)
        session = (await bot.row(channel)).session
        # As the browser and Telegram ask for it.
        await bot.rooms.control(EventKey("web", "stop"), session, Stop(Voter(host.voter)), now())
        assert "The watch-along has ended" in read(await settled(channel, wall))
        await channel.shown(lambda message: "how you decided it" in message.text, within=PATIENCE)
        await bot.delivered()
    assert sum("how you decided it" in message.text for message in channel.messages) == 1


async def test_the_host_has_a_vote_held_again_and_stops(server: DiscordServer, tmp_path: Path) -> None:
    host, guest = crowd(server, 2)
    channel = gathering(server, [host, guest])
    server.limits = False
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        panel, first = await begun(host, channel)
        await steer(host, panel, "↩️ Back one vote")
        assert "That leads nowhere right now." in panel.text
        await vote(guest, first, "Straight on")
        await steer(host, panel, "🗳 Count now")
        wall = await ballot(channel, first)
        assert "A wall." in wall.text
        stale = panel.button("🗳 Count now")["custom_id"]
        await steer(host, panel, "↩️ Back one vote")
        again = await ballot(channel, wall)
        assert "A fork." in again.text
        assert (await settled(channel, wall)).id == wall.id
        # A button of a vote that is over closes no other one.
        await host.press_id(panel, stale)
        assert (await bot.booth(channel)).open
        assert told(await guest.press_id(wall, carried(wall, "Climb"))) == LATE
        await stop(host, panel)
        assert OVER in panel.text
        assert panel.buttons == []
        assert "The watch-along has ended" in read(await settled(channel, again))
        assert told(await guest.press_id(again, carried(again, "Left"))) == OVER
        # The channel is free for the next one.
        await begun(guest, channel)


async def test_the_host_hands_over_to_somebody(server: DiscordServer, tmp_path: Path) -> None:
    host, guest = crowd(server, 2)
    channel = gathering(server, [host, guest])
    server.limits = False
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        panel, card = await begun(host, channel)
        theirs = panel.button("⏸ Pause")["custom_id"]
        await host.select(panel, guest)
        await panel.changed.until(lambda: True if "is the host now" in panel.text else None)
        assert guest.mention in panel.text
        assert panel.buttons == []
        await channel.shown(lambda message: f"{guest.mention} hosts from here" in message.text, within=PATIENCE)
        assert (await bot.booth(channel)).room.host == guest.voter
        await host.press_id(panel, theirs)
        await panel.changed.until(lambda: True if HOST_ONLY in panel.text else None)
        taken_over = await afresh(guest, card)
        await stop(guest, taken_over)
        await settled(channel, card)


async def test_who_manages_events_may_act_for_the_host(server: DiscordServer, tmp_path: Path) -> None:
    host, helper = crowd(server, 2)
    channel = gathering(server, [host, helper])
    server.limits = False
    assert channel.guild is not None
    role = server.role(channel.guild, "Organisers", int(Permission.MANAGE_EVENTS))
    channel.guild.members[helper.id].roles.append(role.id)
    async with bot_at(server, tmp_path, little(tmp_path)):
        _, card = await begun(host, channel)
        await vote(host, card, "Left")
        panel = await afresh(helper, card)
        assert panel.only_for == helper.id
        await steer(helper, panel, "🗳 Count now")
        await channel.shown(lambda message: "You went left." in message.text)


async def test_a_host_who_left_the_server_is_followed_by_who_voted_first(server: DiscordServer, tmp_path: Path) -> None:
    host, first, second = people = crowd(server, 3)
    channel = gathering(server, people)
    server.limits = False
    assert channel.guild is not None
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        _, card = await begun(host, channel)
        await all_vote([first, second], card, "Straight on", "Left")
        assert told(await second.press(card, "🎛 Host")) == HOST_ONLY
        server.leave(host, channel.guild)
        # Whether the host is still there is asked for once a minute.
        assert told(await first.press(card, "🎛 Host")) == HOST_ONLY
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        panel = await afresh(first, card)
        assert (await bot.booth(channel)).room.host == first.voter
        assert told(await second.press(card, "🎛 Host")) == HOST_ONLY
        await steer(first, panel, "🗳 Count now")
        await settled(channel, card)


async def test_a_deleted_channel_ends_what_runs_there(server: DiscordServer, tmp_path: Path) -> None:
    [host] = crowd(server, 1)
    channel = gathering(server, [host])
    server.limits = False
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        await begun(host, channel)
        session = (await bot.row(channel)).session
        server.delete_channel(channel)

        async def ended() -> bool:
            booth = await bot.rooms.look(session)
            return booth is not None and booth.ended

        await until(ended)
