"""The screen: the card before loses its buttons and keeps the choice, whatever became of the clip."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.telegram.chat import Chat
from adapters.telegram.screen import LOOK
from bot.delivery.delivery import Later
from bot.delivery.parcel import Parcel, Taken
from bot.play.card import Card, Option, Spoken
from bot.store.port import Session
from bot.story.limits import MAX_LABEL, MAX_LINES, MAX_TEXT
from tests.adapters.telegram.conftest import Parts, clip_at
from tests.fakes.house import START, Clock
from tests.fakes.telegram import Person, TelegramServer
from tests.fakes.telegram.refusal import BadRequest
from tests.fakes.visitor import Visitor


@pytest.fixture
async def session(parts: Parts, ann: Person) -> Session:
    return (await Visitor(parts.app, str(ann.id), "telegram", address=f"telegram:{ann.id}").open("tale")).session


def road(session: Session, *lines: Spoken, deadline: int | None = None) -> Parcel:
    card = Card("road", "en", lines or (Spoken(None, "", "A road."),), (Option("on", "Go on"), Option("back", "Back")))
    return Parcel("tale", session.version, session.id, 0, card, deadline=deadline)


def hill(session: Session, choice: str = "on") -> Parcel:
    card = Card("hill", "en", (Spoken(None, "", "A hill."),), (Option("on", "Down"),))
    return Parcel("tale", session.version, session.id, 1, card, Taken("road", choice))


async def show(parts: Parts, ann: Person, *parcels: Parcel) -> None:
    for parcel in parcels:
        await parts.screen.show(Chat(ann.id), parts.app.library.stories["tale"], parcel)


async def test_the_card_before_keeps_the_choice_and_loses_its_buttons(
    parts: Parts, ann: Person, session: Session
) -> None:
    await show(parts, ann, road(session), hill(session))
    before, now = ann.home.messages[-2:]
    assert (before.kind, before.text, before.buttons) == ("video", "A road.\n\n▸ Go on", [])
    assert (now.kind, now.text, now.buttons) == ("video", "A hill.", ["Down"])


async def test_a_chat_that_has_come_further_is_not_shown_an_earlier_card(
    parts: Parts, ann: Person, session: Session
) -> None:
    await show(parts, ann, road(session), hill(session))
    shown = ann.home.messages
    await show(parts, ann, road(session))
    assert ann.home.messages == shown
    assert ann.home.last.buttons == ["Down"]
    await show(parts, ann, hill(session))
    assert len(ann.home.messages) == len(shown) + 1


async def test_a_clip_that_telegram_refuses_becomes_a_text_which_is_cleared_away_too(
    parts: Parts, ann: Person, session: Session, server: TelegramServer
) -> None:
    server.faults.refuse(BadRequest("VIDEO_CONTENT_TYPE_INVALID"), method="sendVideo")
    await show(parts, ann, road(session), hill(session))
    before, now = ann.home.messages[-2:]
    assert (before.kind, before.text) == ("text", "🎬 The road\nA road.\n\n▸ Go on")
    assert before.buttons == []
    assert now.kind == "video"


async def test_a_clip_that_has_vanished_becomes_a_text(parts: Parts, ann: Person, session: Session) -> None:
    await show(parts, ann, road(session))
    story = parts.app.library.stories["tale"]
    assert await parts.sender.files.media(story, "hill.mp4", 0) is not None
    clip_at(parts, "tale", "hill.mp4").unlink()
    await show(parts, ann, hill(session))
    assert (ann.home.last.kind, ann.home.last.text) == ("text", "🎬 The hill\nA hill.")


@pytest.mark.parametrize("one_message", [False, True])
async def test_the_largest_scene_is_shown_with_its_countdown_and_cleared_away(
    parts: Parts, ann: Person, session: Session, one_message: bool
) -> None:
    if one_message:
        await parts.shop.tastes.turn(ann.id, "one_message")
    lines = tuple(Spoken(None, "", letter * MAX_TEXT) for letter in "abcdefghijklmnopqrstuvwx"[:MAX_LINES])
    await show(parts, ann, road(session, *lines, deadline=START + 20_000))
    asking = ann.home.last
    assert "⏳ 20 s" in asking.text
    told = "".join(message.text for message in ann.home.messages)
    assert all(told.count(line.text[0] * 100) for line in lines)
    await show(parts, ann, hill(session))
    if not one_message:
        assert asking.buttons == []
        assert asking.text.endswith("▸ Go on")


@pytest.mark.parametrize("one_message", [False, True])
async def test_the_longest_label_fits_under_a_full_caption(
    parts: Parts, ann: Person, clock: Clock, one_message: bool, server: TelegramServer
) -> None:
    text = (clip_at(parts, "tale", "story.yaml")).read_text().replace("Go on", "🎬" * MAX_LABEL)
    clip_at(parts, "tale", "story.yaml").write_text(text)
    await parts.app.library.load(START)
    opened = await Visitor(parts.app, str(ann.id), "telegram", address=f"telegram:{ann.id}").open("tale")
    if one_message:
        await parts.shop.tastes.turn(ann.id, "one_message")
    full = Spoken(None, "", "x" * 900)
    await show(parts, ann, road(opened.session, full))
    before = ann.home.last
    parcel = hill(opened.session)
    card = Card("hill", "en", (full,), (Option("on", "Down"),))
    await show(parts, ann, Parcel("tale", parcel.version, parcel.session, 1, card, parcel.taken, START + 99_000))
    # In one message: above the next scene; else below the scene before.
    assert "▸ 🎬" in before.text
    assert (before.id == ann.home.last.id) == one_message


async def test_a_card_shown_again_goes_to_the_bottom(parts: Parts, ann: Person, session: Session) -> None:
    await show(parts, ann, road(session), road(session))
    first, second = ann.home.messages[-2:]
    assert first.buttons == []
    assert second.buttons == ["Go on", "Back"]


@pytest.mark.parametrize(("scene", "method"), [("home", "sendVideo"), ("away", "sendMessage")])
async def test_an_effect_that_telegram_refuses_is_left_out(
    parts: Parts, ann: Person, session: Session, server: TelegramServer, scene: str, method: str
) -> None:
    parcel = Parcel("tale", session.version, session.id, 1, Card(scene, "en", ending="happy", new=True))
    await show(parts, ann, parcel)
    assert ann.home.last.effect
    server.faults.refuse(BadRequest("EFFECT_ID_INVALID"), method=method)
    await show(parts, ann, parcel)
    bare = ann.home.last
    assert bare.effect is None
    assert "New ending" in bare.text


async def test_in_one_message_a_clip_that_runs_is_waited_for(
    parts: Parts, ann: Person, session: Session, clock: Clock
) -> None:
    await parts.shop.tastes.turn(ann.id, "one_message")
    await show(parts, ann, road(session))
    standing = await parts.standings.of(Chat(ann.id), session.id)
    assert standing is not None
    running = type(standing)(0, standing.message, True, standing.html, True, until=clock() + 4_000)
    await parts.standings.keep(Chat(ann.id), session.id, running, clock())
    with pytest.raises(Later) as later:
        await show(parts, ann, hill(session))
    assert later.value.seconds == LOOK
    running = replace(running, until=clock() + 100)
    await parts.standings.keep(Chat(ann.id), session.id, running, clock())
    with pytest.raises(Later) as later:
        await show(parts, ann, hill(session))
    assert later.value.seconds == 0.1


async def test_in_one_message_a_clip_that_follows_by_itself_takes_the_same_place(
    parts: Parts, ann: Person, session: Session, clock: Clock
) -> None:
    await parts.shop.tastes.turn(ann.id, "one_message")
    await show(parts, ann, road(session))
    place = ann.home.last.id
    standing = await parts.standings.of(Chat(ann.id), session.id)
    assert standing is not None
    ran = type(standing)(1, standing.message, True, standing.html, False, until=clock())
    await parts.standings.keep(Chat(ann.id), session.id, ran, clock())
    await show(parts, ann, hill(session))
    assert (ann.home.last.id, ann.home.last.buttons) == (place, ["Down"])
