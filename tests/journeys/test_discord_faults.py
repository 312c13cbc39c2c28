"""What Discord and the way to it can do to a watch-along: nothing is lost, nothing comes twice, others go on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from discord.http import HTTPClient, Route
from structlog.testing import capture_logs

from adapters.discord import ballots, trouble, voice
from adapters.discord.board import GAP
from adapters.discord.card import bare
from adapters.discord.permission import INVITE
from adapters.discord.sender import Sender
from bot.delivery.pace import Pace
from bot.store.port import EventKey, Outcome, Viewer, VoteRow
from bot.store.sqlite import SQLiteStore
from tests.fakes.discord import Channel, DiscordServer, Message
from tests.fakes.discord.faults import Fault
from tests.fakes.discord.interaction import ACK_SECONDS
from tests.fakes.discord.limits import Limited
from tests.fakes.discord.refusal import Refused
from tests.fakes.on_discord import (
    Bot,
    ballot,
    begun,
    bot_at,
    carried,
    crowd,
    gathering,
    little,
    told,
    vote,
    votes,
)
from tests.fakes.stopwatch import Stopwatch
from tests.fakes.telegram.bell import PATIENCE
from tests.journeys.doors import VotelessStore, at_discord, clock_of, inside
from tests.journeys.harbour import until, until_so

HOUR = 3600
DAY = 86_400
"""Seconds."""

ANSWER, SEND, EDIT = "/callback", "POST /channels", "PATCH /channels"


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    """Its limits are off but where a test puts one. Afterwards every call was as the official description has it."""
    async with DiscordServer() as running:
        running.limits = False
        yield running
        assert running.violations == []
        assert running.pings == []


async def tally(bot: Bot, channel: Channel, revision: int = 0) -> dict[str, int]:
    return dict(await bot.app.store.tally((await bot.row(channel)).session, revision))


async def tells(message: Message, text: str) -> None:
    """Until the message says it."""
    await message.changed.until(lambda: True if text in message.text else None, PATIENCE, text)


async def at_rest(bot: Bot) -> None:
    """Until everything was shown and is noted as shown."""

    async def nothing_waits() -> bool:
        return not await bot.app.store.pending("discord", 0, 1)

    await until_so(nothing_waits)


def cards(channel: Channel, text: str) -> list[Message]:
    """The messages there that say it."""
    return [message for message in channel.messages if text in message.text]


# -- answers


async def test_an_answer_that_comes_too_late_is_no_lost_vote(server: DiscordServer, tmp_path: Path) -> None:
    ann, ben = people = crowd(server, 2)
    channel = gathering(server, people)
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        _, card = await begun(ann, channel)
        fault = server.faults.unknown("Interaction", call=ANSWER, times=1)
        with capture_logs() as logs:
            late = ben.send_press(card, "Left")
            await until(lambda: [one for one in logs if one["event"] == "answer_lost"])
        assert (fault.struck, late.answer) == (1, None)
        assert await tally(bot, channel) == {"left": 1}
        assert await vote(ben, card, "Left") == "You voted for that already."
        await tells(card, "1 vote ·")
        assert list(await bot.app.store.troubles(10)) == []


async def test_an_answer_whose_own_answer_was_lost_is_said_once(server: DiscordServer, tmp_path: Path) -> None:
    ann, ben = people = crowd(server, 2)
    channel = gathering(server, people)
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        _, card = await begun(ann, channel)
        server.faults.lost_answer(call=ANSWER)
        with capture_logs() as logs:
            pressed = await ben.press(card, "Left")
            await until(lambda: any(call.code == 40060 for call in server.calls))
            assert (await vote(ann, card, "Left")).startswith("Counted")
        assert told(pressed).startswith("Counted")
        assert [one["event"] for one in logs if one["log_level"] != "info"] == []
        assert await tally(bot, channel) == {"left": 2}


KINDS = ("reset", "broken", "flood", "lost_answer")


@pytest.mark.parametrize("kind", KINDS)
async def test_answers_are_given_again_after_every_kind_of_failure(
    server: DiscordServer, tmp_path: Path, kind: str
) -> None:
    people = crowd(server, 6)
    channel = gathering(server, people)
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        _, card = await begun(people[0], channel)
        how = {"retry_after": 0.3} if kind == "flood" else {}
        fault: Fault = getattr(server.faults, kind)(call=ANSWER, times=2, **how)
        pressed = await asyncio.gather(*(one.press(card, "Left") for one in people))
        assert all(told(one).startswith("Counted") for one in pressed)
        assert fault.struck == 2
        assert await tally(bot, channel) == {"left": 6}


async def test_a_host_whose_panel_cannot_be_answered_still_steers(server: DiscordServer, tmp_path: Path) -> None:
    ann, ben = people = crowd(server, 2)
    channel = gathering(server, people)
    async with bot_at(server, tmp_path, little(tmp_path)):
        panel, card = await begun(ann, channel)
        await vote(ben, card, "Straight on")
        server.faults.broken(500, call=ANSWER, times=3)
        ann.send_press(panel, "🗳 Count now")
        assert "A wall." in (await ballot(channel, card)).text


# -- sends and edits


@pytest.mark.parametrize("kind", KINDS)
async def test_a_scene_comes_once_after_every_kind_of_failure(server: DiscordServer, tmp_path: Path, kind: str) -> None:
    ann, ben = people = crowd(server, 2)
    channel = gathering(server, people)
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        panel, card = await begun(ann, channel)
        await vote(ben, card, "Straight on")
        how = {"retry_after": 0.5} if kind == "flood" else {}
        fault: Fault = getattr(server.faults, kind)(call=SEND, times=2, **how)
        await ann.press(panel, "🗳 Count now")
        wall = await ballot(channel, card)
        await until(lambda: fault.struck == 2)
        await vote(ben, wall, "Climb")
        assert await tally(bot, channel, 1) == {"climb": 1}
        assert cards(channel, "A wall.") == [wall]


async def test_a_card_with_its_clip_comes_once_when_the_answer_was_lost(server: DiscordServer, tmp_path: Path) -> None:
    ann, ben = people = crowd(server, 2)
    channel = gathering(server, people)
    async with bot_at(server, tmp_path, little(tmp_path)):
        server.faults.lost_answer(call=SEND)
        _, card = await begun(ann, channel, "evening")
        assert card.media
        assert (await vote(ben, card, "The wood")).startswith("Counted")
        assert cards(channel, "The wood, or the river?") == [card]


async def test_a_card_that_was_there_before_anybody_knew_tells_the_truth(server: DiscordServer, tmp_path: Path) -> None:
    ann, ben = people = crowd(server, 2)
    channel = gathering(server, people)
    async with bot_at(server, tmp_path, little(tmp_path)):
        panel, card = await begun(ann, channel)
        await vote(ben, card, "Straight on")
        # The send succeeds each time, and the bot hears of it last of all: meanwhile it is voted on.
        fault = server.faults.lost_answer(call=SEND, times=3)
        await ann.press(panel, "🗳 Count now")
        wall = await ballot(channel, card)
        assert (await vote(ben, wall, "Climb")).startswith("Counted")
        await until(lambda: fault.over)
        await tells(wall, "1 vote ·")
        assert cards(channel, "A wall.") == [wall]
        fault = server.faults.lost_answer(call=SEND, times=3)
        await ann.press(await (await ann.press(wall, "🎛 Host")).spoken(), "🗳 Count now")
        await channel.shown(lambda message: "You see far." in message.text)
        await channel.shown(lambda message: message.id == wall.id and not message.buttons)


async def test_edits_that_fail_are_made_again_and_stay_few(server: DiscordServer, tmp_path: Path) -> None:
    people = crowd(server, 9)
    channel = gathering(server, people)
    watch = Stopwatch()
    async with bot_at(server, tmp_path, little(tmp_path), gap=GAP) as bot:
        _, card = await begun(people[0], channel)
        flood = server.faults.flood(0.5, call=EDIT, times=2)
        for one in people:
            await vote(one, card, "Left")
        await tells(card, "9 votes")
        assert flood.struck == 2
        broken = server.faults.broken(503, call=EDIT, times=1)
        for one in people[:4]:
            await vote(one, card, "Right")
        await tells(card, "44%")
        assert broken.struck == 1
        assert len(server.called(EDIT, channel)) <= watch.times(GAP) + flood.struck + broken.struck
        assert await tally(bot, channel) == {"left": 5, "right": 4}


TOO_OLD = "Maximum number of edits to messages older than 1 hour reached."


@pytest.mark.parametrize(
    "refusal",
    [
        Limited(HOUR / 2, "user", None, 30046, TOO_OLD),
        Limited(0.05, "user", None, 30046, TOO_OLD),
        Refused(400, 30046, TOO_OLD),
    ],
    ids=["a wait that nobody would sit out", "a short wait", "no wait at all"],
)
async def test_an_old_message_is_followed_by_a_fresh_tally_and_votes_go_on(
    server: DiscordServer, tmp_path: Path, refusal: Refused
) -> None:
    people = crowd(server, 4)
    channel = gathering(server, people)
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        panel, card = await begun(people[0], channel, seconds=DAY)
        await at_rest(bot)
        server.clock.jump(HOUR + 60)
        old = server.faults.refuse(refusal, call=EDIT, times=None)
        await vote(people[1], card, "Straight on")
        fresh = await ballot(channel, card)
        old.lift()
        await tells(fresh, "1 vote")
        assert (await vote(people[2], fresh, "Straight on")).startswith("Counted")
        assert (await vote(people[3], card, "Straight on")).startswith("Counted")
        await tells(fresh, "3 votes")
        assert await tally(bot, channel) == {"straight": 3}
        await people[0].press(panel, "🗳 Count now")
        wall = await ballot(channel, fresh)
        assert "A wall." in wall.text
        await channel.shown(lambda message: message.id == fresh.id and not message.buttons)
        assert (await people[2].press_id(card, carried(card, "Left"))).text != ""
        assert await tally(bot, channel) == {"straight": 3}
        assert len(cards(channel, "A wall.")) == 1


async def thread_of(channel: Channel) -> Channel:
    """The one thread that is made there."""
    guild = channel.guild
    assert guild is not None

    def threads() -> list[Channel]:
        return [one for one in guild.channels.values() if one.is_thread]

    await until(threads)
    [thread] = threads()
    return thread


async def test_a_thread_that_went_to_sleep_wakes_with_the_next_vote(server: DiscordServer, tmp_path: Path) -> None:
    people = crowd(server, 2)
    channel = gathering(server, people)
    async with bot_at(server, tmp_path, little(tmp_path)):
        await people[0].slash("watch", channel, story="quick", place="thread", seconds=0)
        thread = await thread_of(channel)
        card = await ballot(thread)
        thread.archived = True
        await vote(people[1], card, "Straight on")
        await tells(await ballot(thread, card), "1 vote")
        assert not thread.archived


async def test_a_thread_that_is_locked_is_waited_for_and_the_host_is_told(
    server: DiscordServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trouble, "FORBIDDEN_SECONDS", 0.2)
    [host] = crowd(server, 1)
    channel = gathering(server, [host], rights=INVITE)
    async with bot_at(server, tmp_path, little(tmp_path)):
        panel = await (await host.slash("watch", channel, story="quick", place="thread", seconds=0)).spoken()
        thread = await thread_of(channel)
        card = await ballot(thread)
        await vote(host, card, "Straight on")
        await tells(card, "1 vote")
        thread.archived = thread.locked = True
        await host.press(panel, "🗳 Count now")
        await host.dm.shown(lambda message: f"<#{thread.id}>" in message.text, within=PATIENCE)
        thread.archived = thread.locked = False
        assert "A wall." in (await ballot(thread, card)).text


async def test_a_page_that_a_proxy_puts_in_the_way_costs_no_scene(
    server: DiscordServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trouble, "FORBIDDEN_SECONDS", 0.2)
    [host] = crowd(server, 1)
    channel = gathering(server, [host])
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        panel, card = await begun(host, channel)
        await vote(host, card, "Straight on")
        page = server.faults.broken(403, call=SEND, channel=channel.id, times=2)
        await host.press(panel, "🗳 Count now")
        assert "A wall." in (await ballot(channel, card)).text
        assert page.struck == 2
        await at_rest(bot)
    assert len(cards(channel, "A wall.")) == 1


async def test_a_channel_that_refuses_is_tried_ever_more_seldom(server: DiscordServer) -> None:
    channel = gathering(server, crowd(server, 1))
    monkeyed, Route.BASE = Route.BASE, server.api
    http = HTTPClient(asyncio.get_running_loop())
    try:
        await http.static_login(server.token)
        sender = Sender(http, Pace(lambda address: None, None))
        denied = server.faults.missing_access(call=SEND)
        pauses = []
        for number in range(7):
            with pytest.raises(trouble.Forbidden) as refused:
                await sender.send(channel.id, f"try {number}", bare("Hello"))
            pauses.append(refused.value.seconds)
        assert pauses == [30, 60, 120, 240, 480, 600, 600]
        denied.lift()
        await sender.send(channel.id, "at last", bare("Hello"))
        server.faults.missing_access(call=SEND, times=1)
        with pytest.raises(trouble.Forbidden) as refused:
            await sender.send(channel.id, "once more", bare("Hello"))
        assert refused.value.seconds == 30
    finally:
        await http.close()
        Route.BASE = monkeyed


async def test_when_everything_must_wait_nothing_is_lost(server: DiscordServer, tmp_path: Path) -> None:
    people = crowd(server, 6)
    channel = gathering(server, people)
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        panel, card = await begun(people[0], channel)
        for one in people:
            await vote(one, card, "Straight on")
        flood = server.faults.flood(1, call="/channels/", times=4, scope="global")
        await people[0].press(panel, "🗳 Count now")
        wall = await ballot(channel, card)
        assert flood.struck == 4
        await vote(people[1], wall, "Climb")
        assert await tally(bot, channel, 1) == {"climb": 1}
        assert cards(channel, "A wall.") == [wall]


async def test_a_channel_that_fails_holds_up_no_other(server: DiscordServer, tmp_path: Path) -> None:
    ann, ben, cleo, dan = people = crowd(server, 4)
    ill, well = gathering(server, people[:2]), gathering(server, people[2:])
    async with bot_at(server, tmp_path, little(tmp_path)) as bot:
        (panel, card), (other, shown) = await asyncio.gather(begun(ann, ill), begun(cleo, well))
        fault = server.faults.flood(1, call="/channels/", channel=ill.id, times=None)
        await vote(ben, card, "Straight on")
        await ann.press(panel, "🗳 Count now")
        await until(lambda: fault.struck)
        for round in range(3):
            await vote(dan, shown, "Turn back" if round % 2 else "Straight on")
            await cleo.press(other, "🗳 Count now")
            shown = await ballot(well, shown)
            other = await (await cleo.press(shown, "🎛 Host")).spoken()
        assert (await bot.row(well)).revision == 3
        assert not cards(ill, "A wall.")
        # The vote there closed all the same; its next scene comes as soon as it can.
        assert (await bot.row(ill)).revision == 1
        fault.lift()
        wall = await ballot(ill, card)
        assert (await vote(ben, wall, "Climb")).startswith("Counted")
        assert len(cards(ill, "A wall.")) == 1


# -- the store


class SlowStore(SQLiteStore):
    """A real store that does nothing about votes and viewers while its gate is shut."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.gate = asyncio.Event()
        self.gate.set()

    async def cast(self, event: EventKey, vote: VoteRow) -> Outcome:
        await self.gate.wait()
        return await super().cast(event, vote)

    async def viewer(self, platform: str, user: str) -> Viewer:
        await self.gate.wait()
        return await super().viewer(platform, user)


async def test_however_long_it_takes_every_press_is_answered_in_time(server: DiscordServer, tmp_path: Path) -> None:
    assert voice.PATIENCE <= ACK_SECONDS / 2
    ann, ben = people = crowd(server, 2)
    channel = gathering(server, people)
    stores: list[SlowStore] = []

    def new_store(path: Path) -> SlowStore:
        stores.append(SlowStore(path))
        return stores[-1]

    async with (
        inside(tmp_path, little(tmp_path), clock_of(server), new_store) as house,
        at_discord(house, server) as bot,
    ):
        _, card = await begun(ann, channel)
        [gate] = [store.gate for store in stores]
        gate.clear()
        pressed, played = await asyncio.gather(ben.press(card, "Left"), ben.slash("play", channel, story="quick"))
        assert (pressed.answer, played.answer) == ("defer", "defer")
        assert await tally(bot, channel) == {}
        gate.set()
        assert (await pressed.spoken()).text.startswith("Counted")
        assert "A fork." in (await played.spoken()).text
        assert await tally(bot, channel) == {"left": 1}


async def test_a_vote_while_the_store_is_at_fault_is_answered_when_it_is_back(
    server: DiscordServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben = people = crowd(server, 2)
    channel = gathering(server, people)
    stores: list[VotelessStore] = []

    def new_store(path: Path) -> VotelessStore:
        stores.append(VotelessStore(path))
        return stores[-1]

    async with (
        inside(tmp_path, little(tmp_path), clock_of(server), new_store) as house,
        at_discord(house, server) as bot,
    ):
        _, card = await begun(ann, channel)
        stores[0].fails("cast", 4)
        pressed = await ben.press(card, "Left")
        assert pressed.answer == "defer"
        assert (await pressed.spoken()).text.startswith("Counted")
        assert await tally(bot, channel) == {"left": 1}
        await tells(card, "1 vote ·")
        # For good: it says so, counts nothing, and the next one counts.
        monkeypatch.setattr(ballots, "STORE_SECONDS", 1.5)
        failures = stores[0].fails("cast", 10_000)
        lost = await ann.press(card, "Right")
        said = await lost.spoken(PATIENCE)
        assert not said.text.startswith("Counted")
        failures.clear()
        assert await tally(bot, channel) == {"left": 1}
        assert (await vote(ann, card, "Right")).startswith("Counted")
        assert sum(map(votes, channel.messages)) == 1
