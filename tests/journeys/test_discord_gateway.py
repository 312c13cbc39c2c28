"""What becomes of presses when the gateway's connection breaks: each counts once, and the evening goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.discord.board import GAP
from tests.fakes.discord import Channel, DiscordServer, Interaction
from tests.fakes.on_discord import Bot, ballot, begun, bot_at, carried, crowd, gathering, little, until, vote, votes
from tests.fakes.stopwatch import Stopwatch
from tests.journeys.harbour import until as until_now

VOTERS = 500
LONG = 3600
"""Seconds for a vote of so many, which the host closes: the clock is not to be first on a busy machine."""

LATE = 4.0
"""Seconds after which Discord takes no first answer."""


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    """Its limits are off: presses wait for nobody. Afterwards every call was as the official description has it."""
    async with DiscordServer() as running:
        running.limits = False
        yield running
        assert running.violations == []
        assert running.pings == []


def replay(server: DiscordServer) -> int:
    """Discord sends every interaction again that it sent in this session: how many."""
    again = 0
    for session in server.gateway.connected:
        for frame in [frame for _, frame in session.kept if '"t":"INTERACTION_CREATE"' in frame]:
            assert session.socket
            session.socket.push(frame)
            again += 1
    return again


async def tally(bot: Bot, channel: Channel, revision: int = 0) -> dict[str, int]:
    return dict(await bot.app.store.tally((await bot.row(channel)).session, revision))


async def counted(bot: Bot, channel: Channel, wanted: dict[str, int], revision: int = 0) -> None:
    """Until the store has exactly these votes."""

    async def so() -> bool:
        return await tally(bot, channel, revision) == wanted

    await until(so)


async def back(server: DiscordServer, connections: int) -> None:
    """Until the client was resumed or identified that often."""
    await until_now(lambda: server.gateway.resumes + len(server.gateway.identifies) >= connections)
    await server.gateway.ready()


async def test_presses_in_a_gap_are_replayed_and_count_once(server: DiscordServer, tmp_path: Path) -> None:
    people = crowd(server, 8)
    channel = gathering(server, people)
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        _, card = await begun(people[0], channel)
        await vote(people[1], card, "Left")
        server.gateway.drop()
        pressed = [one.send_press(card, "Left" if number % 2 else "Right") for number, one in enumerate(people)]
        await counted(bot, channel, {"left": 4, "right": 4})
        assert server.gateway.resumes == 1
        replay(server)
        # One who was counted before the gap is told so; everybody's answer is the only one they got.
        for one in pressed:
            assert len((await one.acknowledged()).ephemeral) == 1
        assert await vote(people[1], card, "Left") == "You voted for that already."
        await counted(bot, channel, {"left": 4, "right": 4})


async def test_what_is_replayed_begins_nothing_twice(server: DiscordServer, tmp_path: Path) -> None:
    ann, ben = people = crowd(server, 2)
    channel = gathering(server, people)
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        panel, card = await begun(ann, channel)
        await vote(ben, card, "Straight on")
        await ann.press(panel, "🗳 Count now")
        second = await ballot(channel, card)
        session = (await bot.row(channel)).session
        assert replay(server) == 3
        await vote(ben, second, "Climb")
        assert (await bot.row(channel)).session == session
        assert (await bot.row(channel)).revision == 1
        assert [message.id for message in channel.messages if votes(message)] == [second.id]
        assert await tally(bot, channel, 1) == {"climb": 1}


async def test_a_watch_command_in_the_gap_begins_one_room(server: DiscordServer, tmp_path: Path) -> None:
    ann, ben = people = crowd(server, 2)
    channel = gathering(server, people)
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        await (await ann.slash("help", channel)).spoken()
        server.gateway.drop()
        asked = ann.send_slash("watch", channel, story="quick", seconds=60)
        card = await ballot(channel)
        replay(server)
        assert (await asked.spoken()).menus
        assert (await vote(ben, card, "Left")).startswith("Counted")
        assert sum(map(votes, channel.messages)) == 1
        assert len(await bot.app.store.rooms_in("discord", str(channel.id))) == 1


async def test_a_session_that_is_lost_is_begun_anew_and_votes_go_on(server: DiscordServer, tmp_path: Path) -> None:
    people = crowd(server, 3)
    channel = gathering(server, people)
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        _, card = await begun(people[0], channel)
        await vote(people[0], card, "Left")
        server.gateway.drop(lose_session=True)
        await back(server, 2)
        assert (await vote(people[1], card, "Left")).startswith("Counted")
        server.gateway.invalidate()
        await back(server, 3)
        assert (await vote(people[1], card, "Right")).startswith("Changed")
        assert server.gateway.resumes == 0
        await counted(bot, channel, {"left": 1, "right": 1})


async def test_a_reconnect_that_is_asked_for_loses_no_press(server: DiscordServer, tmp_path: Path) -> None:
    people = crowd(server, 30)
    channel = gathering(server, people)
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        _, card = await begun(people[0], channel)
        pressed: list[Interaction] = []
        for number, one in enumerate(people):
            if number in (10, 20):
                server.gateway.reconnect()
            pressed.append(one.send_press(card, "Left"))
            await asyncio.sleep(0)
        await counted(bot, channel, {"left": 30})
        for each in pressed:
            assert (await each.acknowledged()).text.startswith("Counted")


async def test_five_hundred_vote_through_a_drop_and_the_count_is_exact(server: DiscordServer, tmp_path: Path) -> None:
    ann, ben = people = crowd(server, 2)
    channel = gathering(server, people)
    watch = Stopwatch()
    async with bot_at(server, tmp_path, little(tmp_path), gap=GAP) as bot:
        panel, card = await begun(ann, channel, seconds=LONG)
        session = (await bot.row(channel)).session
        labels = {"left": carried(card, "Left"), "right": carried(card, "Right")}
        voters = server.crowd(VOTERS, seed=7)
        pressed = voters.everybody(card, list(labels.values()))
        await until_now(lambda: voters.acked > VOTERS // 5)
        server.gateway.drop()
        wanted = {choice: sum(one.name == which for one in pressed) for choice, which in labels.items()}
        await counted(bot, channel, wanted)
        replay(server)
        await vote(ben, card, "Straight on")
        await counted(bot, channel, {**wanted, "straight": 1})
        assert server.gateway.resumes == 1
        assert len(card.edits) <= watch.times(GAP)
        await ann.press(panel, "🗳 Count now")
        await channel.shown(lambda message: "You went" in message.text and message.id != card.id)
        [(_, announced, recounted)] = await bot.rooms.recount(session)
        assert announced == recounted == max(wanted, key=lambda choice: wanted[choice])
        [row] = await bot.app.store.ballots(session)
        assert row.winner == announced


async def test_a_press_that_comes_too_late_to_be_answered_still_counts(server: DiscordServer, tmp_path: Path) -> None:
    people = crowd(server, 2)
    channel = gathering(server, people)
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        _, card = await begun(people[0], channel)
        server.gateway.drop()
        late = people[1].send_press(card, "Left")
        server.clock.jump(LATE)
        await counted(bot, channel, {"left": 1})
        await until_now(lambda: any(call.code == 10062 for call in server.calls))
        assert late.answer is None
        assert late.failed
        assert await vote(people[1], card, "Left") == "You voted for that already."
        assert list(await bot.app.store.troubles(10)) == []
