"""What goes wrong on the way to the studio in Telegram, and who means ill: nothing is done twice, nothing leaks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.studio.hostile import uploads
from tests.fakes.chat_creator import GATE, Creator
from tests.fakes.on_telegram import bot_at
from tests.fakes.telegram import Message, TelegramServer
from tests.fakes.viewing import begun, play_on, waits
from tests.journeys.harbour import until


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    """Every call is held against the official description."""
    async with TelegramServer() as running:
        yield running
        assert running.violations == []


async def test_updates_that_come_again_do_not_act_again(server: TelegramServer, tmp_path: Path) -> None:
    ann = Creator(server)
    async with bot_at(server, tmp_path) as app:
        report = await ann.send(GATE, "gate.yaml", "✅")
        first = await ann.tap(report, "Play it", "Here is the gate.")
        second = await ann.tap(first, "Go in", "The yard")
        await ann.tap(second, "Go back", "Here is the gate.", "trust 1")
        await ann.say("/back", "The yard")
        await ann.say("/invite writer", "an invitation")
        viewer = await app.store.viewer("telegram", str(ann.person.id))
        before = await app.store.rehearsal(viewer.id), await app.store.audit("gate", 50)
        shown = [(one.id, one.text) for one in ann.chat.messages]
        for update in list(server.updates.seen):
            server.redeliver(update)
        await ann.say("/vars", "trust 1")
        assert (await app.store.rehearsal(viewer.id), await app.store.audit("gate", 50)) == before
        assert [(one.id, one.text) for one in ann.chat.messages][: len(shown)] == shown
        assert len(ann.chat.messages) == len(shown) + 2


async def test_a_download_that_fails_is_tried_again_and_nobody_waits_for_it(
    server: TelegramServer, tmp_path: Path
) -> None:
    ann, bob = Creator(server), Creator(server, "Bob")
    async with bot_at(server, tmp_path):
        fault = server.faults.broken(method="getFile", times=None)
        ann.look()
        await ann.person.send("document", GATE.encode(), "gate.yaml")
        scene = await begun(bob.person, bob.chat)
        await play_on(bob.person, bob.chat, scene)
        assert fault.struck
        fault.lift()
        await ann.told("✅ gate · draft 1")
        assert "as it was" not in ann.chat.last.text


async def test_a_file_that_was_on_its_way_when_the_bot_ended_is_read_after_its_start(
    server: TelegramServer, tmp_path: Path
) -> None:
    ann = Creator(server)
    async with bot_at(server, tmp_path):
        await ann.say("/studio", "no stories here yet")
        fault = server.faults.broken(method="getFile", times=None)
        ann.look()
        await ann.person.send("document", GATE.encode(), "gate.yaml")
        await until(lambda: fault.struck)
    server.faults.lift()
    async with bot_at(server, tmp_path):
        await ann.told("✅ gate · draft 1")


async def test_hostile_files_are_each_answered_while_others_play(server: TelegramServer, tmp_path: Path) -> None:
    hostile = [one for one in uploads() if len(one.called) < 200][::3][:60]
    assert len(hostile) >= 60
    eve, bob = Creator(server, "Eve"), Creator(server, "Bob")
    async with bot_at(server, tmp_path):
        scene = await begun(bob.person, bob.chat)
        for one in hostile:
            await eve.person.send("document", one.content() or b"\0", one.called)
        slowest = 0.0
        while len(eve.chat.messages) < 2 * len(hostile):
            began = time.monotonic()
            scene = await _tapped(bob, scene)
            slowest = max(slowest, time.monotonic() - began)
            await asyncio.sleep(0.05)
        answers = [one.text for one in eve.chat.messages if one.body["from"]["is_bot"]]
    assert len(answers) == len(hostile)
    assert all("STORY" in one or "I take stories" in one for one in answers), answers
    assert slowest < 2


async def _tapped(bob: Creator, scene: Message) -> Message:
    if any(label.startswith("↺") for label in scene.buttons):
        await bob.press(scene, next(label for label in scene.buttons if label.startswith("↺")))
        return await bob.chat.shown(waits, scene)
    return await play_on(bob.person, bob.chat, scene)


async def test_a_stranger_learns_nothing(server: TelegramServer, tmp_path: Path) -> None:
    ann, eve = Creator(server), Creator(server, "Eve")
    async with bot_at(server, tmp_path):
        report = await ann.send(GATE, "gate.yaml", "✅")
        start = await eve.say("/start", "Welcome")
        asked = ("check", "test", "publish", "revert", "invite writer", "people", "log", "leave", "delete")
        for command in asked:
            name, _, role = command.partition(" ")
            real = await eve.say(f"/{name} gate {role}".strip(), "no such story among yours")
            other = await eve.say(f"/{name} gatf {role}".strip(), "no such story among yours")
            assert real.text == other.text
        for row in report.rows:
            for button in row:
                eve.look()
                await eve.person.tap_data(start, button["callback_data"])
                await eve.told("no such story among yours")
        await eve.say("/map gate", "not in a story yet")
        await eve.send(GATE, "gate.yaml", "is taken")
        assert not any("Here is the gate" in one.text for one in eve.chat.messages)
