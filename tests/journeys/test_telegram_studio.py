"""The studio in Telegram: a story from the first file to the day it is given up, by real parts and a local server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.telegram.download import MOST
from bot.app import App
from tests.fakes.chat_creator import BROKEN, GATE, RENAMED, Creator, zipped
from tests.fakes.on_telegram import bot_at
from tests.fakes.telegram import Person, TelegramServer
from tests.fakes.viewing import STORY, session_of
from tests.journeys.harbour import until_so

CLIP = Path(__file__).parents[2] / "stories" / STORY / "clips" / "carry-us-badly.mp4"


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    """Every call is held against the official description."""
    async with TelegramServer() as running:
        yield running
        assert running.violations == []


# -- sending


async def test_a_story_is_sent_as_one_file_mended_and_sent_again(server: TelegramServer, tmp_path: Path) -> None:
    ann = Creator(server)
    async with bot_at(server, tmp_path) as app:
        nothing = await ann.say("/studio", "no stories here yet")
        assert "zip" in nothing.text
        report = await ann.send(BROKEN, "gate.yaml", "❌ gate.yaml")
        assert "gate.yaml:16:" in report.text
        assert "STORY012" in report.text
        assert 'Did you mean "yard"?' in report.text
        assert not report.buttons
        report = await ann.send(GATE, "gate.yaml", "✅ gate · draft 1")
        assert "clips/gate.mp4" in report.text
        drawn = await ann.told("🗺 gate", "draft 1")
        assert (drawn.kind, drawn.id > report.id) == ("photo", True)
        await ann.send(BROKEN, "gate.yaml", "❌ gate.yaml")
        viewer = await app.store.viewer("telegram", str(ann.person.id))
        assert await app.store.role_in("gate", viewer.id) == "owner"
        await ann.send(GATE, "gate.yaml", "draft 1 (as it was)")


async def test_a_zip_brings_its_clip_which_is_played(server: TelegramServer, tmp_path: Path) -> None:
    ann = Creator(server)
    async with bot_at(server, tmp_path):
        folder = zipped(gate__story_yaml=GATE, gate__clips__gate_mp4=CLIP.read_bytes())
        report = await ann.send(folder, "gate.zip", "✅ gate · draft 1")
        assert "still to come" not in report.text
        scene = await ann.tap(report, "Play it", "Here is the gate.")
        assert scene.kind == "video"
        assert server.world.files.known(scene.file_id).content == CLIP.read_bytes()
        locked = await ann.tap(scene, "Climb", "needs trust >= 2")
        assert (locked.id, locked.kind) == (scene.id, "video")
        await ann.tap(await ann.tap(scene, "Go in", "The yard"), "↶ Back", "Here is the gate.")
        assert ann.chat.last.file_id == scene.file_id


@pytest.mark.parametrize(("kind", "caption", "name"), [
    ("video", "gate", "IMG_1.MP4"), ("animation", "gate gate", "a.mp4"), ("document", "gate", "a.mp4"),
    ("document", "", "gate.mp4"),
])  # fmt: skip
async def test_a_clip_comes_by_itself(
    server: TelegramServer, tmp_path: Path, kind: str, caption: str, name: str
) -> None:
    ann = Creator(server)
    async with bot_at(server, tmp_path):
        await ann.send(GATE, "gate.yaml", "✅ gate")
        await ann.film(kind, CLIP.read_bytes(), caption, "gate: gate has its clip", name=name)
        scene = await ann.tap(await ann.say("/studio gate", "draft 2"), "Play it", "Here is the gate.")
    assert scene.kind == "video"


async def test_what_cannot_be_used_is_answered_with_what_can(server: TelegramServer, tmp_path: Path) -> None:
    ann = Creator(server)
    async with bot_at(server, tmp_path):
        await ann.send(GATE, "gate.yaml", "✅ gate")
        await ann.film("video", CLIP.read_bytes(), "", "scene's id as caption", name="")
        await ann.film("video", CLIP.read_bytes(), "no-such-scene", "scene's id as caption")
        await ann.film("video", b"\0\0\0\x18ftypmp42" + bytes(99), "gate", "cannot be used")
        await ann.send(b"MZ", "gate.exe", "I take stories")
        await ann.send(bytes(MOST + 1), "gate.zip", "has 21 MB")
        assert not [call for call in server.called("getFile") if call.get("file_id") == "too large"]
        ann.look()
        await ann.person.send("photo", b"\xff\xd8\xff\xe0" + b"picture" * 20)
        await ann.told("I take stories")


async def test_messages_of_an_album_are_taken_one_by_one(server: TelegramServer, tmp_path: Path) -> None:
    ann = Creator(server)
    async with bot_at(server, tmp_path):
        await ann.send(
            GATE.replace("yard:\n        lines", "yard:\n        clip: clips/yard.mp4\n        lines"), "gate.yaml"
        )
        ann.look()
        for name in ("gate.mp4", "yard.mp4"):
            await ann.person.send("document", CLIP.read_bytes(), name, mime="video/mp4", album="1")
        await ann.told("gate has its clip; 1 clip")
        await ann.told("yard has its clip.")


# -- playing


async def test_a_test_play_by_buttons(server: TelegramServer, tmp_path: Path) -> None:
    ann = Creator(server)
    async with bot_at(server, tmp_path):
        first = await ann.tap(await ann.send(GATE, "gate.yaml", "✅"), "Play it", "Here is the gate.")
        locked = await ann.tap(first, "Climb", "needs trust >= 2 (trust is 0)", "🔒 Climb:")
        assert locked.id == first.id
        second = await ann.tap(first, "Go in", "The yard, stranger.", "trust 0 → 1")
        assert second.id > first.id
        settled = await ann.chat.shown(lambda message: message.id == first.id and not message.buttons)
        assert settled.text.endswith("▸ Go in")
        assert "🔒 Climb:" in settled.text
        why = await ann.tap(second, "Why", "→ gate", "→ hall")
        assert second.buttons
        values = await ann.tap(second, "Values", "trust 0 → 1", "/set")
        link = await ann.tap(second, "Link", "/from gate")
        assert len({why.id, values.id, link.id, second.id}) == 4
        third = await ann.tap(second, "↶ Back", "Here is the gate.")
        asked = await ann.tap(third, "Call", "Write it now")
        assert asked.keyboard is not None
        assert asked.keyboard["force_reply"]
        await ann.say("Mei", "The yard, Mei.")
        await ann.say("/set trust 3", "trust 0 → 3")
        await ann.say("/jump hall", "an ending, happy")
        await ann.say(link.text.splitlines()[1], "The yard, stranger.")


async def test_a_press_that_comes_late_shows_where_the_test_play_is(server: TelegramServer, tmp_path: Path) -> None:
    ann = Creator(server)
    async with bot_at(server, tmp_path):
        first = await ann.tap(await ann.send(GATE, "gate.yaml", "✅"), "Play it", "Here is the gate.")
        data = first.button("Go in")["callback_data"]
        second = await ann.tap(first, "Go in", "The yard")
        ann.look()
        await ann.person.tap_data(first, data)
        assert (await ann.told("has moved on", "The yard")).id == second.id


async def test_a_text_is_the_viewers_own_where_no_test_play_waits(server: TelegramServer, tmp_path: Path) -> None:
    ann = Creator(server)
    async with bot_at(server, tmp_path) as app:
        await ann.send(GATE, "gate.yaml", "✅")
        await ann.say("/play airlock-nine", "Wren:")
        await ann.say("Open the door")
        await until_so(lambda: _moved(app, ann.person))


async def _moved(app: App, person: Person) -> bool:
    return (await session_of(app, person)).revision == 1


async def test_an_upload_takes_the_test_play_along(server: TelegramServer, tmp_path: Path) -> None:
    ann = Creator(server)
    async with bot_at(server, tmp_path):
        first = await ann.tap(await ann.send(GATE, "gate.yaml", "✅"), "Play it", "Here is the gate.")
        second = await ann.tap(first, "Go in", "The yard")
        third = await ann.send(RENAMED, "gate.yaml", "yard → garden", "you are where you were", "The big yard")
        await ann.chat.shown(lambda message: message.id == second.id and not message.buttons)
        await ann.tap(third, "Go on", "an ending, happy")


# -- looking


async def test_a_finding_is_played_where_it_shows_figures_are_a_file_and_the_map_a_picture(
    server: TelegramServer, tmp_path: Path
) -> None:
    ann = Creator(server)
    async with bot_at(server, tmp_path):
        report = await ann.send(GATE, "gate.yaml", "✅")
        proof = await ann.tap(report, "Check", "🔎 gate", "STORY079")
        assert report.buttons
        scene = await ann.tap(proof, "▶ 1", "🔎", "cut at its bounds")
        assert "Go in" in scene.buttons or "Go back" in scene.buttons
        figures = await ann.say("/test 1000", "1,000 random plays")
        assert figures.kind == "document"
        table = server.world.files.known(figures.file_id)
        assert table.content.startswith(b"what,")
        assert figures.body["document"]["file_name"] == "gate-1000-plays.csv"
        heat = await ann.tap(figures, "Heat map", "how many random plays")
        chart = await ann.say("/map gate", "🗺 gate")
        assert (heat.kind, chart.kind) == ("photo", "photo")
        assert {action for action, _ in ann.chat.actions} == {"typing", "upload_photo", "upload_document"}


async def test_a_viewers_own_commands_stay_theirs(server: TelegramServer, tmp_path: Path) -> None:
    ann = Creator(server)
    async with bot_at(server, tmp_path):
        await ann.send(GATE, "gate.yaml", "✅")
        await ann.say("/play airlock-nine", "Wren:")
        assert (await ann.say("/map", "Airlock Nine")).kind == "photo"
        assert (await ann.say("/map airlock-nine", "Airlock Nine")).kind == "photo"
        assert "code" in (await ann.say("/link", "another")).text.lower()
        await ann.say("/join abc-def-ghj", "There is no such room")
        await ann.say("/stop airlock-nine", "/privacy")


async def test_in_a_group_the_studio_is_told_to_be_elsewhere(server: TelegramServer, tmp_path: Path) -> None:
    ann = Creator(server)
    group = server.group("Friends", [ann.person])
    async with bot_at(server, tmp_path):
        await ann.say("/start", "Welcome")
        for command in ("/studio@cliffhanger_bot", "/publish@cliffhanger_bot gate", "/set@cliffhanger_bot trust 1"):
            last = await ann.person.say(command, group)
            await group.shown(lambda message: "your own chat with me" in message.text, last)
        sent = await ann.person.send("document", GATE.encode(), "gate.yaml", chat=group)
        await ann.say("/studio", "no stories here yet")
        assert group.last is sent
