"""Playing for oneself on Discord: in answers that only one person sees, in direct messages, and wherever one is."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from adapters.discord.place import PLATFORM
from bot.event import Event, Open
from bot.outgoing import in_no_hurry
from bot.play.state import unpack
from bot.store.port import EventKey, Session
from tests.fakes.discord import DiscordServer, Interaction, Message, Person
from tests.fakes.on_discord import STORIES, Bot, bot_at, carried, crowd, gathering, little, read, told, write
from tests.fakes.stories import CROSSROADS
from tests.fakes.telegram.bell import PATIENCE

MONTH = 30 * 86_400
STALE = "The story has already moved on. This is where you are now."


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    """Every call is held against the official description; nobody's device ever rings."""
    async with DiscordServer() as running:
        running.limits = False
        yield running
        assert running.violations == []
        assert running.pings == []


@pytest.fixture
def ann(server: DiscordServer) -> Person:
    """In a server's channel."""
    [ann] = crowd(server, 1)
    gathering(server, [ann])
    return ann


@pytest.fixture
def stories(tmp_path: Path) -> Path:
    write(tmp_path / "stories", "crossroads", CROSSROADS)
    return little(tmp_path)


async def session_of(bot: Bot, person: Person, story: str) -> Session:
    viewer = await bot.app.store.viewer(PLATFORM, str(person.id))
    session = await bot.app.store.session_in(viewer.id, story)
    assert session is not None
    return session


async def begun(person: Person, story: str, **options: object) -> Message:
    """The first scene, in an answer that only they see."""
    reply = await person.slash("play", story=story, **options)  # type: ignore[arg-type]
    scene = await reply.spoken()
    assert scene.ephemeral
    return scene


async def press(person: Person, scene: Message, which: str) -> Interaction:
    """A press that changes the answer in place."""
    pressed = await person.press(scene, which)
    assert pressed.answer == "update", pressed.text
    return pressed


# -- in an answer


async def test_leafing_through_the_stories_shows_each_with_its_own_poster(
    server: DiscordServer, tmp_path: Path
) -> None:
    ann = server.person("Ann")
    gathering(server, [ann])
    async with bot_at(server, tmp_path, STORIES):
        catalogue = await (await ann.slash("play")).spoken()
        for story in ("salt-and-sugar", "last-train-home", "airlock-nine"):
            await ann.select(catalogue, story)
            assert len(catalogue.body["attachments"]) == 1
            [poster] = catalogue.body["attachments"]
            async with aiohttp.ClientSession() as session, session.get(poster["url"]) as response:
                assert await response.read() == (STORIES / story / "poster.jpg").read_bytes()


async def test_a_whole_story_in_one_answer(server: DiscordServer, ann: Person, stories: Path, tmp_path: Path) -> None:
    async with bot_at(server, tmp_path, stories) as bot:
        scene = await begun(ann, "evening")
        assert scene.buttons == ["The wood", "The river"]
        assert len(scene.media) == 1
        await press(ann, scene, "The wood")
        assert "▸ **The wood**" in scene.text
        assert "Trees." in scene.text
        await press(ann, scene, "Dig")
        assert scene.buttons == ["Knock", "Leave", "Unlock"]
        await press(ann, scene, "Unlock")
        assert "✨ New ending: **Inside**" in scene.text
        assert scene.media == []
        await press(ann, scene, "Play again")
        assert "The wood, or the river?" in scene.text
        assert (await session_of(bot, ann, "evening")).revision == 4
    assert ann.place.messages == []


async def test_what_is_locked_and_what_is_asked_for(
    server: DiscordServer, ann: Person, stories: Path, tmp_path: Path
) -> None:
    async with bot_at(server, tmp_path, stories) as bot:
        scene = await begun(ann, "crossroads")
        assert "Whisper to the butler" not in scene.buttons
        await press(ann, scene, "Open the gate")
        assert "Not open to you yet." in scene.text
        form = await ann.press(scene, "Sign your name")
        assert form.answer == "modal"
        await ann.submit(form, answer="*A* <@1>")
        await scene.changed.until(lambda: True if "0 coins" in scene.text else None)
        state = unpack(bot.app.library.story("crossroads"), (await session_of(bot, ann, "crossroads")).state)
        assert "*A* <@1>" in state.values
        await press(ann, scene, "Go back")
        assert "Left or right, *A* <@1>?" in read(scene)


async def test_time_that_runs_out_changes_the_answer(
    server: DiscordServer, ann: Person, stories: Path, tmp_path: Path
) -> None:
    async with bot_at(server, tmp_path, stories):
        scene = await begun(ann, "quick")
        assert "⏳ <t:" in scene.text
        server.clock.jump(10)
        await scene.changed.until(lambda: True if "You went right." in scene.text else None, PATIENCE)
        assert "Left" not in scene.buttons


async def test_a_button_of_a_scene_that_is_over_shows_where_one_is(
    server: DiscordServer, ann: Person, stories: Path, tmp_path: Path
) -> None:
    async with bot_at(server, tmp_path, stories) as bot:
        first = await begun(ann, "evening")
        second = await begun(ann, "evening")
        await press(ann, second, "The river")
        await press(ann, first, "The wood")
        assert STALE in first.text
        assert "Water." in first.text
        assert (await session_of(bot, ann, "evening")).revision == 1


async def test_somebody_elses_button_is_not_ones_own(
    server: DiscordServer, ann: Person, stories: Path, tmp_path: Path
) -> None:
    ben = server.person("Ben")
    server.join(ben, next(iter(server.world.guilds.values())))
    async with bot_at(server, tmp_path, stories) as bot:
        hers, his = await begun(ann, "evening"), await begun(ben, "quick")
        assert "Somebody else is playing this." in told(await ben.press_id(his, carried(hers, "The wood")))
        assert "not one of mine" in told(await ben.press_id(his, "tap:nonsense"))
        assert "not one of mine" in told(await ben.press_id(his, carried(hers, "The wood")[:-1] + "r"))
        assert (await session_of(bot, ann, "evening")).revision == 0


# -- in direct messages


async def test_a_story_in_direct_messages(server: DiscordServer, ann: Person, stories: Path, tmp_path: Path) -> None:
    async with bot_at(server, tmp_path, stories):
        reply = await ann.slash("play", story="evening", where="direct")
        assert f"It goes on in <#{ann.dm.id}>." in (await reply.spoken()).text
        first = await ann.dm.shown(lambda message: "The wood" in message.buttons)
        assert len(first.media) == 1
        await ann.press(first, "The river")
        second = await ann.dm.shown(lambda message: "Swim" in message.buttons)
        settled = await ann.dm.shown(lambda message: message.id == first.id and not message.buttons)
        assert "▸ **The river**" in settled.text
        stale = await ann.press_id(first, carried(first, "The wood"))
        assert STALE in stale.text
        await ann.press(second, "Swim")
        gate = await ann.dm.shown(lambda message: "Knock" in message.buttons)
        await ann.press(gate, "Leave")
        end = await ann.dm.shown(lambda message: "✨ New ending: **Outside**" in message.text)
        assert "↺ Play again" in end.buttons


async def test_a_card_that_comes_after_a_later_one_is_passed_over(
    server: DiscordServer, ann: Person, stories: Path, tmp_path: Path
) -> None:
    async with bot_at(server, tmp_path, stories) as bot:
        await ann.slash("play", story="evening", where="direct")
        await bot.delivered()
        before = await bot.app.current(PLATFORM, str(ann.id), (await session_of(bot, ann, "evening")).id)
        [older] = in_no_hurry(before.session, before.cards)
        first = await ann.dm.shown(lambda message: "The wood" in message.buttons)
        await ann.press(first, "The wood")
        await ann.dm.shown(lambda message: "Dig" in message.buttons)
        messages = ann.dm.messages
        shown = [message.text for message in messages]
        # As two workers may bring it about; of no session, so that the store does not hold it back itself.
        await bot.app.post(None, [replace(older, session=0)])
        await bot.delivered()
        assert [message.text for message in messages] == shown


async def test_the_clock_runs_in_direct_messages(
    server: DiscordServer, ann: Person, stories: Path, tmp_path: Path
) -> None:
    async with bot_at(server, tmp_path, stories):
        await ann.slash("play", ann.dm, story="quick")
        first = await ann.dm.shown(lambda message: "Left" in message.buttons)
        server.clock.jump(10)
        await ann.dm.shown(lambda message: "You went right." in message.text, within=PATIENCE)
        settled = await ann.dm.shown(lambda message: message.id == first.id and not message.buttons)
        assert "⌛ Time ran out: **Right**" in settled.text


async def test_who_takes_no_direct_messages_is_told(
    server: DiscordServer, ann: Person, stories: Path, tmp_path: Path
) -> None:
    ann.dm.shut = True
    async with bot_at(server, tmp_path, stories):
        reply = await ann.slash("play", story="evening", where="direct")
        assert "direct messages are closed to me" in (await reply.spoken()).text


async def test_in_a_foreign_chat_where_only_the_person_has_the_app(
    server: DiscordServer, stories: Path, tmp_path: Path
) -> None:
    ann, ben = server.person("Ann", "es-ES", installed=True), server.person("Ben")
    place = server.private_channel(ann, ben)
    async with bot_at(server, tmp_path, stories):
        reply = await ann.slash("play", place, story="evening")
        scene = await reply.spoken()
        assert scene.only_for == ann.id
        assert scene.buttons == ["El bosque", "El río"]
        await press(ann, scene, "El río")
        assert scene.buttons == ["Swim", "Float"]
    assert place.messages == []


# -- pages


async def test_continue_after_a_month_and_a_restart(
    server: DiscordServer, ann: Person, stories: Path, tmp_path: Path
) -> None:
    async with bot_at(server, tmp_path, stories):
        assert "You are not in a story yet." in told(await ann.slash("continue"))
        first = await begun(ann, "evening")
        await press(ann, first, "The wood")
    server.clock.jump(MONTH)
    async with bot_at(server, tmp_path, stories):
        again = await (await ann.slash("continue")).spoken()
        assert "Trees." in again.text
        assert again.buttons == ["Dig", "Rest"]
        await press(ann, first, "Rest")
        assert "Here we are." in first.text


async def test_the_pages_of_a_story(server: DiscordServer, ann: Person, stories: Path, tmp_path: Path) -> None:
    async with bot_at(server, tmp_path, stories) as bot:
        for name in ("map", "endings", "rewind"):
            assert "You are not in a story yet." in (await (await ann.slash(name)).spoken()).text
        scene = await begun(ann, "evening")
        await press(ann, scene, "The wood")
        await press(ann, scene, "Dig")
        picture = await (await ann.slash("map")).spoken()
        assert "3 of 6 scenes seen" in picture.text
        assert picture.media[0].endswith("map.png")
        rewind = await (await ann.slash("rewind")).spoken()
        [menu] = rewind.menus
        assert len(menu["options"]) == 2
        went = await ann.select(rewind, menu["options"][1]["value"])
        assert "The wood, or the river?" in (await went.spoken()).text if went.messages else rewind.text
        scene = await (await ann.slash("continue")).spoken()
        for label in ("The river", "Swim", "Knock"):
            await press(ann, scene, label)
        endings = await (await ann.slash("endings")).spoken()
        assert "1 of 2 endings found" in endings.text
        assert "Inside" in endings.text
        assert "Outside" not in endings.text
        catalogue = await (await ann.slash("play")).spoken()
        await ann.select(catalogue, "quick")
        assert "### Quick" in catalogue.text
        assert (await session_of(bot, ann, "evening")).revision == 6


async def test_another_language(server: DiscordServer, ann: Person, stories: Path, tmp_path: Path) -> None:
    async with bot_at(server, tmp_path, stories):
        await begun(ann, "evening")
        menu = await (await ann.slash("language")).spoken()
        chosen = await ann.select(menu, "es")
        assert chosen.text
        again = await (await ann.slash("continue")).spoken()
        assert again.buttons == ["El bosque", "El río"]


async def test_everything_kept_is_sent_and_then_forgotten(
    server: DiscordServer, ann: Person, stories: Path, tmp_path: Path
) -> None:
    async with bot_at(server, tmp_path, stories) as bot:
        scene = await begun(ann, "evening")
        await press(ann, scene, "The wood")
        assert "**/watch**" in (await (await ann.slash("help")).spoken()).text
        assert "What I keep" in (await (await ann.slash("privacy")).spoken()).text
        sent = await (await ann.slash("export")).spoken()
        [link] = sent.media
        async with aiohttp.ClientSession() as session, session.get(link) as response:
            kept = json.loads(await response.read())
        assert "evening" in json.dumps(kept)
        question = await (await ann.slash("forget")).spoken()
        await press(ann, question, "No, keep it")
        assert "Nothing was deleted." in read(question)
        assert question.buttons == []
        question = await (await ann.slash("forget")).spoken()
        await press(ann, question, "Yes, delete everything")
        assert "I no longer know anything about you." in read(question)
        viewer = await bot.app.store.viewer(PLATFORM, str(ann.id))
        assert await bot.app.store.sessions_of(viewer.id) == []
        late = await ann.press(scene, "Dig")
        assert "Somebody else is playing this." in late.text
        assert "You are not in a story yet." in told(await ann.slash("continue"))


async def test_a_place_in_telegram_goes_on_here_by_a_code(
    server: DiscordServer, ann: Person, stories: Path, tmp_path: Path
) -> None:
    async with bot_at(server, tmp_path, stories) as bot:
        now = round(server.clock.now() * 1000)
        await bot.app.handle(Event(EventKey("telegram", "1"), "5", Open("evening", "en"), now))
        viewer = await bot.app.store.viewer("telegram", "5")
        code = await bot.links.code(viewer.id, now)
        assert "That code is not good" in read(await (await ann.slash("link", code="AAAA-AAAA")).spoken())
        assert "Joined." in read(await (await ann.slash("link", code=code)).spoken())
        assert "That code is not good" in read(await (await ann.slash("link", code=code[::-1])).spoken())
        assert "The wood, or the river?" in (await (await ann.slash("continue")).spoken()).text
        assert (await bot.app.store.viewer(PLATFORM, str(ann.id))).id == viewer.id
        # And the other way round: the code made here is the one that Telegram takes.
        shown = read(await (await ann.slash("link")).spoken())
        made = shown.partition("`")[2].partition("`")[0]
        await bot.links.enter("telegram", "6", made, now)
        assert (await bot.app.store.viewer("telegram", "6")).id == viewer.id
