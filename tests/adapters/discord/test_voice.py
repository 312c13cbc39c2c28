"""The voice: answers in time, once, whatever happens on the way."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from adapters.discord import voice as voices
from adapters.discord.arrival import Arrival
from adapters.discord.card import Sheet
from adapters.discord.voice import Kind, Unanswerable, Voice, Voices
from tests.fakes.discord import DiscordServer, Interaction, Person, posting
from tests.fakes.discord.interaction import COMMAND, COMPONENT
from tests.fakes.discord.invoking import Caller, open_interaction

Opened = tuple[Voice, Interaction]


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as running:
        running.limits = False
        yield running
        assert running.violations == []


@pytest.fixture
def ann(server: DiscordServer) -> Person:
    ann = server.person("Ann")
    server.guild("Movie night", [ann])
    return ann


@pytest.fixture
async def opened(server: DiscordServer, ann: Person) -> AsyncIterator[Callable[[int], Opened]]:
    """Opens an interaction with the voice that answers it."""
    house = Voices(server.api, server.world.id)

    def open_one(kind: int = COMMAND) -> Opened:
        message = None
        if kind == COMPONENT:
            message = posting.post(server.world, ann.place, {"content": "before"}, {}, author=server.world.me)
        made = open_interaction(server.world, kind, Caller(ann.body, "en-US"), ann.place, "it", message)
        return house.to(Arrival(made.id, made.token, ann.id, "en", None, ann.place.id, 0)), made

    yield open_one
    await house.close()


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has patience."""
    monkeypatch.setattr(voices, "PATIENCE", 0.01)


async def test_what_is_ready_is_said_at_once(opened: Callable[[int], Opened]) -> None:
    voice, interaction = opened(COMMAND)
    voice.patient()
    await voice.say("Here.")
    assert interaction.answer == "message"
    [message] = interaction.ephemeral
    assert message.text == "Here."


@pytest.mark.usefixtures("hasty")
async def test_what_takes_long_is_promised_first(opened: Callable[[int], Opened]) -> None:
    voice, interaction = opened(COMMAND)
    voice.patient()
    await interaction.acknowledged()
    assert interaction.answer == "defer"
    assert interaction.ephemeral == []
    await voice.say("At last.")
    [message] = interaction.ephemeral
    assert message.text == "At last."
    await voice.say("And one more.")
    assert [one.text for one in interaction.ephemeral] == ["At last.", "And one more."]


@pytest.mark.usefixtures("hasty")
async def test_a_change_that_takes_long_becomes_a_message(opened: Callable[[int], Opened]) -> None:
    voice, interaction = opened(COMPONENT)
    voice.patient()
    await interaction.acknowledged()
    await voice.update(Sheet(None, ("After.",)).message())
    assert interaction.message is not None
    assert interaction.message.text == "before"
    assert interaction.text == "After."
    assert interaction.said is not None
    assert interaction.said.ephemeral


@pytest.mark.usefixtures("hasty")
async def test_a_promise_that_nothing_follows_is_taken_back(opened: Callable[[int], Opened]) -> None:
    voice, interaction = opened(COMPONENT)
    voice.patient()
    await interaction.acknowledged()
    await voice.nothing()
    assert interaction.answer == "defer"
    assert [one.deleted for one in interaction.messages] == [True]


@pytest.mark.usefixtures("hasty")
async def test_whoever_was_cut_off_promises_nothing(server: DiscordServer, opened: Callable[[int], Opened]) -> None:
    voice, _ = opened(COMMAND)
    voice.patient()
    voice.hush()
    other, interaction = opened(COMMAND)
    other.patient()
    await interaction.acknowledged()
    assert len(server.called("/callback")) == 1


async def test_who_is_told_to_wait_for_long_gives_up(server: DiscordServer, opened: Callable[[int], Opened]) -> None:
    voice, interaction = opened(COMMAND)
    server.faults.flood(3_600.0, call="/callback")
    await voice.say("Here.")
    assert len(server.called("/callback")) == 1
    assert interaction.text == ""


async def test_a_pressed_message_changes(opened: Callable[[int], Opened]) -> None:
    voice, interaction = opened(COMPONENT)
    await voice.nothing()
    assert interaction.answer == "defer update"
    voice, interaction = opened(COMPONENT)
    await voice.update({"content": "after"})
    assert interaction.answer == "update"
    assert interaction.message is not None
    assert interaction.message.text == "after"


async def test_an_answer_that_got_lost_is_sent_again_and_counts_as_given(
    server: DiscordServer, opened: Callable[[int], Opened]
) -> None:
    voice, interaction = opened(COMMAND)
    fault = server.faults.lost_answer(call="/callback")
    await voice.say("Here.")
    assert fault.struck == 1
    assert [call.code for call in server.called("/callback")][-1] == 40060
    await voice.say("And there.")
    assert [one.text for one in interaction.ephemeral] == ["Here.", "And there."]


@pytest.mark.parametrize("how", ["broken", "flood", "reset"])
async def test_what_passes_is_tried_again(server: DiscordServer, opened: Callable[[int], Opened], how: str) -> None:
    voice, interaction = opened(COMMAND)
    {
        "broken": lambda: server.faults.broken(503, call="/callback"),
        "flood": lambda: server.faults.flood(0.05, call="/callback"),
        "reset": lambda: server.faults.reset(call="/callback"),
    }[how]()
    await voice.say("Here.")
    assert interaction.text == "Here."


async def test_too_late_is_no_error(server: DiscordServer, opened: Callable[[int], Opened]) -> None:
    voice, interaction = opened(COMMAND)
    server.clock.jump(4)
    await voice.say("Here.")
    assert interaction.failed
    assert server.called("/callback")[-1].code == 10062
    voice, interaction = opened(COMMAND)
    await voice.say("Here.")
    server.clock.jump(16 * 60)
    await voice.say("Still here?")
    assert interaction.text == "Here."


async def test_whoever_has_only_a_token_is_told_why_not(server: DiscordServer, ann: Person) -> None:
    house = Voices(server.api, server.world.id)
    with pytest.raises(Unanswerable) as refused:
        await house.edit("nonsense", {"content": "Here."})
    assert refused.value.code in (10015, 50027)
    await house.close()


@pytest.mark.usefixtures("hasty")
async def test_a_message_may_change_long_after_its_button_was_pressed(opened: Callable[[int], Opened]) -> None:
    voice, interaction = opened(COMPONENT)
    voice.patient(Kind.QUIET)
    await interaction.acknowledged()
    assert interaction.answer == "defer update"
    assert not await voice.ask({"custom_id": "form", "title": "Too late", "components": []})
    await voice.update({"content": "after"})
    assert interaction.message is not None
    assert interaction.message.text == "after"
    await voice.say("Beside it.")
    assert [one.text for one in interaction.ephemeral] == ["Beside it."]


@pytest.mark.usefixtures("hasty")
async def test_what_is_known_to_take_long_is_promised_once(opened: Callable[[int], Opened]) -> None:
    voice, interaction = opened(COMMAND)
    voice.patient()
    await interaction.acknowledged()
    await voice.later()
    await voice.say("Here.")
    assert interaction.answer == "defer"
    assert [one.text for one in interaction.ephemeral] == ["Here."]
    assert interaction.errors == []
