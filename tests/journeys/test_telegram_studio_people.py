"""The studio in Telegram with others: those who play, those who are invited, and whoever runs the bot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.chat_creator import GATE, RENAMED, Creator, zipped
from tests.fakes.on_telegram import OWNER, bot_at
from tests.fakes.telegram import Message, TelegramServer

GATE_IN_SPANISH = "title: Puerta\nscene/gate/choice/in: Entrar\n"


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    """Every call is held against the official description."""
    async with TelegramServer() as running:
        yield running
        assert running.violations == []


async def live(ann: Creator, story: str = GATE) -> Message:
    """Send the story, and publish it."""
    await ann.send(story, "gate.yaml", "✅ gate")
    proposal = await ann.say("/publish", "Publish draft")
    return await ann.tap(proposal, "Publish now", "is live")


async def test_publishing_moves_who_is_in_the_middle_and_tells_them(server: TelegramServer, tmp_path: Path) -> None:
    ann, bob = Creator(server), Creator(server, "Bob")
    async with bot_at(server, tmp_path):
        await live(ann)
        first = await bob.say("/play gate", "Here is the gate.")
        await bob.tap(first, "Go in", "The yard")
        await ann.send(RENAMED.replace("        was: yard\n", ""), "gate.yaml", "draft 2")
        proposal = await ann.say("/publish gate", "1 viewer is in the middle", "yard → back to gate")
        bob.look()
        done = await ann.tap(proposal, "Publish now", "publication 2", "taken back to an earlier choice: 1")
        assert done.id == proposal.id
        assert not done.buttons
        moved = await bob.told("rewritten here", "Here is the gate.")
        await bob.tap(moved, "Go in", "The big yard")
        back = await ann.say("/revert gate", "Take back the last version")
        bob.look()
        await ann.tap(back, "Take it back", "publication 3")
        await bob.told("The story has been")


async def test_somebody_is_invited_by_link_and_can_do_what_their_role_can(
    server: TelegramServer, tmp_path: Path
) -> None:
    ann, bob, eve = Creator(server), Creator(server, "Bob"), Creator(server, "Eve")
    async with bot_at(server, tmp_path):
        await ann.send(GATE, "gate.yaml", "✅")
        invited = await ann.say("/invite tester", "an invitation for one tester")
        start = invited.text.partition("?start=")[2].split()[0]
        joined = await bob.say(f"/start {start}", "You are a tester of gate now.")
        await bob.tap(joined, "Play it", "Here is the gate.")
        await bob.say("/test 100", "100 random plays")
        await bob.say("/publish gate", "That is for its")
        await bob.send(GATE, "gate.yaml", "That is for its")
        await eve.say(f"/start {start}", "used or over")
        await bob.say("/leave gate", "You have left gate.")
        await bob.say("/test gate", "no such story among yours")
        code = (await ann.say("/invite gate translator", "translator")).text.partition("?start=i-")[2].split()[0]
        await bob.say(f"/join {code}", "You are a translator of gate now.")
        both = zipped(story_yaml=GATE.replace("Here is", "There is"), locales__es_yaml=GATE_IN_SPANISH)
        await bob.send(both, "gate.zip", "you can change its locales/")
        await bob.send(
            zipped(story_yaml=GATE, locales__es_yaml=GATE_IN_SPANISH), "gate.zip", "✅ gate · draft 2", "en, es"
        )


async def test_a_story_is_given_up_and_an_operator_stops_another(server: TelegramServer, tmp_path: Path) -> None:
    ann, bob = Creator(server), Creator(server, "Bob")
    owner = Creator(server, person=server.person("Owner", id=OWNER))
    async with bot_at(server, tmp_path) as app:
        await live(ann)
        await bob.say("/play gate", "Here is the gate.")
        stopped = await owner.say("/stop gate", "gate is stopped")
        assert (await bob.press(bob.chat.last, "Go in")).text
        assert "gate" not in app.library.stories
        await owner.tap(stopped, "Let it be played again", "gate is played again")
        await bob.say("/play gate", "Here is the gate.")
        await owner.say("/stop gate", "gate is stopped")
        sure = await ann.say("/delete gate", "Give it up?")
        await ann.tap(sure, "Keep it", "You are its owner.")
        await ann.tap(await ann.say("/delete gate", "Give it up?"), "Give it up", "gate is given up")
        await ann.say("/studio", "no stories here yet")


async def test_a_button_pressed_twice_does_it_once(server: TelegramServer, tmp_path: Path) -> None:
    ann, bob, cid = Creator(server), Creator(server, "Bob"), Creator(server, "Cid")
    async with bot_at(server, tmp_path) as app:
        await ann.send(GATE, "gate.yaml", "✅ gate")
        for other in (bob, cid):
            invited = await ann.say("/invite tester", "an invitation for one tester")
            await other.say(f"/start {invited.text.partition('?start=')[2].split()[0]}", "You are a tester")
        people = await ann.say("/people", "no. 2", "no. 3")
        await twice(ann, people, "✕ no. 2")
        await ann.told("tester")
        assert len(await app.store.roles_in("gate")) == 2
        for command, label, done in (
            ("/publish", "Publish now", "gate is live: publication 1."), ("/delete", "Give it up", "gate is given up"),
        ):  # fmt: skip
            await twice(ann, await ann.say(command, "gate"), label)
            told = await ann.told(done)
            # What the second touch might still come to has come by then.
            await ann.say("/vars", "not testing a story")
            await ann.say("/vars", "not testing a story")
            assert done in told.text
            assert len([one for one in ann.chat.messages if done in one.text]) == 1


async def twice(creator: Creator, message: Message, which: str) -> None:
    """Two quick touches of the same button, as it was at the first."""
    data = message.button(which)["callback_data"]
    creator.look()
    creator.person.press(message, data)
    await creator.person.tap_data(message, data)
