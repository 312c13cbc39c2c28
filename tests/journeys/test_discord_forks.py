"""A watch-along on Discord that splits on a near tie: two threads, until both meet again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.watch.branch import ASK_MS
from tests.fakes.discord import Channel, DiscordServer, Message, Person
from tests.fakes.on_discord import (
    afresh,
    all_vote,
    ballot,
    begun,
    bot_at,
    choices,
    crowd,
    gathering,
    little,
    read,
    settled,
    steer,
    told,
    until,
    vote,
)
from tests.fakes.telegram.bell import PATIENCE

OTHER_SIDE = "You chose the other side, and your vote counts there."


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    """Every call is held against the official description; nobody's device ever rings."""
    async with DiscordServer() as running:
        running.limits = False
        yield running
        assert running.violations == []
        assert running.pings == []


@dataclass(frozen=True)
class Evening:
    """Four people in a channel, two of whom want the wood and two the river."""

    host: Person
    other: Person
    people: list[Person]
    channel: Channel

    @classmethod
    def at(cls, server: DiscordServer) -> Evening:
        people = crowd(server, 4)
        return cls(people[0], people[1], people, gathering(server, people))

    async def near_tie(self, split: str) -> tuple[Message, Message]:
        """The host's panel, and the ballot that was closed on a tie."""
        panel, card = await begun(self.host, self.channel, "evening", split=split)
        await all_vote(self.people, card, "The wood", "The river", "The wood", "The river")
        await steer(self.host, panel, "🗳 Count now")
        return panel, card

    async def threads(self) -> tuple[Channel, Channel]:
        """The thread of the wood and the one of the river, once each has its card."""
        guild = self.channel.guild
        assert guild is not None

        async def found() -> dict[str, Channel] | None:
            there = {one.name: one for one in guild.channels.values() if one.is_thread}
            return there if len(there) == 2 else None

        made = await until(found)
        return made["The wood"], made["The river"]


async def test_a_room_that_splits_lives_in_two_threads_until_it_meets(server: DiscordServer, tmp_path: Path) -> None:
    evening = Evening.at(server)
    host, other, channel = evening.host, evening.other, evening.channel
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        _, first = await evening.near_tie("always")
        wood, river = await evening.threads()
        assert (await settled(channel, first)).text
        again = await evening.people[2].slash("watch", channel, story="quick")
        assert "already running here" in (await again.spoken()).text
        told_all = await channel.shown(lambda message: "The room splits:" in message.text)
        assert "**The wood**" in told_all.text
        assert "**The river**" in told_all.text
        trees, water = await ballot(wood), await ballot(river)
        assert "Trees." in trees.text
        assert "Water." in water.text
        assert await vote(other, trees, "Dig") == OTHER_SIDE
        assert await vote(host, water, "Swim") == OTHER_SIDE
        await vote(host, trees, "Dig")
        await vote(other, water, "Swim")
        await steer(host, await afresh(host, trees), "🗳 Count now")
        waiting = await ballot(wood, trees)
        assert "You are here first." in waiting.text
        assert waiting.pressable == ["🎛 Host"]
        await steer(host, await afresh(host, water), "🗳 Count now")
        gate = await ballot(channel, first)
        session = (await bot.row(channel)).session
        meanwhile = await channel.shown(lambda message: "Meanwhile, the others:" in message.text)
        assert "Swim" in meanwhile.text
        assert meanwhile.id < gate.id
        await river.shown(lambda message: "You have met the others again." in message.text)
        for card in (trees, waiting):
            await settled(wood, card)
        await settled(river, water)
        # From here all vote together again; the main room's key is theirs.
        await all_vote(evening.people, gate, "Unlock", "Unlock", "Unlock", "Leave")
        await steer(host, await afresh(host, gate), "🗳 Count now")
        await channel.shown(lambda message: "It is warm." in message.text)
        recap = await channel.shown(lambda message: "how you decided it" in message.text, within=PATIENCE)
        told_recap = await bot.rooms.recap(session)
    assert recap.media
    assert told_recap is not None
    [stretch, rest] = told_recap.stretches
    assert stretch.split is not None
    assert [one.choice for one in stretch.split.main.decided] == ["dig"]
    assert [one.choice for one in stretch.split.other.decided] == ["swim"]
    assert stretch.split.met == "gate"
    assert [one.choice for one in rest.decided] == ["unlock"]


async def test_asked_the_host_splits_the_room(server: DiscordServer, tmp_path: Path) -> None:
    evening = Evening.at(server)
    async with bot_at(server, tmp_path, little(tmp_path)):
        _, first = await evening.near_tie("ask")
        asked = await evening.channel.shown(lambda message: "🔀 Split the room" in message.buttons)
        assert asked.id == first.id
        assert "Nearly a tie: **The wood** or **The river**" in read(asked)
        assert choices(asked) == ["🔀 Split the room", "🤝 Stay together"]
        assert told(await evening.other.press(asked, "🔀 Split the room")) == "Only the host can do that."
        await evening.host.press(asked, "🔀 Split the room")
        wood, river = await evening.threads()
        await ballot(wood)
        await ballot(river)
        assert (await settled(evening.channel, first)).text


async def test_asked_the_host_keeps_the_room_together(server: DiscordServer, tmp_path: Path) -> None:
    evening = Evening.at(server)
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        _, first = await evening.near_tie("ask")
        asked = await evening.channel.shown(lambda message: "🤝 Stay together" in message.buttons)
        await evening.host.press(asked, "🤝 Stay together")
        second = await ballot(evening.channel, first)
        # The host's vote decides a tie.
        assert "Trees." in second.text
        assert (await bot.booth(evening.channel)).room.branch is None
        assert evening.channel.guild is not None
        assert not any(one.is_thread for one in evening.channel.guild.channels.values())


async def test_asked_and_silent_the_room_stays_together(server: DiscordServer, tmp_path: Path) -> None:
    evening = Evening.at(server)
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        _, first = await evening.near_tie("ask")
        await evening.channel.shown(lambda message: "🤝 Stay together" in message.buttons)
        server.clock.jump(ASK_MS / 1000 + 1)
        await ballot(evening.channel, first)
        assert (await bot.booth(evening.channel)).room.branch is None


async def test_a_restart_while_it_is_split_changes_nothing(server: DiscordServer, tmp_path: Path) -> None:
    evening = Evening.at(server)
    host, other, channel = evening.host, evening.other, evening.channel
    stories = little(tmp_path)
    async with bot_at(server, tmp_path, stories) as bot:
        _, first = await evening.near_tie("always")
        wood, river = await evening.threads()
        trees, water = await ballot(wood), await ballot(river)
        await vote(host, trees, "Dig")
        await bot.delivered()
    async with bot_at(server, tmp_path, stories):
        assert await vote(other, trees, "Dig") == OTHER_SIDE
        await vote(other, water, "Swim")
        await steer(host, await afresh(host, water), "🗳 Count now")
        waiting = await ballot(river, water)
        assert "You are here first." in waiting.text
    async with bot_at(server, tmp_path, stories) as bot:
        await steer(host, await afresh(host, trees), "🗳 Count now")
        gate = await channel.shown(lambda message: "Knock" in message.buttons, first, PATIENCE)
        # Where the others waited nothing is left to press, and it does not say that the evening is over.
        over = await river.shown(lambda message: message.id == waiting.id and not message.buttons, within=PATIENCE)
        assert over.text == "**Ann**: Here we are."
        await river.shown(lambda message: "You have met the others again." in message.text, within=PATIENCE)
        await vote(other, gate, "Knock")
        await bot.delivered()
        await steer(host, await afresh(host, gate), "🗳 Count now")
        await channel.shown(lambda message: "how you decided it" in message.text, within=PATIENCE)
    for place in (channel, wood, river):
        scenes = [message.text for message in place.messages if "Trees." in message.text or "Water." in message.text]
        assert len(scenes) == len(set(scenes))
