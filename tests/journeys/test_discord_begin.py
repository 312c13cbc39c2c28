"""What /watch can be asked on Discord: where, when, with what, and what it says when that cannot be."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from adapters.discord import client, trouble
from adapters.discord.commands import all_commands
from bot.store.port import Shown
from tests.fakes.discord import Channel, DiscordServer, Guild, Permission, Person
from tests.fakes.on_discord import (
    MINUTE,
    STORIES,
    afresh,
    all_vote,
    ballot,
    begun,
    bot_at,
    crowd,
    gathering,
    little,
    settled,
    steer,
    stop,
    until,
    vote,
    votes,
)
from tests.fakes.telegram.bell import PATIENCE

SCHEDULED, ACTIVE, COMPLETED, CANCELED = 1, 2, 3, 4
"""Status of an event in a server's calendar."""


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    """Every call is held against the official description; nobody's device ever rings."""
    async with DiscordServer() as running:
        running.limits = False
        yield running
        assert running.violations == []
        assert running.pings == []


@pytest.fixture
def people(server: DiscordServer) -> list[Person]:
    return crowd(server, 2)


@pytest.fixture
def host(people: list[Person]) -> Person:
    return people[0]


@pytest.fixture
def channel(server: DiscordServer, people: list[Person]) -> Channel:
    return gathering(server, people)


async def answered(host: Person, channel: Channel, story: str = "quick", **options: object) -> str:
    """What /watch says."""
    reply = await host.slash("watch", channel, story=story, **options)  # type: ignore[arg-type]
    said = await reply.spoken()
    assert said.ephemeral
    return said.text


# -- where


async def test_in_a_thread_of_its_own(server: DiscordServer, host: Person, channel: Channel, tmp_path: Path) -> None:
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        reply = await host.slash("watch", channel, story="quick", place="thread")
        panel = await reply.spoken()
        assert channel.guild is not None
        [thread] = [one for one in channel.guild.channels.values() if one.is_thread]
        assert thread.name == "🍿 Quick"
        assert f"<#{thread.id}>" in panel.text
        card = await ballot(thread)
        assert not any(votes(message) for message in channel.messages)
        await vote(host, card, "Left")
        await steer(host, panel, "🗳 Count now")
        await thread.shown(lambda message: "how you decided it" in message.text)
        # Deleted, it is no more; the channel itself goes on.
        server.delete_channel(thread)
        await begun(host, channel)
        assert (await bot.row(channel)).address == str(channel.id)


async def test_a_card_that_was_deleted_is_brought_back_by_the_host_alone(
    server: DiscordServer, people: list[Person], channel: Channel, tmp_path: Path
) -> None:
    host, guest = people
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        _, card = await begun(host, channel, seconds=0)
        channel.remove(card)
        assert "Its host can stop it" in await answered(guest, channel)
        await bot.delivered()
        assert not any(votes(message) for message in channel.messages)
        reply = await host.slash("watch", channel, story="quick")
        panel = await reply.spoken()
        assert "already running here" in panel.text
        again = await ballot(channel)
        await vote(guest, again, "Left")
        # Asked for once more, only the newest has buttons.
        await host.slash("watch", channel, story="quick")
        newest = await ballot(channel, again)
        assert "further down" in (await settled(channel, again)).text
        assert "1 vote" in newest.text
        await steer(host, panel, "🗳 Count now")
        await channel.shown(lambda message: "You went left." in message.text, within=PATIENCE)


async def test_branches_whose_threads_were_deleted_are_brought_back(server: DiscordServer, tmp_path: Path) -> None:
    people = crowd(server, 4)
    channel = gathering(server, people)
    guild = channel.guild
    assert guild is not None
    async with bot_at(server, tmp_path, little(tmp_path)):
        panel, card = await begun(people[0], channel, "evening", split="always", seconds=0)
        await all_vote(people, card, "The wood", "The river", "The wood", "The river")
        await steer(people[0], panel, "🗳 Count now")
        for name in ("The wood", "The river"):
            thread = await until(partial(named, guild, name))
            await ballot(thread)
            server.delete_channel(thread)
        await people[0].slash("watch", channel, story="quick")
        for name in ("The wood", "The river"):
            await ballot(await until(partial(named, guild, name)))


async def named(guild: Guild, name: str) -> Channel | None:
    """The thread with that name."""
    return next((one for one in guild.channels.values() if one.is_thread and one.name == name), None)


async def test_a_room_speaks_its_hosts_language_where_the_server_has_none_of_its_own(
    server: DiscordServer, tmp_path: Path
) -> None:
    ana = server.person("Ana", "es-ES")
    channel = gathering(server, [ana])
    async with bot_at(server, tmp_path, little(tmp_path)):
        await ana.slash("watch", channel, story="evening")
        await channel.shown(lambda message: "¿El bosque o el río?" in message.text, within=PATIENCE)


async def test_only_one_runs_in_a_channel(
    server: DiscordServer, people: list[Person], channel: Channel, tmp_path: Path
) -> None:
    async with bot_at(server, tmp_path, little(tmp_path)):
        await begun(people[0], channel)
        assert "already running here" in await answered(people[1], channel)


async def test_a_permission_that_is_missing_is_named(
    server: DiscordServer, host: Person, channel: Channel, tmp_path: Path
) -> None:
    assert channel.guild is not None
    everyone = channel.guild.everyone
    async with bot_at(server, tmp_path, little(tmp_path)):
        server.overwrite(channel, everyone, deny=int(Permission.ATTACH_FILES | Permission.SEND_MESSAGES))
        said = await answered(host, channel)
        assert f"I may not do this in <#{channel.id}>: Attach Files, Send Messages." in said
        server.overwrite(channel, everyone, deny=int(Permission.CREATE_PUBLIC_THREADS))
        assert "Create Public Threads" in await answered(host, channel, place="thread")
        assert "Create Public Threads" in await answered(host, channel, split="ask")
        await begun(host, channel)
    assert len([message for message in channel.messages if votes(message)]) == 1


async def test_a_permission_that_is_lost_stops_the_room_until_it_is_back(
    server: DiscordServer, people: list[Person], channel: Channel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trouble, "FORBIDDEN_SECONDS", 0.2)
    host, guest = people
    assert channel.guild is not None
    everyone = channel.guild.everyone
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        panel, card = await begun(host, channel)
        await vote(guest, card, "Straight on")
        server.overwrite(channel, everyone, deny=int(Permission.SEND_MESSAGES))
        await host.press(panel, "🗳 Count now")
        letter = await host.dm.shown(lambda message: "Send Messages" in message.text, within=PATIENCE)
        assert f"<#{channel.id}>" in letter.text

        async def paused() -> bool:
            return (await bot.booth(channel)).room.paused

        await until(paused)
        server.overwrite(channel, everyone)
        wall = await ballot(channel, card)
        assert "⏸ Paused by the host" in wall.text
        await steer(host, await afresh(host, wall), "▶ Go on")
        wall = await channel.shown(lambda message: "Climb" in message.pressable)
        assert len(host.dm.messages) == 1
        # Lost a second time, it is said and waits a second time.
        server.overwrite(channel, everyone, deny=int(Permission.SEND_MESSAGES))
        await vote(guest, wall, "Turn back")
        await host.press(await afresh(host, wall), "🗳 Count now")
        await host.dm.shown(lambda message: "Send Messages" in message.text, letter, PATIENCE)
        await until(paused)


async def test_while_discord_takes_no_commands_what_has_begun_is_played(
    server: DiscordServer, people: list[Person], channel: Channel, tmp_path: Path
) -> None:
    host, guest = people
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        _, card = await begun(host, channel)
        # Another release has other commands; Discord does not take them yet.
        await bot.app.store.keep_shown(Shown("discord", "commands", 0, 0, b"other", 0))
    refused = server.faults.broken(503, call="PUT /applications", times=None)
    async with bot_at(server, tmp_path, little(tmp_path)):
        assert (await vote(guest, card, "Left")).startswith("Counted")
        refused.lift()
        await until(lambda: synced(server, 2))


async def synced(server: DiscordServer, times: int) -> bool:
    return server.syncs == times


# -- which story, which rules


async def test_what_cannot_be_watched_is_said_kindly(
    server: DiscordServer, host: Person, channel: Channel, tmp_path: Path
) -> None:
    async with bot_at(server, tmp_path, little(tmp_path)):
        assert "no story by that name here" in await answered(host, channel, "nonsense")
        assert "nothing to vote on in **Slides**" in await answered(host, channel, "slides")
        assert "name the role" in await answered(host, channel, mode="weighted")
        assert "name the role" in await answered(host, channel, who="role")
        for nonsense in ("soon", "0m", "61d", "2026-13-01", "-5m", "1000000000000d", ""):
            assert "I do not understand that time" in await answered(host, channel, start=nonsense)
    assert channel.messages == []


async def test_stories_are_suggested_in_ones_own_language(server: DiscordServer, tmp_path: Path) -> None:
    ana, ning, ben = server.person("Ana", "es-ES"), server.person("Ning", "zh-CN"), server.person("Ben", "fr")
    channel = gathering(server, [ana, ning, ben])
    async with bot_at(server, tmp_path, STORIES) as bot:
        stories = bot.app.library.stories
        for person, language in ((ana, "es"), (ning, "zh"), (ben, "en")):
            offered = await person.autocomplete("watch", "story", "", channel)
            assert {one["value"] for one in offered} == set(stories)
            for one in offered:
                assert one["name"] == stories[one["value"]].wording(language).plain("title")
        title = stories["last-train-home"].wording("es").plain("title")
        offered = await ana.autocomplete("watch", "story", title[:6].upper(), channel)
        assert [one["value"] for one in offered] == ["last-train-home"]
        assert await ana.autocomplete("watch", "story", "zzz", channel) == []
        starts = await ana.autocomplete("watch", "start", "", channel, story="last-train-home")
        assert [one["value"] for one in starts] == ["15m", "30m", "1h", "2h", "1d"]
        reply = await ana.slash("watch", channel, story="nonsense")
        assert "historia" in (await reply.spoken()).text


async def test_it_is_watched_again_by_the_same_rules(
    server: DiscordServer, people: list[Person], channel: Channel, tmp_path: Path
) -> None:
    host, guest = people
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        panel, card = await begun(host, channel, mode="lottery", seconds=45, fair=True)
        rules = (await bot.booth(channel)).room.rules
        await vote(host, card, "Left")
        await steer(host, panel, "🗳 Count now")
        end = await channel.shown(lambda message: "🍿 Watch it again" in message.buttons, within=PATIENCE)
        await guest.press(end, "🍿 Watch it again")
        again = await ballot(channel, end)
        booth = await bot.booth(channel)
        assert booth.room.rules == rules
        assert booth.room.host == guest.voter
        assert "45 s for each choice" in again.text


# -- later


async def test_the_calendar_leads_to_the_thread(
    server: DiscordServer, host: Person, channel: Channel, tmp_path: Path
) -> None:
    assert channel.guild is not None
    async with bot_at(server, tmp_path, little(tmp_path)):
        await answered(host, channel, start="1h", place="thread")
        [thread] = [one for one in channel.guild.channels.values() if one.is_thread]
        assert only(channel.guild.events)["entity_metadata"] == {"location": f"<#{thread.id}>"}


@pytest.mark.parametrize("deleted", [False, True])
async def test_what_is_taken_out_of_the_calendar_does_not_begin(
    server: DiscordServer, host: Person, channel: Channel, tmp_path: Path, deleted: bool
) -> None:
    assert channel.guild is not None
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        await answered(host, channel, start="1h")
        await answered(host, channel, start="2h")
        first, _ = channel.guild.events
        server.strike(channel.guild, first, deleted=deleted)
        await channel.shown(lambda message: "taken out of the server's calendar" in message.text, within=PATIENCE)
        server.clock.jump(3601)
        [left] = await bot.rooms.planned("discord", str(channel.id))
        assert left.at > server.clock.now() * 1000
        assert not any(votes(message) for message in channel.messages)
        # The other one stands.
        server.clock.jump(3600)
        await ballot(channel)


async def test_who_calls_it_off_here_is_not_told_twice(
    server: DiscordServer, host: Person, channel: Channel, tmp_path: Path
) -> None:
    assert channel.guild is not None
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        await answered(host, channel, start="1h")
        told = await channel.shown(lambda message: "Call it off" in message.buttons, within=PATIENCE)
        await host.press(told, "Call it off")
        await until(lambda: is_now(server, CANCELED))
        await answered(host, channel, start="1h")
        await bot.delivered()
    assert not [message for message in channel.messages if "taken out" in message.text]


async def test_one_that_is_planned_begins_by_itself_and_is_in_the_calendar(
    server: DiscordServer, people: list[Person], channel: Channel, tmp_path: Path
) -> None:
    host, guest = people
    guild = channel.guild
    assert guild is not None
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        said = await answered(host, channel, "evening", start="45m", seconds=MINUTE)
        assert "**The Gate** begins by itself <t:" in said
        assert "calendar" in said
        [event] = guild.events.values()
        assert event["name"] == "🍿 The Gate"
        assert event["entity_metadata"]["location"] == f"<#{channel.id}>"
        assert event["status"] == SCHEDULED
        # Until then another one may run there, which is not the one in the calendar.
        panel, early = await begun(host, channel)
        await vote(guest, early, "Left")
        await steer(host, panel, "🗳 Count now")
        await channel.shown(lambda message: "how you decided it" in message.text)
        await bot.delivered()
        assert only(guild.events)["status"] == SCHEDULED
    # It begins although the bot was away meanwhile.
    server.clock.jump(46 * 60)
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        card = await ballot(channel, early)
        assert "The wood, or the river?" in card.text
        await until(lambda: is_now(server, ACTIVE))
        assert (await bot.booth(channel)).room.host == host.voter
        panel = await afresh(host, card)
        for _ in range(3):
            await steer(host, panel, "🗳 Count now")
        await until(lambda: is_now(server, ACTIVE, COMPLETED))


def only(events: dict[int, dict[str, object]]) -> dict[str, object]:
    [event] = events.values()
    return event


def became(server: DiscordServer) -> list[object]:
    """What events of the calendar were made, in order: one that is over is no longer in it."""
    return [call.body["status"] for call in server.called("PATCH /guilds/{guild_id}/scheduled-events")]


async def is_now(server: DiscordServer, *wanted: int) -> bool:
    return became(server) == [*wanted]


async def test_one_that_is_stopped_is_over_in_the_calendar(
    server: DiscordServer, host: Person, channel: Channel, tmp_path: Path
) -> None:
    async with bot_at(server, tmp_path, little(tmp_path)):
        await answered(host, channel, start="1h")
        server.clock.jump(3601)
        card = await ballot(channel)
        await until(lambda: is_now(server, ACTIVE))
        await stop(host, await afresh(host, card))
        await until(lambda: is_now(server, ACTIVE, COMPLETED))


async def test_one_that_is_planned_needs_no_calendar(server: DiscordServer, tmp_path: Path) -> None:
    [host] = crowd(server, 1)
    channel = gathering(server, [host], rights=0)
    async with bot_at(server, tmp_path, little(tmp_path)):
        assert "I may not write into the server's calendar" in await answered(host, channel, start="2h")
        assert channel.guild is not None
        assert channel.guild.events == {}
        server.clock.jump(2 * 3600 + 1)
        await ballot(channel)


async def test_one_that_was_missed_is_told_of(
    server: DiscordServer, host: Person, channel: Channel, tmp_path: Path
) -> None:
    guild = channel.guild
    assert guild is not None
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        await answered(host, channel, start="1h")
        await begun(host, channel, seconds=86_400)
        await bot.delivered()
        server.clock.jump(3601)
        await channel.shown(lambda message: "another one is running here" in message.text, within=PATIENCE)
        await until(lambda: is_now(server, CANCELED))
        assert guild.events == {}
    other = server.channel(guild, "second")
    async with bot_at(server, tmp_path, little(tmp_path)):
        await answered(host, other, start="1h")
    server.clock.jump(3 * 3600)
    async with bot_at(server, tmp_path, little(tmp_path)):
        await other.shown(lambda message: "was planned here while I was away" in message.text, within=PATIENCE)
        await until(lambda: is_now(server, CANCELED, CANCELED))
        assert not any(votes(message) for message in other.messages)


# -- the commands themselves


async def test_commands_are_told_to_discord_once_and_in_every_language(
    server: DiscordServer, host: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stories = little(tmp_path)
    async with bot_at(server, tmp_path, stories) as bot:
        await until(lambda: bot.app.store.shown("discord", "commands", 0))
        assert server.syncs == 1
        by_name = {command["name"]: command for command in server.commands}
        assert {"watch", "play", "link", "continue", "map", "forget", "help"} <= set(by_name)
        for command in server.commands:
            for locale in ("es-ES", "es-419", "zh-CN", "zh-TW"):
                assert command["name_localizations"][locale] == command["name_localizations"][locale].lower()
                assert command["description_localizations"][locale] != command["description"]
        watch = by_name["watch"]
        assert watch["contexts"] == [0]
        assert by_name["play"]["contexts"] == [0, 1, 2]
        for option in watch["options"]:
            assert set(option["name_localizations"]) == {"es-ES", "es-419", "zh-CN", "zh-TW"}
            for choice in option.get("choices", []):
                assert set(choice["name_localizations"]) == {"es-ES", "es-419", "zh-CN", "zh-TW"}
    async with bot_at(server, tmp_path, stories):
        await (await host.slash("help", host.dm)).spoken()
        assert server.syncs == 1
    monkeypatch.setattr(client, "all_commands", lambda: all_commands()[:-1])
    async with bot_at(server, tmp_path, stories):
        await until(lambda: synced(server, 2))
        assert len(server.commands) == len(by_name) - 1
