"""How a watch-along on Discord votes: every option of /watch that decides who may and what wins."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.discord import Channel, DiscordServer, Message, Person, Role
from tests.fakes.on_discord import (
    all_vote,
    ballot,
    begun,
    bot_at,
    carried,
    choices,
    crowd,
    gathering,
    little,
    settled,
    steer,
    told,
    vote,
)

NOT_ALLOWED = "Only those who joined can vote here."


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
    """Five of them; the first one hosts."""
    return crowd(server, 5)


@pytest.fixture
def channel(server: DiscordServer, people: list[Person]) -> Channel:
    return gathering(server, people)


def role_of(server: DiscordServer, channel: Channel, name: str, *holders: Person) -> Role:
    assert channel.guild is not None
    role = server.role(channel.guild, name)
    for holder in holders:
        channel.guild.members[holder.id].roles.append(role.id)
    return role


async def decided(host: Person, panel: Message, channel: Channel, card: Message) -> str:
    """What stands under the card once the host has closed the vote."""
    await steer(host, panel, "🗳 Count now")
    return (await settled(channel, card)).text


async def test_ranked_votes_are_pressed_one_after_the_other(
    server: DiscordServer, people: list[Person], channel: Channel, tmp_path: Path
) -> None:
    async with bot_at(server, tmp_path, little(tmp_path)):
        panel, card = await begun(people[0], channel, mode="ranked")
        assert "Ranked votes: press several, your favourite first" in card.text
        await all_vote(people, card, "Left", "Left", "Right", "Right", "Straight on")
        # The one who wanted to go straight on takes left before right, and thinks again about a third wish.
        said = await vote(people[4], card, "Left")
        assert said.partition("\n")[0] == "Your order: 1. **Straight on** · 2. **Left**"
        await vote(people[4], card, "Right")
        await vote(people[4], card, "Right")
        assert "🗳 **Left**" in await decided(people[0], panel, channel, card)
        await channel.shown(lambda message: "You went left." in message.text)


async def test_a_near_tie_has_a_second_round_between_the_best(
    server: DiscordServer, people: list[Person], channel: Channel, tmp_path: Path
) -> None:
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        panel, card = await begun(people[0], channel, mode="two-round")
        await all_vote(people, card, "Left", "Left", "Right", "Right", "Straight on")
        await steer(people[0], panel, "🗳 Count now")
        await channel.shown(lambda message: "a second round between the best" in message.text)
        assert choices(card) == ["Left", "Right"]
        assert (await bot.booth(channel)).open
        await vote(people[4], card, "Right")
        assert "🗳 **Right** · 60% of 5" in await decided(people[0], panel, channel, card)


async def test_a_lottery_draws_one_of_the_votes(
    server: DiscordServer, people: list[Person], channel: Channel, tmp_path: Path
) -> None:
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        panel, card = await begun(people[0], channel, mode="lottery")
        assert "A lottery: every vote is a ticket" in card.text
        await all_vote(people, card, "Left", "Left", "Left", "Right", "Right")
        session = (await bot.row(channel)).session
        under = await decided(people[0], panel, channel, card)
        [(_, announced, again)] = await bot.rooms.recount(session)
        assert announced == again
        drawn = {"left": "🎟 Drawn: **Left** · 60% of 5", "right": "🎟 Drawn: **Right** · 40% of 5"}
        assert drawn[announced] in under


async def test_the_host_decides_and_the_others_advise(
    server: DiscordServer, people: list[Person], channel: Channel, tmp_path: Path
) -> None:
    async with bot_at(server, tmp_path, little(tmp_path)):
        panel, card = await begun(people[0], channel, mode="host")
        await all_vote(people, card, "Left", "Right", "Right", "Right", "Right")
        assert "🎤 The host decides: **Left**" in await decided(people[0], panel, channel, card)


async def test_a_unanimous_vote_closes_by_itself_when_enough_agree(
    server: DiscordServer, people: list[Person], channel: Channel, tmp_path: Path
) -> None:
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        _, card = await begun(people[0], channel, mode="unanimous", quorum=3)
        await all_vote(people[:3], card, "Left", "Left", "Right")
        assert (await bot.booth(channel)).open
        assert await vote(people[2], card, "Left") == "Changed to: **Left**"
        assert "🗳 **Left** · 100% of 3" in (await settled(channel, card)).text


async def test_the_votes_of_a_role_weigh_more(
    server: DiscordServer, people: list[Person], channel: Channel, tmp_path: Path
) -> None:
    crew = role_of(server, channel, "Crew", people[1])
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        panel, card = await begun(people[0], channel, mode="weighted", role=crew, weight=5)
        await all_vote(people, card, "Right", "Left", "Right", "Right", "Right")
        assert (await bot.booth(channel)).tally.of("left") == 5
        assert "🗳 **Left** · 56% of 5" in await decided(people[0], panel, channel, card)


async def test_only_a_role_may_vote_and_the_host(
    server: DiscordServer, people: list[Person], channel: Channel, tmp_path: Path
) -> None:
    crew = role_of(server, channel, "Crew", people[1])
    async with bot_at(server, tmp_path, little(tmp_path)):
        panel, card = await begun(people[0], channel, who="role", role=crew)
        assert await vote(people[2], card, "Right") == f"Only <@&{crew.id}> may vote here."
        await all_vote(people[:2], card, "Left", "Left")
        assert "🗳 **Left** · 100% of 2" in await decided(people[0], panel, channel, card)


async def test_who_joined_votes_and_the_last_of_them_closes(
    server: DiscordServer, people: list[Person], channel: Channel, tmp_path: Path
) -> None:
    async with bot_at(server, tmp_path, little(tmp_path)):
        _, card = await begun(people[0], channel, who="joined")
        assert await vote(people[1], card, "Left") == NOT_ALLOWED
        for one in people[1:4]:
            assert told(await one.press(card, "🙋 Join")) == "You are in. From now on your votes count."
        assert await vote(people[4], card, "Left") == NOT_ALLOWED
        await all_vote(people[1:4], card, "Left", "Left", "Right")
        assert "🗳 **Left** · 67% of 3" in (await settled(channel, card)).text


async def test_no_vote_closes_in_the_middle_of_its_clip(
    server: DiscordServer, people: list[Person], channel: Channel, tmp_path: Path
) -> None:
    host, guest = people[:2]
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        _, card = await begun(host, channel, "evening", who="joined")
        await guest.press(card, "🙋 Join")
        await all_vote([host, guest], card, "The wood", "The wood")
        # Others may be about to join.
        assert (await bot.booth(channel)).open
        server.clock.jump(30)
        await all_vote([guest], card, "The river")
        await settled(channel, card)


async def test_too_few_votes_leave_it_to_the_story(
    server: DiscordServer, people: list[Person], channel: Channel, tmp_path: Path
) -> None:
    async with bot_at(server, tmp_path, little(tmp_path)):
        panel, card = await begun(people[0], channel, quorum=3)
        await all_vote(people[:2], card, "Left", "Left")
        assert "Too few voted, so the story decides: **Right**" in await decided(people[0], panel, channel, card)


async def test_who_was_outvoted_weighs_more_until_they_win(
    server: DiscordServer, people: list[Person], channel: Channel, tmp_path: Path
) -> None:
    async with bot_at(server, tmp_path, little(tmp_path)):
        ann, ben, cleo = people[:3]
        panel, first = await begun(ann, channel, "evening", fair=True)
        await all_vote([ann, ben, cleo], first, "The wood", "The wood", "The river")
        assert "67% of 3" in await decided(ann, panel, channel, first)
        second = await ballot(channel, first)
        await all_vote([ben, cleo], second, "Dig", "Rest")
        assert "🗳 **Rest** · 67% of 2" in await decided(ann, panel, channel, second)
        third = await ballot(channel, second)
        # Cleo has won once; now it is Ben who lost, and of Ann nothing is remembered.
        await all_vote([ann, ben, cleo], third, "Knock", "Leave", "Knock")
        under = await decided(ann, panel, channel, third)
        assert "A tie" in under


async def test_time_that_runs_out_closes_the_vote(
    server: DiscordServer, people: list[Person], channel: Channel, tmp_path: Path
) -> None:
    async with bot_at(server, tmp_path, little(tmp_path)):
        _, card = await begun(people[0], channel, seconds=300)
        await vote(people[1], card, "Straight on")
        server.clock.jump(301)
        assert "🗳 **Straight on** · 100% of 1" in (await settled(channel, card)).text
        assert "closed already" in told(await people[1].press_id(card, carried(card, "Right")))
