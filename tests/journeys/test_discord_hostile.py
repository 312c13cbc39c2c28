"""Forged buttons and presses of those who are no host: nothing changes, everybody gets a kind answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from adapters.button import Buttons
from adapters.discord.place import PLATFORM
from tests.fakes.discord import Channel, DiscordServer, Interaction, Message, Person
from tests.fakes.on_discord import (
    SECRET,
    Bot,
    afresh,
    ballot,
    begun,
    bot_at,
    carried,
    crowd,
    gathering,
    little,
    steer,
    vote,
)

FORGED = "That button is not one of mine."
USER_SELECT = 5
"""The type of a menu of people (Discord, component types)."""


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    """Its limits are off: presses wait for nobody. Afterwards every call was as the official description has it."""
    async with DiscordServer() as running:
        running.limits = False
        yield running
        assert running.violations == []
        assert running.pings == []


async def state(bot: Bot, channel: Channel) -> tuple[object, ...]:
    """All of a room that a press could change."""
    row = await bot.row(channel)
    session = await bot.app.store.session(row.session)
    return row, session, dict(await bot.app.store.tally(row.session, row.revision))


async def refused(person: Person, card: Message, custom_id: str) -> str:
    """What somebody is told who sends that, and nobody else."""
    pressed = await person.press_id(card, custom_id)
    return await whispered(pressed)


async def whispered(pressed: Interaction) -> str:
    await pressed.spoken()
    [said] = pressed.ephemeral
    return said.text


def strange(real: str) -> list[str]:
    """What a client could send in place of a real button's custom_id."""
    role, _, token = real.partition(":")
    changed = [token[:at] + chr(ord(token[at]) ^ 1) + token[at + 1 :] for at in range(len(token))]
    cut = [token[:at] for at in range(len(token))]
    endless = ["A" * 10_000, token + "A" * 4_000]
    halves = ["\ud800", token + "\udc00", "\ud83d" + token, token[:-1] + "\ud800"]
    odd = ["", " ", ":", "/", "\x00", "AAAAAAAA:", "AAAAAAAA/room-do stop 1 0", "🎛" * 50]
    tokens = [*changed, *cut, *endless, *halves, *odd]
    roles = [f"{other}:{token}" for other in ("page", "", "VOTE", "vote ", "evil", "\ud800")]
    return [*(f"{role}:{one}" for one in tokens), *(f"page:{one}" for one in odd), *roles, "", ":", "\ud800"]


async def test_custom_ids_of_any_kind_are_refused_kindly(server: DiscordServer, tmp_path: Path) -> None:
    people = crowd(server, 2)
    channel = gathering(server, people)
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        panel, card = await begun(people[0], channel)
        before = await state(bot, channel)
        with capture_logs() as logs:
            for real in (carried(card, "Left"), carried(panel, "🗳 Count now")):
                presses = [refused(people[1], card, one) for one in strange(real) if one != real]
                answers = await asyncio.gather(*presses)
                assert all(answers)
        assert [one for one in logs if one["log_level"] in ("warning", "error")] == []
        assert await state(bot, channel) == before
        assert list(await bot.app.store.troubles(10)) == []
        assert (await vote(people[1], card, "Left")).startswith("Counted")


async def test_a_token_under_another_role_plays_nothing(server: DiscordServer, tmp_path: Path) -> None:
    ann, ben = people = crowd(server, 2)
    channel = gathering(server, people)
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        panel, card = await begun(ann, channel)
        before = await state(bot, channel)
        token = carried(card, "Left").partition(":")[2]
        close = carried(panel, "🗳 Count now").partition(":")[2]
        for custom_id in (f"tap:{token}", f"page:{token}", f"vote:{close}", f"tap:{close}"):
            assert await refused(ben, card, custom_id)
        assert await state(bot, channel) == before
        # And a choice of somebody's own story is no vote.
        played = await (await ben.slash("play", channel, story="quick")).spoken()
        own = carried(played, "Left").partition(":")[2]
        assert await refused(ann, card, f"vote:{own}")
        assert await refused(ann, card, f"tap:{own}")
        assert await state(bot, channel) == before
        assert (await ben.press(played, "Left")).answer


async def test_buttons_of_another_bot_or_platform_are_not_ours(server: DiscordServer, tmp_path: Path) -> None:
    ann, ben = people = crowd(server, 2)
    channel = gathering(server, people)
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        _, card = await begun(ann, channel)
        before = await state(bot, channel)
        session = (await bot.row(channel)).session
        makers = [
            Buttons(SECRET, PLATFORM, server.world.id + 1),
            Buttons(SECRET, "telegram", server.world.id),
            Buttons(b"another secret, just as long as it", PLATFORM, server.world.id),
        ]
        for maker in makers:
            assert FORGED in await refused(ben, card, f"vote:{maker.tap(session, 0, 'left')}")
            assert FORGED in await refused(ben, card, f"page:{maker.press('room-do', f'stop {session} 0')}")
        assert await state(bot, channel) == before


async def test_a_button_of_another_room_changes_nothing_here(server: DiscordServer, tmp_path: Path) -> None:
    ann, ben, cleo = crowd(server, 3)
    here, there = gathering(server, [ann, ben]), gathering(server, [cleo])
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        panel, card = await begun(ann, here)
        other_panel, other = await begun(cleo, there)
        before = await state(bot, here)
        assert await refused(ben, card, carried(other, "Left"))
        for label in ("⏸ Pause", "🗳 Count now", "⏹ Stop"):
            assert "host" in await refused(ben, card, carried(other_panel, label))
        # A host is one in their own room only.
        assert "host" in await refused(ann, card, carried(other_panel, "⏹ Stop"))
        assert await state(bot, here) == before
        assert not (await bot.booth(there)).ended
        assert panel.id != other_panel.id


async def test_who_is_no_host_steers_with_nothing_of_the_panel(server: DiscordServer, tmp_path: Path) -> None:
    ann, ben = people = crowd(server, 2)
    channel = gathering(server, people)
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        panel, card = await begun(ann, channel)
        assert "host" in (await (await ben.press(card, "🎛 Host")).spoken()).text
        before = await state(bot, channel)
        for label in panel.buttons:
            assert "host" in await refused(ben, card, carried(panel, label)), label
        menu = panel.menus[0]["custom_id"]
        assert await refused(ben, card, menu)
        taken = ben._use(card, menu, hand_over_to(ben, menu))
        assert "host" in await whispered(taken)
        assert await state(bot, channel) == before
        # While it is paused they cannot let it go on either.
        paused = await steer(ann, panel, "⏸ Pause")
        assert paused.answer
        resume = next(label for label in panel.buttons if label.startswith("▶"))
        assert "host" in await refused(ben, card, carried(panel, resume))
        assert (await bot.booth(channel)).room.paused
        await steer(ann, panel, resume)
        await vote(ben, card, "Straight on")
        await ann.press(panel, "🗳 Count now")
        wall = await ballot(channel, card)
        assert (await afresh(ann, wall)).menus


async def test_a_bot_is_not_made_the_host(server: DiscordServer, tmp_path: Path) -> None:
    ann, ben = people = crowd(server, 2)
    channel = gathering(server, people)
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        panel, card = await begun(ann, channel)
        ann._use(panel, panel.menus[0]["custom_id"], hand_over_to(ben, panel.menus[0]["custom_id"], bot=True))
        await panel.changed.until(lambda: True if "A bot cannot be the host" in panel.text else None)
        assert (await bot.booth(channel)).room.host == ann.voter
        assert card.buttons


def hand_over_to(person: Person, menu: str, **more: bool) -> dict[str, object]:
    """What a client sends that chooses somebody in a menu of people."""
    resolved = {"users": {str(person.id): {**person.body, **more}}, "members": {}}
    chosen = [str(person.id)]
    return {"custom_id": menu, "component_type": USER_SELECT, "id": 1, "values": chosen, "resolved": resolved}
