"""Evenings that end badly: servers, channels, threads, permissions and stories that go away. Elsewhere all go on."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.fakes.discord import Channel, DiscordServer, Message, Permission, Person
from tests.fakes.on_discord import Bot, afresh, ballot, begun, bot_at, gathering, little, until, vote
from tests.fakes.telegram.bell import PATIENCE
from tests.journeys.harbour import until as until_now


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    """Its limits are off: cards wait for nobody. Afterwards every call was as the official description has it."""
    async with DiscordServer() as running:
        running.limits = False
        yield running
        assert running.violations == []
        assert running.pings == []


@dataclass
class Evening:
    """Somebody's watch-along in a server of their own; `card` is voted on."""

    host: Person
    channel: Channel
    card: Message
    panel: Message

    async def goes_on(self, label: str = "Straight on") -> None:
        """A vote counts there, and the next scene comes."""
        assert (await vote(self.host, self.card, label)).startswith("Counted")
        await self.host.press(self.panel, "🗳 Count now")
        self.card = await ballot(self.channel, self.card)
        self.panel = await afresh(self.host, self.card)


async def evening(server: DiscordServer, name: str) -> Evening:
    host = server.person(name)
    channel = gathering(server, [host])
    panel, card = await begun(host, channel)
    return Evening(host, channel, card, panel)


async def two(server: DiscordServer) -> tuple[Evening, Evening]:
    """One to which something happens, and another."""
    return await evening(server, "Ann"), await evening(server, "Ben")


async def ended(bot: Bot, session: int) -> None:
    """Until the room is over, and nothing more is on its way there."""

    async def so() -> bool:
        booth = await bot.rooms.look(session)
        return (booth is None or booth.ended) and not await bot.app.store.pending("discord", 0, 1)

    await until(so)


async def test_a_bot_that_is_put_out_of_a_server_goes_on_elsewhere_and_comes_back(
    server: DiscordServer, tmp_path: Path
) -> None:
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        ann, ben = await two(server)
        session = (await bot.row(ann.channel)).session
        guild = ann.channel.guild
        assert guild
        await vote(ann.host, ann.card, "Straight on")
        server.remove_bot(guild)
        await ended(bot, session)
        calls = len(server.called("/channels", ann.channel))
        await ben.goes_on()
        assert len(server.called("/channels", ann.channel)) == calls
        server.add_bot(guild)
        again = await evening_again(ann)
        await again.goes_on()
        await ben.goes_on("Turn back")
        assert list(await bot.app.store.troubles(10)) == []


async def evening_again(before: Evening) -> Evening:
    """Another watch-along in the same channel."""
    reply = await before.host.slash("watch", before.channel, story="quick", seconds=60)
    panel = await reply.spoken()
    return Evening(before.host, before.channel, await ballot(before.channel, before.card), panel)


async def test_a_server_that_is_out_for_a_while_keeps_its_evening(server: DiscordServer, tmp_path: Path) -> None:
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        ann, ben = await two(server)
        guild = ann.channel.guild
        assert guild
        server.outage(guild)
        await ben.goes_on()
        server.recover(guild)
        await ann.goes_on()
        assert (await bot.row(ann.channel)).revision == 1


@pytest.mark.parametrize("told", [True, False], ids=["told", "not told"])
async def test_a_channel_that_is_deleted_ends_its_room_alone(
    server: DiscordServer, tmp_path: Path, *, told: bool
) -> None:
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        ann, ben = await two(server)
        session = (await bot.row(ann.channel)).session
        guild = ann.channel.guild
        assert guild
        if told:
            server.delete_channel(ann.channel)
        else:
            # Nobody says so: the next card finds the channel gone.
            await vote(ann.host, ann.card, "Straight on")
            server.faults.unknown("Channel", call="/channels/", channel=ann.channel.id)
            await ann.host.press(ann.panel, "🗳 Count now")
        await ended(bot, session)
        await ben.goes_on()
        elsewhere = server.channel(guild, "another")
        panel, card = await begun(ann.host, elsewhere)
        await Evening(ann.host, elsewhere, card, panel).goes_on()
        assert list(await bot.app.store.troubles(10)) == []


async def test_a_thread_that_is_deleted_ends_its_room_alone(server: DiscordServer, tmp_path: Path) -> None:
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        ann, ben = await two(server)
        threads = [await in_a_thread(server, ann.host, ann.channel) for _ in range(2)]
        sessions = [(await bot.row(one.channel)).session for one in threads]
        server.delete_channel(threads[0].channel)
        await ended(bot, sessions[0])
        for one in (ann, ben, threads[1]):
            await one.goes_on()
        # With the channel go the threads in it.
        server.delete_channel(ann.channel)
        await ended(bot, sessions[1])
        await ben.goes_on("Turn back")


async def in_a_thread(server: DiscordServer, host: Person, channel: Channel) -> Evening:
    """Another watch-along, in a thread of its own."""
    known = set(server.world.channels)
    reply = await host.slash("watch", channel, story="quick", seconds=60, place="thread")
    panel = await reply.spoken()
    [number] = set(server.world.channels) - known
    thread = server.world.channels[number]
    return Evening(host, thread, await ballot(thread), panel)


MAY = {"Send Messages": Permission.SEND_MESSAGES, "View Channel": Permission.VIEW_CHANNEL}


@pytest.mark.parametrize("name", MAY)
async def test_a_permission_that_is_taken_away_is_named_to_the_host(
    server: DiscordServer, tmp_path: Path, name: str
) -> None:
    stories = little(tmp_path)
    with capture_logs() as logs:
        async with bot_at(server, tmp_path, stories):
            ann, ben = await two(server)
            server.overwrite(ann.channel, server.world.id, deny=MAY[name])
            await vote(ann.host, ann.card, "Straight on")
            await ann.host.press(ann.panel, "🗳 Count now")
            told = await ann.host.dm.shown(lambda message: name in message.text)
            assert f"<#{ann.channel.id}>" in told.text
            await ben.goes_on()
    assert len([one for one in logs if one["event"] == "permission_missing"]) == 1
    server.overwrite(ann.channel, server.world.id)
    async with bot_at(server, tmp_path, stories) as bot:
        # The room waits for its host, who finds it where it was.
        wall = await ballot(ann.channel, ann.card)
        assert "A wall." in wall.text
        assert (await bot.booth(ann.channel)).room.paused
        panel = await afresh(ann.host, wall)
        await ann.host.press(panel, "▶ Go on")
        await wall.changed.until(lambda: True if "Climb" in wall.pressable else None, PATIENCE, "the vote")
        await Evening(ann.host, ann.channel, wall, await afresh(ann.host, wall)).goes_on("Turn back")
        await ben.goes_on("Turn back")


async def test_a_story_that_is_deleted_under_a_room_is_no_end_for_others(server: DiscordServer, tmp_path: Path) -> None:
    stories = little(tmp_path)
    async with bot_at(server, tmp_path, stories):
        ann, ben = await two(server)
        other = server.person("Cleo")
        place = gathering(server, [other])
        panel, card = await begun(other, place, "evening")
    shutil.rmtree(stories / "quick")
    async with bot_at(server, tmp_path, stories) as bot:
        assert (await vote(other, card, "The wood")).startswith("Counted")
        await other.press(panel, "🗳 Count now")
        assert "Trees." in (await ballot(place, card)).text
        # What was begun is pinned to the version it began with, and is told to its end.
        await ann.goes_on()
        await ben.goes_on()
        reply = await (await ann.host.slash("watch", gathering(server, [ann.host]), story="quick")).spoken()
        assert reply.text
        assert not reply.menus
        assert list(await bot.app.store.troubles(10)) == []


async def test_a_story_without_choices_is_refused_and_nothing_begins(server: DiscordServer, tmp_path: Path) -> None:
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        ann = await evening(server, "Ann")
        ben = server.person("Ben")
        channel = gathering(server, [ben])
        for story in ("slides", "nothing-of-that-name", "", "../quick", "\x00"):
            reply = await (await ben.slash("watch", channel, story=story)).spoken()
            assert reply.text
            assert not reply.menus
        assert await bot.app.store.room_at("discord", str(channel.id)) is None
        assert channel.messages == []
        await ann.goes_on()
        panel, card = await begun(ben, channel)
        await Evening(ben, channel, card, panel).goes_on()


async def test_all_that_went_while_the_bot_was_away_holds_up_nobody(server: DiscordServer, tmp_path: Path) -> None:
    stories = little(tmp_path)
    async with bot_at(server, tmp_path, stories):
        removed, ben = await two(server)
        deleted = await evening(server, "Cleo")
    assert removed.channel.guild
    server.remove_bot(removed.channel.guild)
    server.delete_channel(deleted.channel)
    server.clock.jump(120)
    async with bot_at(server, tmp_path, stories) as bot:
        # Their time ran out: the next scenes of all three are on their way.
        end = await ben.channel.shown(lambda message: "You went right." in message.text)
        assert end.buttons
        await until_now(lambda: any(call.code == 10003 for call in server.calls))
        again = await evening_again(ben)
        await again.goes_on()
        assert list(await bot.app.store.troubles(10)) == []
