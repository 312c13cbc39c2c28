"""Rooms that visit other servers, and branches whose threads cannot be or are gone: nothing of a room's is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fakes.discord import Channel, DiscordServer, Message, Permission, Person
from tests.fakes.on_discord import (
    Bot,
    afresh,
    all_vote,
    ballot,
    begun,
    bot_at,
    carried,
    crowd,
    gathering,
    little,
    settled,
    steer,
    told,
    until,
    vote,
)

HOST_ONLY = "Only the host can do that."


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    """Every call is held against the official description; nobody's device ever rings."""
    async with DiscordServer() as running:
        running.limits = False
        yield running
        assert running.violations == []
        assert running.pings == []


@dataclass(frozen=True)
class Visit:
    """A room with its host, and a server where it is only shown, whose owner may do everything there."""

    host: Person
    home: Channel
    panel: Message
    owner: Person
    other: Channel
    card: Message
    """There."""

    @classmethod
    async def at(cls, server: DiscordServer, bot: Bot) -> Visit:
        host, guest, owner = crowd(server, 3)
        home = gathering(server, [host, guest])
        server.guild("Elsewhere", [owner])
        panel, _ = await begun(host, home, "evening")
        joined = await owner.slash("join", owner.place, code=(await bot.booth(home)).row.code)
        assert joined.answer == "message"
        return cls(host, home, panel, owner, owner.place, await ballot(owner.place))


async def test_whoever_owns_another_server_does_not_lead_the_room_that_visits_it(
    server: DiscordServer, tmp_path: Path
) -> None:
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        visit = await Visit.at(server, bot)
        # They vote, so that they would follow if the host were taken for gone: who hosts is in another server.
        assert (await vote(visit.owner, visit.card, "The wood")).startswith("Counted")
        offered = await (await visit.owner.press(visit.card, "🎛 Host")).spoken()
        assert offered.buttons == ["👋 Stop watching along here"]
        for label in ("⏸ Pause", "🗳 Count now"):
            assert told(await visit.owner.press_id(visit.card, carried(visit.panel, label))) == HOST_ONLY
        room = (await bot.booth(visit.home)).room
        assert (room.host, room.paused, room.stopped) == (visit.host.voter, False, False)
        await steer(visit.host, visit.panel, "⏸ Pause")
        assert (await bot.booth(visit.home)).room.paused


async def test_who_manages_a_server_ends_a_visit_and_the_room_goes_on(server: DiscordServer, tmp_path: Path) -> None:
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        visit = await Visit.at(server, bot)
        member = server.person("Member")
        assert visit.other.guild is not None
        server.join(member, visit.other.guild)
        await vote(visit.owner, visit.card, "The wood")
        assert told(await member.press(visit.card, "🎛 Host")) == HOST_ONLY
        offered = await (await visit.owner.press(visit.card, "🎛 Host")).spoken()
        leave = carried(offered, "👋 Stop watching along here")
        assert told(await member.press_id(visit.card, leave)) == HOST_ONLY
        await visit.owner.press(offered, "👋 Stop watching along here")
        gone = await settled(visit.other, visit.card)
        assert "does not watch along any more" in gone.text
        assert (await bot.booth(visit.home)).room.chats == ()
        # The room itself plays on, with the vote that was cast there; nothing of it comes here any more.
        first = await visit.home.shown(lambda message: "1 vote" in message.text)
        await steer(visit.host, visit.panel, "🗳 Count now")
        await ballot(visit.home, first)
        await bot.delivered()
        assert not any("Trees." in message.text for message in visit.other.messages)
        # It may come again.
        code = (await bot.booth(visit.home)).row.code
        await member.slash("join", visit.other, code=code)
        await ballot(visit.other, visit.card)


async def test_a_server_that_shuts_the_bot_up_does_not_stop_a_room_that_visits_it(
    server: DiscordServer, tmp_path: Path
) -> None:
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        visit = await Visit.at(server, bot)
        server.overwrite(visit.other, server.world.id, deny=int(Permission.SEND_MESSAGES))
        await vote(visit.host, await ballot(visit.home), "The wood")
        first = await ballot(visit.home)
        await steer(visit.host, visit.panel, "🗳 Count now")
        second = await ballot(visit.home, first)

        async def refused() -> bool:
            return any(call.code == 50013 for call in server.called("POST /channels", visit.other))

        await until(refused)
        await vote(visit.host, second, "Dig")
        await steer(visit.host, await afresh(visit.host, second), "🗳 Count now")
        await ballot(visit.home, second)
        assert not (await bot.booth(visit.home)).room.paused


async def test_a_room_in_a_thread_cannot_split_and_says_so(server: DiscordServer, tmp_path: Path) -> None:
    [host] = crowd(server, 1)
    channel = gathering(server, [host])
    async with bot_at(server, tmp_path, little(tmp_path)):
        for split in ("ask", "always"):
            reply = await host.slash("watch", channel, story="evening", split=split, place="thread")
            assert "threads hold no threads" in (await reply.spoken()).text
        thread = server.thread(channel, "Ours", host)
        reply = await host.slash("watch", thread, story="evening", split="ask")
        assert "threads hold no threads" in (await reply.spoken()).text
        await begun(host, thread, "evening")


async def test_a_branch_whose_thread_is_deleted_gets_another_and_its_home_is_not_lost(
    server: DiscordServer, tmp_path: Path
) -> None:
    people = crowd(server, 4)
    channel = gathering(server, people)
    guild = channel.guild
    assert guild is not None
    async with bot_at(server, tmp_path, little(tmp_path)):
        panel, card = await begun(people[0], channel, "evening", split="always")
        await all_vote(people, card, "The wood", "The river", "The wood", "The river")
        await steer(people[0], panel, "🗳 Count now")

        async def named() -> Channel | None:
            there = [one for one in guild.channels.values() if one.is_thread and one.name == "The river"]
            return there[0] if there else None

        river = await until(named)
        water = await ballot(river)
        leading = await afresh(people[0], water)
        assert (await vote(people[1], water, "Swim")).startswith("Counted")
        server.delete_channel(river)
        await steer(people[0], leading, "🗳 Count now")
        again = await until(named)
        assert again.id != river.id
        assert "You are here first." in (await ballot(again)).text
