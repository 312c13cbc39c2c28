"""A creator's evening on Discord: from the first upload to viewers who are moved, and whoever helps meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from adapters.discord import voice as voices
from adapters.discord.place import PLATFORM
from tests.fakes.discord import DiscordServer, Message, Person
from tests.fakes.on_discord import CLIP, Bot, bot_at, carried, crowd, gathering, little, read
from tests.fakes.on_discord_studio import (
    BROKEN,
    CAVE,
    CAVE_ES,
    NOBODY,
    RENAMED,
    WITHOUT_SHORE,
    asked,
    file_of,
    packed,
    played,
    pressed,
    says,
    sent,
    written,
)
from tests.fakes.telegram.bell import PATIENCE


def _offers(label: str, message: Message) -> bool:
    return label in message.buttons


UNKNOWN = "There is no such story among yours."
STALE = "The test play has moved on. This is where it is."


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
    """In a server's channel, in which nobody ever sees anything of the studio."""
    return crowd(server, 3)


@pytest.fixture
def ann(server: DiscordServer, people: list[Person]) -> Person:
    gathering(server, people)
    return people[0]


@pytest.fixture
def ben(people: list[Person]) -> Person:
    return people[1]


@pytest.fixture
def cleo(people: list[Person]) -> Person:
    return people[2]


@pytest.fixture
async def bot(server: DiscordServer, ann: Person, tmp_path: Path) -> AsyncIterator[Bot]:
    async with bot_at(server, tmp_path, little(tmp_path), owners=NOBODY) as running:
        yield running
    assert ann.place.messages == []


# -- files


async def test_what_is_wrong_with_a_story_is_told_and_mended(bot: Bot, ann: Person) -> None:
    assert says(await asked(ann, "stories"), "You have no stories here yet.", "Send a story (`/studio send`)")
    assert says(await sent(ann, BROKEN), "1 error, so nothing has changed", "STORY012", 'Did you mean "lake"?')
    report = await sent(ann)
    assert says(report, "✅ cave · draft 1", "5 scenes, 2 endings", "🎞 Still to come: 1 clip, such as")
    assert report.buttons == ["▶ Play it", "🗺 Map", "🔎 Check", "🎲 Test", "🚀 Publish…"]
    assert says(await sent(ann, BROKEN), "so nothing has changed")
    listed = await asked(ann, "stories")
    assert says(listed, "cave · draft 1 · not public · owner")
    assert says(await pressed(ann, listed, "🎬 cave"), "You are its owner.")


async def test_a_zip_brings_its_clips_and_one_may_come_by_itself(bot: Bot, ann: Person) -> None:
    assert "to come" not in read(await sent(ann, packed(CAVE, "mouth"), "cave.zip"))
    scene = await played(ann)
    assert await file_of(scene) == CLIP.read_bytes()
    other = CAVE.replace("clips/mouth.mp4", "clips/other.mp4")
    await sent(ann, other)
    assert (await played(ann)).media == []
    assert says(await sent(ann, CLIP.read_bytes(), "any name.mp4"), "Send a clip with its scene's id as caption")
    assert says(await sent(ann, CLIP.read_bytes(), "a.mp4", "cave mouth"), "mouth has its clip.")
    assert says(await sent(ann, b"no film", "a.mp4", "mouth"), "That clip cannot be used")
    assert await file_of(await played(ann)) == CLIP.read_bytes()


# -- test plays


async def test_a_test_play_is_one_message(bot: Bot, ann: Person) -> None:
    scene = await pressed(ann, await sent(ann), "▶ Play it")
    assert says(scene, "🎬 mouth", "*Dark*, stranger?", "🛠 courage 0", "🔒 climb: needs courage >= 2")
    assert scene.buttons[:3] == ["Go in", "✎ Shout your name", "🔒 Climb"]
    assert says(await pressed(ann, scene, "🔒 Climb"), "🔒 Climb: needs courage >= 2")
    assert says(await pressed(ann, scene, "Go in"), "A lake.", "courage 0 → 1", "⏱ 5 s, then rest")
    assert says(await pressed(ann, scene, "⏱ Time out"), "*Dark*")
    assert says(await pressed(ann, scene, "Go in"), "courage 1 → 2")
    assert says(await pressed(ann, scene, "↶ Back"), "*Dark*")
    assert says(await pressed(ann, scene, "⏮ Again"), "courage 1 → 0")
    for label, words in (
        ("❓ Why", "🔓 enter: → lake"),
        ("🛠 Values", "Variables"),
        ("🔖 Link", "/studio do what:from "),
    ):
        beside = await pressed(ann, scene, label)
        assert beside is not scene
        assert says(beside, words)
    for label in ("Go in", "Swim", "Walk out"):
        await pressed(ann, scene, label)
    assert says(scene, "🏁 an ending, happy")


async def test_a_choice_that_asks_opens_a_form(bot: Bot, ann: Person) -> None:
    await sent(ann)
    scene = await played(ann)
    form = await ann.press(scene, "✎ Shout your name")
    assert form.modal is not None
    assert form.modal["title"] == "Shout your name"
    assert says(await written(ann, form, scene, "*A* <@1>"), "*Dark*, *A* <@1>?")
    assert says(await written(ann, form, scene, "B"), STALE, "*Dark*, *A* <@1>?")


async def test_who_waits_sees_that_something_happens(bot: Bot, ann: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    await sent(ann, packed(CAVE, "mouth"), "cave.zip")
    scene = await played(ann)
    monkeypatch.setattr(voices, "PATIENCE", 0.0)
    press = await ann.press(scene, "Go in")
    assert press.answer == "defer update"
    await scene.changed.until(lambda: True if "A lake" in scene.text else None, PATIENCE)
    assert scene.media == []
    assert says(await pressed(ann, scene, "Rest"), "*Dark*")
    assert len(scene.media) == 1
    # No form can open after that: a button opens it.
    question = await pressed(ann, scene, "✎ Shout your name")
    assert question is scene
    assert scene.buttons == ["✎ Write"]
    monkeypatch.undo()
    form = await ann.press(scene, "✎ Write")
    assert says(await written(ann, form, scene, "Ann"), "*Dark*, Ann?")


async def test_a_test_play_goes_on_in_the_new_draft_and_after_a_restart(
    server: DiscordServer, ann: Person, tmp_path: Path
) -> None:
    stories = little(tmp_path)
    async with bot_at(server, tmp_path, stories, owners=NOBODY):
        await sent(ann)
        scene = await played(ann, "Go in")
        stale = carried(scene, "Swim")
    async with bot_at(server, tmp_path, stories, owners=NOBODY):
        report = await sent(ann, RENAMED)
        assert says(report, "renamed scene: lake → pool", "you are where you were", "🎬 pool", "A black lake.")
        late = await ann.press_id(scene, stale)
        assert late.answer == "update"
        assert says(scene, STALE, "A black lake.", "courage 1")
        assert says(await pressed(ann, scene, "Swim"), "The other shore.")
        assert says(await pressed(ann, report, "Swim"), STALE, "The other shore.")


async def test_what_is_written_in_a_test_play(bot: Bot, ann: Person) -> None:
    assert says(await asked(ann, "do", what="back"), "You are not testing a story. `/studio stories` shows yours.")
    await sent(ann)
    await played(ann)
    bookmark = None
    for what, words in {
        "set courage 2": "courage 0 → 2", "/set lamp true": "lamp false → true", "JUMP lake": "A lake.",
        "wait": "*Dark*", "why": "🔓 climb: → top", "vars": "courage 2", "jump nowhere": 'no scene "nowhere"',
        "set courage": "Set a variable like this: `/studio do what:set trust 2`", "dance": "In a test play you can",
        "dice 3": "dice to come 3", "back": "A lake.", "link": "/studio do what:from cave ", "from nothing": "link",
    }.items():  # fmt: skip
        answer = await asked(ann, "do", what=what)
        assert says(answer, words)
        bookmark = answer if what == "link" else bookmark
    assert bookmark is not None
    written = bookmark.text.partition("what:")[2].removesuffix("`")
    await played(ann)
    assert says(await asked(ann, "do", what=written), "A lake.", "courage 2")


async def test_what_is_suggested(bot: Bot, ann: Person) -> None:
    async def suggested(part: str, option: str, typed: str = "") -> list[str]:
        return [one["value"] for one in await ann.autocomplete(f"studio {part}", option, typed)]

    assert await suggested("do", "what") == ["back", "wait", "why", "vars", "link"]
    await sent(ann)
    assert await suggested("check", "story", "ca") == ["cave"]
    assert await suggested("check", "story", "evening") == []
    await played(ann)
    assert await suggested("do", "what", "jump l") == ["jump lake"]
    assert await suggested("do", "what", "set lamp") == ["set lamp true", "set lamp false"]
    assert await suggested("do", "what", "courage 3") == ["set courage 3"]
    before = await played(ann, "Go in")
    await sent(ann, RENAMED)
    # To look changes nothing: what became of the play is told to whom it is told anyway.
    assert "jump pool" in await suggested("do", "what")
    assert says(await pressed(ann, before, "Swim"), "🎬 pool")


# -- what can happen


async def test_findings_figures_and_maps(bot: Bot, ann: Person) -> None:
    await sent(ann)
    promised = await ann.slash("studio check")
    assert promised.answer == "defer"
    checked = await promised.spoken()
    assert says(checked, "🔎 cave · draft 1", 'STORY073 no play comes to the ending "top"', "Proven")
    finding = next(label for label in checked.buttons if label.startswith("▶"))
    shown = await pressed(ann, checked, finding)
    assert shown is not checked
    assert says(shown, "🔎", "🎬")
    figures = await asked(ann, "test", plays=200, seed=7)
    assert says(figures, "200 random plays, seed 7", "🏁 day: 100.0 %")
    assert b"mouth" in await file_of(figures)
    heat = await pressed(ann, figures, "🗺 Heat map")
    for picture in (await asked(ann, "map", story="cave"), heat):
        assert (await file_of(picture)).startswith(b"\x89PNG")


async def test_viewers_are_moved_and_told_and_it_can_be_taken_back(bot: Bot, ann: Person, ben: Person) -> None:
    await sent(ann)
    offer = await asked(ann, "publish")
    assert says(offer, "Publish draft 1?", "It is not public yet.")
    assert says(await pressed(ann, offer, "✕ Not now"), "You are its owner.")
    offer = await asked(ann, "publish")
    assert says(await pressed(ann, offer, "🚀 Publish now"), "is live: publication 1", "/studio revert story:cave")
    assert offer.buttons == []
    await ben.slash("play", story="cave", where="direct")
    for label in ("Go in", "Swim"):
        scene = await ben.dm.shown(partial(_offers, label))
        await ben.press(scene, label)
    await ben.dm.shown(lambda message: "Walk out" in message.buttons)
    await sent(ann, WITHOUT_SHORE)
    offer = await asked(ann, "publish")
    assert says(offer, "1 viewer is in the middle of it", "moved to an earlier choice: 1", "shore → back to lake")
    assert says(await pressed(ann, offer, "🚀 Publish now"), "publication 2", "Told in their chat: 1")
    moved = await ben.dm.shown(lambda message: "Swim" in message.buttons and message.id > scene.id)
    assert "you are back at an earlier choice" in read(moved)
    offer = await asked(ann, "revert")
    assert says(await pressed(ann, offer, "↩ Take it back"), "is live: publication 3")


# -- people


async def test_who_is_invited_may_do_what_their_role_may(bot: Bot, ann: Person, ben: Person, cleo: Person) -> None:
    await sent(ann)
    invitation = await asked(ann, "invite", role="translator")
    code = read(invitation).partition("join code:")[2].partition("`")[0]
    assert says(await asked(ben, "join", code=code), "You are a translator of cave now.")
    assert says(await asked(cleo, "join", code=code), "That invitation is used or over.")
    assert says(await sent(ben, RENAMED), "You translate this story")
    assert says(await sent(ben, packed(CAVE, es=CAVE_ES), "cave.zip"), "✅ cave · draft 2", "in en, es")
    for part in ("publish", "revert", "delete"):
        assert says(await asked(ben, part), "Ask one of its owners.")
    assert says(await asked(ann, "log"), "no. 2: sent 2", "you: invited translator")
    listed = await asked(ann, "people")
    assert says(listed, "you: owner", "no. 2: translator")
    writer = await pressed(ann, listed, "＋ writer")
    assert says(writer, "an invitation for one writer")
    await pressed(ann, listed, "✕ no. 2")
    assert "translator" not in read(listed).partition("\n＋")[0]
    assert says(await asked(ben, "check"), UNKNOWN)
    await asked(cleo, "join", code=read(writer).partition("join code:")[2].partition("`")[0])
    assert says(await sent(cleo, RENAMED), "✅ cave · draft 3")
    assert says(await asked(cleo, "leave"), "You have left cave.")
    assert says(await asked(ann, "leave"), "A story needs an owner.")


async def test_a_stranger_learns_nothing(bot: Bot, ann: Person, ben: Person) -> None:
    report = await sent(ann, packed(CAVE, "mouth"), "cave.zip")
    scene = await played(ann)
    for part in ("check", "test", "map", "publish", "revert", "people", "log", "leave", "delete", "play", "stop"):
        assert says(await asked(ben, part, story="cave"), UNKNOWN)
        if part != "stop":
            assert await ben.autocomplete(f"studio {part}", "story", "") == []
    assert says(await asked(ben, "invite", role="owner", story="cave"), UNKNOWN)
    assert says(await sent(ben), 'The id "cave" is taken.')
    assert all("jump" not in one["value"] for one in await ben.autocomplete("studio do", "what", ""))
    his = await asked(ben, "stories")
    for label in ("▶ Play it", "🗺 Map", "🔎 Check", "🎲 Test", "🚀 Publish…"):
        answer = await (await ben.press_id(his, carried(report, label))).spoken()
        assert says(answer, UNKNOWN)
    stolen = await (await ben.press_id(his, carried(scene, "Go in"))).spoken()
    assert says(stolen, "You are not testing a story.")
    forged = await (await ben.press_id(his, carried(report, "🗺 Map") + "s")).spoken()
    assert "not one of mine" in forged.text
    assert says(await pressed(ann, scene, "Go in"), "A lake.")


async def test_a_story_is_given_up_after_a_question(bot: Bot, ann: Person) -> None:
    await sent(ann)
    question = await asked(ann, "delete")
    assert says(await pressed(ann, question, "✕ Keep it"), "You are its owner.")
    question = await asked(ann, "delete", story="cave")
    assert says(await pressed(ann, question, "🗑 Give it up"), "cave is given up.")
    assert question.buttons == []
    assert says(await asked(ann, "check", story="cave"), UNKNOWN)


async def test_who_runs_the_bot_may_stop_a_story(
    server: DiscordServer, ann: Person, ben: Person, tmp_path: Path
) -> None:
    async with bot_at(server, tmp_path, little(tmp_path), owners=frozenset({f"{PLATFORM}:{ben.id}"})) as bot:
        await sent(ann)
        await pressed(ann, await asked(ann, "publish"), "🚀 Publish now")
        assert "cave" in bot.app.library.stories
        stopped = await asked(ben, "stop", story="cave")
        assert says(stopped, "cave is stopped")
        assert "cave" not in bot.app.library.stories
        assert says(await pressed(ben, stopped, "▶ Let it be played again"), "cave is played again")
        assert stopped.buttons == []
        assert "cave" in bot.app.library.stories


async def test_without_a_studio_there_is_no_such_command(server: DiscordServer, ann: Person, tmp_path: Path) -> None:
    async with bot_at(server, tmp_path, little(tmp_path)):
        assert "studio" not in [one["name"] for one in server.commands]
