"""Watch-alongs in groups: the crowd votes, the host steers, and the group's chat stays quiet."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.telegram.billboard import GAP
from adapters.telegram.chat import PLATFORM
from bot.app import App
from bot.store.port import RoomRow
from tests.fakes.on_telegram import bot_at
from tests.fakes.stopwatch import Stopwatch
from tests.fakes.telegram import Chat, Message, Person, TelegramServer

STORY = "airlock-nine"
FIRST = "Open the door"
SECOND = "Make him talk first"
LONG = 60
"""Seconds for a vote that the host closes."""


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    """Every call is held against the official description."""
    async with TelegramServer() as running:
        yield running
        assert running.violations == []


def crowd(server: TelegramServer, number: int) -> list[Person]:
    return [server.person(f"Viewer {each}") for each in range(number)]


def votes(message: Message) -> bool:
    """Whether a scene is voted on in that message."""
    return any(label.startswith("🗳") for label in message.buttons)


def choice(message: Message, label: str) -> str:
    """The button of a choice, whatever its count says."""
    return next(each for each in message.buttons if label in each)


async def room_of(app: App, group: Chat) -> RoomRow:
    room = await app.store.room_at(PLATFORM, str(group.id))
    assert room is not None
    return room


async def gathered(host: Person, group: Chat, seconds: int = LONG) -> Message:
    """The first ballot of a watch-along."""
    await host.say(f"/watch {STORY} {seconds}", group)
    return await group.shown(votes)


async def test_thirty_vote_and_the_most_votes_win(server: TelegramServer, tmp_path: Path) -> None:
    people = crowd(server, 30)
    group = server.group("Friends", members=people)
    watch = Stopwatch()
    async with bot_at(server, tmp_path, gap=GAP) as app:
        ballot = await gathered(people[0], group)
        opening = await group.shown(lambda message: "Hosted by" in message.text)
        assert "Viewer 0" in opening.text
        wanted = [FIRST if number % 3 else SECOND for number in range(30)]
        answers = await asyncio.gather(
            *(one.tap(ballot, choice(ballot, label)) for one, label in zip(people, wanted, strict=True))
        )
        assert all(answer.text is not None and "Counted" in answer.text for answer in answers)
        changed = await people[0].tap(ballot, choice(ballot, FIRST))
        assert changed.text is not None
        assert "Changed" in changed.text
        room = await room_of(app, group)
        assert await app.store.tally(room.session, 0) == Counter(wanted_ids(wanted))
        await people[0].tap(ballot, "🗳 Close")
        settled = await group.shown(lambda message: message.id == ballot.id and not message.buttons)
        assert f"{FIRST} · 70% of 30" in settled.text
        following = await group.shown(lambda message: votes(message) and message.id > ballot.id)
        assert len(ballot.was) <= watch.times(GAP) + 1, "and the end of the vote, which waits for nothing"
        late = await people[3].tap(ballot, choice_was(ballot, FIRST), stale=True)
        assert late.text is not None
        assert "closed already" in late.text
    assert following.kind == "video"


def wanted_ids(labels: list[str]) -> list[str]:
    """The choices as stored, once the host changed from the second to the first."""
    return ["open-up" if label == FIRST or number == 0 else "make-him-talk" for number, label in enumerate(labels)]


def choice_was(message: Message, label: str) -> str:
    """The button as it was before the buttons went."""
    rows = [row for body in message.was for row in body.get("reply_markup", {}).get("inline_keyboard", [])]
    return next(str(button["text"]) for row in reversed(rows) for button in row if label in button["text"])


async def test_time_that_runs_out_closes_the_vote_once(server: TelegramServer, tmp_path: Path) -> None:
    people = crowd(server, 3)
    group = server.group("Friends", members=people)
    stories = tmp_path / "stories"
    quick(stories)
    async with bot_at(server, tmp_path, stories) as app:
        await people[0].say("/watch quick 5", group)
        ballot = await group.shown(votes)
        await people[1].tap(ballot, choice(ballot, "Right"))
        end = await group.shown(lambda message: "You went right" in message.text)
        settled = await group.shown(lambda message: message.id == ballot.id and not message.buttons)
        assert "Right · 100% of 1" in settled.text
        assert await app.store.room_at(PLATFORM, str(group.id)) is None
    assert "That was the end" in end.text


def quick(stories: Path) -> None:
    """One choice and two endings, without clips."""
    folder = stories / "quick"
    folder.mkdir(parents=True)
    folder.joinpath("story.yaml").write_text(QUICK, "utf-8")


QUICK = """
title: Quick
language: en
cast: {}
episodes:
  one:
    title: One
    start: fork
    scenes:
      fork:
        lines: [{narrator: A fork.}]
        choices:
          left: {label: Left, to: lefthand}
          right: {label: Right, to: righthand}
      lefthand: {lines: [{narrator: You went left.}], ending: {title: Left, kind: happy}}
      righthand: {lines: [{narrator: You went right.}], ending: {title: Right, kind: open}}
"""


async def test_only_the_host_steers(server: TelegramServer, tmp_path: Path) -> None:
    host, guest = crowd(server, 2)
    group = server.group("Friends", members=[host, guest])
    async with bot_at(server, tmp_path) as app:
        ballot = await gathered(host, group)
        refused = await guest.tap(ballot, "⏸ Pause")
        assert refused.text is not None
        assert "Only the host" in refused.text
        await host.tap(ballot, "⏸ Pause")
        await group.shown(lambda message: message.id == ballot.id and "Paused" in message.text)
        paused = await guest.tap_data(ballot, ballot_data(ballot, FIRST))
        assert paused.text is not None
        assert "paused" in paused.text
        resumed = await group.shown(lambda message: message.id == ballot.id and "▶ Go on" in message.buttons)
        await host.tap(resumed, "▶ Go on")
        await group.shown(lambda message: message.id == ballot.id and "⏸ Pause" in message.buttons)
        await guest.tap(ballot, choice(ballot, SECOND))
        await host.tap(ballot, "⏭ Skip")
        following = await group.shown(lambda message: votes(message) and message.id > ballot.id)
        await host.tap(following, "⏹ Stop")
        await group.shown(lambda message: message.id == following.id and not message.buttons)
        assert await app.store.room_at(PLATFORM, str(group.id)) is None
        over = await guest.tap_data(following, ballot_data(following, ""))
        assert over.text is not None
        assert "is over" in over.text


def ballot_data(message: Message, label: str) -> str:
    """What a choice's button carries, or carried."""
    bodies = [message.body, *reversed(message.was)]
    rows = [row for body in bodies for row in body.get("reply_markup", {}).get("inline_keyboard", [])]
    return next(str(button["callback_data"]) for row in rows for button in row if label in button["text"])


async def test_a_second_watch_along_is_told_of_the_first(server: TelegramServer, tmp_path: Path) -> None:
    host, guest = crowd(server, 2)
    group = server.group("Friends", members=[host, guest])
    async with bot_at(server, tmp_path):
        await gathered(host, group)
        await guest.say("/watch salt-and-sugar", group)
        told = await group.shown(lambda message: "already" in message.text)
        assert not votes(told)
        await guest.say("/watch", group)
        usage = await group.shown(lambda message: "Airlock Nine" in "".join(message.buttons))
        assert usage.id > told.id
        await guest.say("/watch no-such-story", group)
        await group.shown(lambda message: "no story by that name" in message.text)


async def test_in_a_topic_it_stays_in_its_topic(server: TelegramServer, tmp_path: Path) -> None:
    host, guest = crowd(server, 2)
    group = server.group("Forum", members=[host, guest], topics=True)
    topic = group.topic("Dramas")
    async with bot_at(server, tmp_path):
        await host.say(f"/watch {STORY} {LONG}", group, topic=topic)
        ballot = await group.shown(votes)
        assert ballot.thread == topic
        await guest.tap(ballot, choice(ballot, FIRST))
        await host.tap(ballot, "🗳 Close")
        following = await group.shown(lambda message: votes(message) and message.id > ballot.id)
        assert following.thread == topic


async def test_anonymous_admins_neither_vote_nor_host(server: TelegramServer, tmp_path: Path) -> None:
    [host] = crowd(server, 1)
    group = server.group("Friends", members=[host])
    nobody = server.anonymous(group)
    async with bot_at(server, tmp_path) as app:
        await nobody.say(f"/watch {STORY}", group)
        await group.shown(lambda message: "nonymous" in message.text)
        assert await app.store.room_at(PLATFORM, str(group.id)) is None
        ballot = await gathered(host, group)
        told = await nobody.tap(ballot, choice(ballot, FIRST))
        assert told.text is not None
        assert "cannot vote" in told.text
        room = await room_of(app, group)
        assert await app.store.tally(room.session, 0) == {}


async def test_a_restart_in_the_middle_of_a_vote(server: TelegramServer, tmp_path: Path) -> None:
    host, guest, late = crowd(server, 3)
    group = server.group("Friends", members=[host, guest, late])
    async with bot_at(server, tmp_path) as app:
        ballot = await gathered(host, group)
        await guest.tap(ballot, choice(ballot, SECOND))
        async with asyncio.timeout(10):
            while await app.store.pending(PLATFORM, 0, 1):
                await asyncio.sleep(0.01)
    async with bot_at(server, tmp_path) as app:
        await late.tap(ballot, choice(ballot, SECOND))
        room = await room_of(app, group)
        assert sum((await app.store.tally(room.session, 0)).values()) == 2
        await host.tap(ballot, "🗳 Close")
        settled = await group.shown(lambda message: message.id == ballot.id and not message.buttons)
    assert f"{SECOND} · 100% of 2" in settled.text


async def test_private_commands_in_a_group_lead_to_the_private_chat(server: TelegramServer, tmp_path: Path) -> None:
    [ann] = crowd(server, 1)
    group = server.group("Friends", members=[ann])
    async with bot_at(server, tmp_path):
        await ann.say("/play airlock-nine", group)
        told = await group.shown(lambda message: bool(message.rows) and "url" in message.rows[0][0])
        assert told.rows[0][0]["url"].startswith("https://t.me/cliffhanger_bot?start=")
        await ann.say("/watch airlock-nine")
        await server.private(ann).shown(lambda message: "for groups" in message.text)
