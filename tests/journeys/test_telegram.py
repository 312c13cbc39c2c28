"""A viewer in a private chat: a local Bot API server, the bot as it runs, real clips."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.telegram.chat import PLATFORM
from tests.fakes.on_telegram import OWNER, bot_at
from tests.fakes.telegram import Chat, Message, Person, TelegramServer
from tests.fakes.viewing import STORY, begun, is_choice, play_on, session_of, to_the_end, waits

FIRST = "Open the door"

CLIPS_AHEAD = 9
"""How the seven episodes of the three stories begin, and what the three choices of the first scene lead to, one of
them twice."""


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    """Every call is held against the official description."""
    async with TelegramServer() as running:
        yield running
        assert running.violations == []


# -- playing


async def test_a_whole_story_from_start_to_an_ending(server: TelegramServer, tmp_path: Path) -> None:
    ann = server.person("Ann", language="en")
    chat = server.private(ann)
    async with bot_at(server, tmp_path) as app:
        await ann.say("/start")
        booklet = await chat.shown(lambda message: message.kind == "photo")
        assert "Welcome" in booklet.text
        assert "Airlock Nine" in booklet.text
        assert "0 of 4 endings" in booklet.text
        await ann.tap(booklet, "▶ Play")
        first = await chat.shown(waits)
        assert first.kind == "video"
        assert first.body["video"]["duration"] > 2
        assert "Wren: Someone's knocking" in first.text
        end = await to_the_end(ann, chat, first)
        assert "New ending" in end.text
        assert end.effect is not None
        applauded = await chat.shown(lambda message: message.id == end.id and bool(message.reactions))
        assert [each["emoji"] for given in applauded.reactions.values() for each in given] == ["🎉"]
        assert len([message for message in chat.messages if message.buttons and message.kind == "video"]) == 1
        await ann.say("/endings")
        told = await chat.shown(lambda message: "🏁" in message.text and message.kind == "text")
        assert told.text.count("🏁") == 1
        session = await session_of(app, ann)
    assert session.revision == 6


async def test_after_a_tap_the_buttons_go_and_the_choice_stays(server: TelegramServer, tmp_path: Path) -> None:
    ann = server.person("Ann")
    chat = server.private(ann)
    async with bot_at(server, tmp_path):
        first = await begun(ann, chat)
        await play_on(ann, chat, first)
        settled = await chat.shown(lambda message: message.id == first.id and not message.buttons)
    assert settled.text.endswith(f"▸ {FIRST}")
    assert settled.text.startswith("Wren:")


async def test_what_others_chose_is_told_once_enough_did(server: TelegramServer, tmp_path: Path) -> None:
    ann = server.person("Ann")
    chat = server.private(ann)
    async with bot_at(server, tmp_path) as app:
        for number in range(25):
            crowd = server.person(f"Viewer {number}")
            await begun_and_tapped(crowd, server.private(crowd))
        first = await begun(ann, chat)
        await ann.tap(first, FIRST)
        settled = await chat.shown(lambda message: message.id == first.id and "chose this" in message.text)
        counts = await app.store.choice_counts(STORY, "knock")
    assert settled.text.endswith(f"▸ {FIRST} · 100% chose this")
    assert list(counts.values()) == [26]


async def begun_and_tapped(person: Person, chat: Chat) -> None:
    first = await begun(person, chat)
    await person.tap(first, FIRST)


async def test_a_second_tap_on_an_old_button_is_answered_kindly(server: TelegramServer, tmp_path: Path) -> None:
    ann = server.person("Ann")
    chat = server.private(ann)
    async with bot_at(server, tmp_path) as app:
        first = await begun(ann, chat)
        data = first.rows[0][0]["callback_data"]
        await play_on(ann, chat, first)
        answer = await ann.tap_data(first, data)
        assert answer.text is not None
        assert "moved on" in answer.text
        assert (await session_of(app, ann)).revision == 1


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"x" * 64, b"/erase", b"AAAAAAAA/erase", b"<b>"])
async def test_a_forged_button_changes_nothing(server: TelegramServer, tmp_path: Path, data: bytes) -> None:
    ann = server.person("Ann")
    chat = server.private(ann)
    async with bot_at(server, tmp_path) as app:
        first = await begun(ann, chat)
        answer = await ann.tap_data(first, data)
        assert answer.text is not None
        assert "not one of mine" in answer.text
        assert (await session_of(app, ann)).revision == 0


async def test_somebody_elses_button_is_refused(server: TelegramServer, tmp_path: Path) -> None:
    ann, bob = server.person("Ann"), server.person("Bob")
    chat = server.private(ann)
    async with bot_at(server, tmp_path) as app:
        first = await begun(ann, chat)
        await bob.say("/help")
        shown = await server.private(bob).shown(lambda message: "Tap a choice" in message.text)
        answer = await bob.tap_data(shown, first.rows[0][0]["callback_data"])
        assert answer.text is not None
        assert "Somebody else" in answer.text
        assert (await session_of(app, ann)).revision == 0


async def test_a_restart_keeps_everybodys_place(server: TelegramServer, tmp_path: Path) -> None:
    ann = server.person("Ann")
    chat = server.private(ann)
    async with bot_at(server, tmp_path):
        second = await play_on(ann, chat, await begun(ann, chat))
    async with bot_at(server, tmp_path):
        third = await play_on(ann, chat, second)
    assert third.id > second.id


async def test_time_that_runs_out_takes_the_default(server: TelegramServer, tmp_path: Path) -> None:
    ann = server.person("Ann")
    chat = server.private(ann)
    stories = tmp_path / "stories"
    hurried(stories)
    async with bot_at(server, tmp_path, stories):
        first = await begun(ann, chat, "hurry")
        assert "⏳ 1 s" in first.text
        await chat.shown(lambda message: "Ran away" in message.text)
        settled = await chat.shown(lambda message: message.id == first.id and not message.buttons)
    assert "Time ran out: Run" in settled.text


def hurried(stories: Path) -> None:
    """A story of two scenes with a clock of a second, an answer to type, and a locked choice."""
    folder = stories / "hurry"
    folder.mkdir(parents=True)
    folder.joinpath("story.yaml").write_text(HURRY, "utf-8")


HURRY = """
title: Hurry
synopsis: <b>Quick</b> & simple.
language: en
cast: {mei: {name: Mei <3}}
variables:
  name: {type: text, length: 12}
  brave: {type: flag}
episodes:
  one:
    title: One
    start: road
    scenes:
      road:
        lines: [{mei: "Run & hide? <i>Now</i>!"}]
        within: 1s
        default: run
        choices:
          run: {label: Run, to: away}
          stay: {label: Stay, to: named}
          fight: {label: Fight, if: brave, else: locked, to: away}
      named:
        lines: [{mei: "Who are you?"}]
        choices:
          tell: {label: Say your name, ask: name, to: known}
          hush: {label: Say nothing, to: away}
      known:
        lines: [{mei: "Hello, {name}."}]
        ending: {title: Known, kind: happy}
      away:
        lines: [{mei: "Ran away"}]
        ending: {title: Away, kind: sad}
"""


async def test_a_locked_choice_is_seen_and_an_answer_is_typed(server: TelegramServer, tmp_path: Path) -> None:
    ann = server.person("Ann")
    chat = server.private(ann)
    stories = tmp_path / "stories"
    hurried(stories)
    async with bot_at(server, tmp_path, stories):
        first = await begun(ann, chat, "hurry")
        assert first.text.startswith("Mei <3: Run & hide? <i>Now</i>!")
        assert "🔒 Fight" in first.buttons
        locked = await ann.tap(first, "🔒 Fight")
        assert locked.text is not None
        assert "Not open" in locked.text
        await ann.tap(first, "Stay")
        named = await chat.shown(lambda message: "Who are you?" in message.text and waits(message))
        await ann.tap(named, "Say your name")
        question = await chat.shown(lambda message: "up to 12" in message.text)
        assert question.keyboard is not None
        await ann.say("<b>Bobby</b> the very long")
        known = await chat.shown(lambda message: "Hello, " in message.text)
    assert "Hello, <b>Bobby</b>." in known.text


async def test_a_choice_may_be_written_as_it_stands(server: TelegramServer, tmp_path: Path) -> None:
    ann = server.person("Ann")
    chat = server.private(ann)
    async with bot_at(server, tmp_path) as app:
        first = await begun(ann, chat)
        await ann.say("  open the DOOR ")
        await chat.shown(lambda message: waits(message) and message.id > first.id)
        assert (await session_of(app, ann)).revision == 1
        await ann.say("something else")
        await chat.shown(lambda message: "Tap one of the choices" in message.text)


async def changed(person: Person, chat: Chat, scene: Message) -> Message:
    """Tap the first choice; the same message, once it says something else."""
    before = scene.text
    await person.tap(scene, next(label for label in scene.buttons if is_choice(label)))
    return await chat.shown(lambda message: message.id == scene.id and message.text != before)


async def test_the_whole_story_in_one_message(server: TelegramServer, tmp_path: Path) -> None:
    ann = server.person("Ann")
    chat = server.private(ann)
    async with bot_at(server, tmp_path):
        await ann.say("/settings")
        settings = await chat.shown(lambda message: any("One message" in label for label in message.buttons))
        await ann.tap(settings, "▫️ One message that changes")
        await chat.shown(lambda message: message.id == settings.id and "✅ One message that changes" in message.buttons)
        scene = await begun(ann, chat)
        videos = {scene.file_id}
        for _ in range(3):
            scene = await changed(ann, chat, scene)
            videos.add(scene.file_id)
        assert len([message for message in chat.messages if message.kind == "video"]) == 1
    assert len(videos) == 4
    assert scene.text.startswith("▸ ")


# -- pages


async def test_the_map_rewind_and_continue(server: TelegramServer, tmp_path: Path) -> None:
    ann = server.person("Ann")
    chat = server.private(ann)
    async with bot_at(server, tmp_path) as app:
        second = await play_on(ann, chat, await begun(ann, chat))
        await ann.say("/map")
        chart = await chat.shown(lambda message: message.kind == "photo" and "Your way" in message.text)
        await ann.tap(chart, "⤺ Back to a choice")
        back = await chat.shown(lambda message: "Back to which choice" in message.text)
        await ann.tap(back, back.buttons[0])
        again = await chat.shown(lambda message: waits(message) and message.id > back.id and FIRST in message.buttons)
        assert (await session_of(app, ann)).revision == 2
        await chat.shown(lambda message: message.id == second.id and not message.buttons)
        await ann.say("/continue")
        here = await chat.shown(lambda message: message.id > again.id and FIRST in message.buttons)
        await chat.shown(lambda message: message.id == again.id and not message.buttons)
    assert here.kind == "video"


async def test_another_language_for_bot_and_story(server: TelegramServer, tmp_path: Path) -> None:
    ann = server.person("Ann", language="en")
    chat = server.private(ann)
    async with bot_at(server, tmp_path) as app:
        await begun(ann, chat, "salt-and-sugar")
        await ann.say("/language")
        asked = await chat.shown(lambda message: "Español" in message.buttons)
        await ann.tap(asked, "Español")
        await chat.shown(lambda message: waits(message) and message.id > asked.id)
        viewer = await app.store.viewer(PLATFORM, str(ann.id))
    assert viewer.language == "es"


async def test_everything_about_me_and_then_nothing(server: TelegramServer, tmp_path: Path) -> None:
    ann = server.person("Ann")
    chat = server.private(ann)
    async with bot_at(server, tmp_path) as app:
        first = await begun(ann, chat)
        await ann.say("/export")
        file = await chat.shown(lambda message: message.kind == "document")
        kept = json.loads(server.world.files.known(file.file_id).content)
        assert kept["session"][0]["story"] == STORY
        await ann.say("/forget")
        asked = await chat.shown(lambda message: "Yes, delete everything" in message.buttons)
        await ann.tap(asked, "Yes, delete everything")
        await chat.shown(lambda message: message.id == asked.id and "Done" in message.text)
        answer = await ann.tap(first, FIRST)
        assert answer.text is not None
        viewer = await app.store.viewer(PLATFORM, str(ann.id))
        assert await app.store.sessions_of(viewer.id) == []


async def test_a_story_is_shared_in_any_chat(server: TelegramServer, tmp_path: Path) -> None:
    ann, bob = server.person("Ann"), server.person("Bob")
    async with bot_at(server, tmp_path):
        await ann.say("/start")
        await server.private(ann).shown(lambda message: message.kind == "photo")
        offered = await ann.inline("airlock")
        card = ann.share(offered, 0, server.private(bob))
        assert "Airlock Nine" in card.text
        link = card.rows[0][0]["url"]
        assert link.endswith("?start=s-airlock-nine")
        await bob.say(f"/start {link.rpartition('=')[2]}")
        booklet = await server.private(bob).shown(lambda message: message.kind == "photo" and message.id > card.id)
    assert "Airlock Nine" in booklet.text


async def test_clips_are_sent_ahead_to_the_owner_and_taken_away(server: TelegramServer, tmp_path: Path) -> None:
    owner, ann = server.person("Owner", id=OWNER), server.person("Ann")
    shelf, chat = server.private(owner), server.private(ann)
    await owner.say("/start")
    async with bot_at(server, tmp_path):
        first = await begun(ann, chat)
        async with asyncio.timeout(10):
            while sent_videos(server, shelf) < CLIPS_AHEAD:
                await asyncio.sleep(0.01)
        uploads = sent_videos(server, chat)
        await play_on(ann, chat, first)
        assert sent_videos(server, chat) == uploads + 1
        assert not [message for message in shelf.messages if message.kind == "video"]
        last = [call for call in server.calls if call.method == "sendVideo" and call.chat == chat.id][-1]
        assert isinstance(last.params["video"], str)


def sent_videos(server: TelegramServer, chat: Chat) -> int:
    return len([call for call in server.calls if call.method == "sendVideo" and call.chat == chat.id])


async def test_a_moment_is_shared_and_a_friend_plays_on_from_there(server: TelegramServer, tmp_path: Path) -> None:
    ann, bob = server.person("Ann"), server.person("Bob")
    hers, his = server.private(ann), server.private(bob)
    async with bot_at(server, tmp_path) as app:
        second = await play_on(ann, hers, await begun(ann, hers))
        await ann.say("/map")
        chart = await hers.shown(lambda message: message.kind == "photo")
        token = next(
            button["switch_inline_query"]
            for row in chart.rows
            for button in row
            if len(button) == 2 and "switch_inline_query" in button
        )
        card = ann.share(await ann.inline(token), 0, his)
        link = card.rows[0][0]["url"].rpartition("=")[2]
        await bob.say(f"/start {link}")
        joined = await his.shown(lambda message: waits(message) and message.id > card.id)
        assert joined.text.startswith(second.text.partition("\n\n")[0])
        offered = joined.buttons
        third = await play_on(bob, his, joined)
        await bob.say(f"/start {link}")
        asked = await his.shown(lambda message: "A friend shared" in message.text and message.id > third.id)
        await bob.tap(asked, asked.buttons[1])
        again = await his.shown(lambda message: waits(message) and message.id > asked.id and message.kind == "video")
        assert again.buttons == offered
        assert (await session_of(app, ann)).revision == 1
        await bob.say("/start m-AAAAAAAAAAAAAAAAAAAAA0")
        await his.shown(lambda message: "no longer there" in message.text)
