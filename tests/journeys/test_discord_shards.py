"""Shards: servers are spread over several connections, of one bot or of two, and each evening is where it belongs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from adapters.discord.place import whisper
from bot.crew.deal import dealt
from bot.store.lane import LANES, lane_of
from tests.fakes.discord import Channel, DiscordServer, Message, Person
from tests.fakes.on_discord import Bot, afresh, ballot, begun, bot_at, gathering, little, until, vote
from tests.journeys.doors import at_discord, at_work, clock_of, inside
from tests.journeys.harbour import until as until_now

PATIENCE = 60.0
BOTH = ((0, 2), (1, 2))
"""Shards, as (which, of how many)."""


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    """Two shards are wanted. Afterwards every call was as the official description has it."""
    async with DiscordServer() as running:
        running.limits = False
        running.gateway.shards = 2
        yield running
        assert running.violations == []
        assert running.pings == []


def places(server: DiscordServer) -> list[tuple[Person, Channel]]:
    """A host with a channel on each of two shards."""
    hosts = [server.person("Ann"), server.person("Ben")]
    return [(host, gathering(server, [host], shard=shard)) for host, shard in zip(hosts, BOTH, strict=True)]


async def on(host: Person, channel: Channel, card: Message, label: str) -> Message:
    """The next scene, once the host voted and closed."""
    assert (await vote(host, card, label)).startswith("Counted")
    await host.press(await afresh(host, card), "🗳 Count now")
    return await ballot(channel, card)


async def test_two_shards_of_one_bot_play_side_by_side(server: DiscordServer, tmp_path: Path) -> None:
    (ann, here), (ben, there) = places(server)
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        await server.gateway.ready(2)
        assert sorted(one.shard for one in server.gateway.connected) == list(BOTH)
        (_, first), (_, other) = await asyncio.gather(begun(ann, here), begun(ben, there))
        # One connection breaks: its votes wait for it, and the other shard's do not.
        server.gateway.drop(0)
        waits = ann.send_press(first, "Straight on")
        other = await on(ben, there, other, "Straight on")
        assert (await waits.acknowledged()).text.startswith("Counted")
        await ann.press(await afresh(ann, first), "🗳 Count now")
        wall = await ballot(here, first)
        await on(ben, there, other, "Turn back")
        assert (await bot.row(here)).revision == 1
        assert (await bot.row(there)).revision == 2
        assert "A wall." in wall.text
        assert server.gateway.resumes == 1
        # Direct messages come by the first.
        helped = await ben.slash("help", ben.dm)
        assert (await helped.spoken()).text


async def test_two_bots_share_the_shards_and_each_has_its_servers(server: DiscordServer, tmp_path: Path) -> None:
    (ann, here), (ben, there) = places(server)
    stories = little(tmp_path)
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder in folders:
        folder.mkdir()
    clock = clock_of(server)
    async with (
        inside(folders[0], stories, clock) as one,
        inside(folders[1], stories, clock) as two,
        at_discord(one, server, shards=((0,), 2)) as first,
        at_discord(two, server, clients=2, shards=((1,), 2)) as second,
    ):
        assert sorted(session.shard for session in server.gateway.connected) == list(BOTH)
        (_, card), (_, other) = await asyncio.gather(begun(ann, here), begun(ben, there))
        await on(ann, here, card, "Straight on")
        other = await on(ben, there, other, "Straight on")
        assert (await first.row(here)).revision == (await second.row(there)).revision == 1
        assert await room_of(first, there) is await room_of(second, here) is None
        # What goes away is told to the shard that had it, and ends nothing at the other.
        server.delete_channel(here)
        await gone(first, here)
        await on(ben, there, other, "Turn back")
        server.gateway.drop(1)
        await until_now(lambda: server.gateway.resumes == 1)
        assert (await second.row(there)).revision == 2
        await until_now(lambda: server.syncs == 2)


def whose(host: Person) -> int:
    """Which of the workers 1 and 2 has the lane of what only this member sees."""
    lane = lane_of("discord", whisper(host.id))
    return next(worker for worker in (1, 2) if lane in dealt((1, 2), worker))


async def dealt_out(*bots: Bot) -> None:
    """Until every lane has its worker."""

    def so() -> bool:
        lanes = [one.app.deliveries["discord"]._lanes.mine or frozenset() for one in bots]
        return sum(map(len, lanes)) == LANES and all(lanes)

    await until_now(so, PATIENCE)


async def test_two_workers_share_a_database_and_each_has_its_shard(
    server: DiscordServer, tmp_path: Path, new_database: str
) -> None:
    (ann, here), (ben, there) = places(server)
    stories, clock = little(tmp_path), clock_of(server)
    # Ann's shard is served by one, and what only she sees lies in the other one's lanes.
    other = whose(ann)
    async with (
        at_work(new_database, 3 - other, stories, clock) as one,
        at_work(new_database, other, stories, clock) as two,
        at_discord(one, server, shards=((0,), 2)) as first,
        at_discord(two, server, clients=2, shards=((1,), 2)) as second,
    ):
        await dealt_out(first, second)
        (_, card), (_, their) = await asyncio.gather(begun(ann, here), begun(ben, there))
        await asyncio.gather(on(ann, here, card, "Straight on"), on(ben, there, their, "Straight on"))
        assert (await first.row(here)).revision == (await second.row(there)).revision == 1
        scene = await (await ann.slash("play", story="quick")).spoken()
        assert scene.ephemeral
        server.clock.jump(10)
        await scene.changed.until(lambda: True if "You went right." in scene.text else None, PATIENCE)


async def room_of(bot: Bot, channel: Channel) -> object:
    return await bot.app.store.room_at("discord", str(channel.id))


async def gone(bot: Bot, channel: Channel) -> None:
    async def so() -> bool:
        return await room_of(bot, channel) is None

    await until(so)


async def test_a_bot_with_too_few_shards_says_what_to_set(server: DiscordServer, tmp_path: Path) -> None:
    places(server)
    server.gateway.largest_shard = 0
    with capture_logs() as logs:
        async with (
            inside(tmp_path, little(tmp_path), clock_of(server)) as house,
            at_discord(house, server, clients=0, shards=((0,), 2)),
        ):
            await until_now(lambda: [one for one in logs if one["event"] == "discord_stopped"])
    [stopped] = [one for one in logs if one["event"] == "discord_stopped"]
    assert stopped["code"] == 4011
    assert "DISCORD_SHARDS" in stopped["help"]
