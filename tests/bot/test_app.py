"""The one door: what an event leaves behind, and whom it tells."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bot.app import App, UnknownSession
from bot.delivery.delivery import Delivery
from bot.delivery.parcel import Parcel, unwrap
from bot.library import UnknownStory
from bot.play.event import Choose, Rewind, Speak
from bot.store.port import Due, OutboxCard
from tests.fakes.chat import Chat
from tests.fakes.house import START, House
from tests.fakes.visitor import Visitor, scenes

LATER = START + 3_600_000


async def outbox(app: App) -> Sequence[OutboxCard]:
    return await app.store.pending("telegram", 0, 100)


async def agenda(app: App) -> Sequence[Due]:
    return await app.store.due(LATER, 100)


async def test_cards_are_put_in_the_outbox_of_the_platform_that_wants_them_pushed(app: App) -> None:
    ann = Visitor(app, platform="telegram", address="telegram:42:7")
    await ann.open()
    await ann.tap("left")
    cards = await outbox(app)
    assert [(card.address, card.revision) for card in cards] == [("42:7", 0), ("42:7", 1), ("42:7", 1)]
    parcels = [parcel for card in cards if isinstance(parcel := unwrap(card.body), Parcel)]
    assert [parcel.card.scene for parcel in parcels] == ["fork", "hall", "clock"]
    assert {parcel.session for parcel in parcels} == {ann.session}


async def test_a_platform_that_asks_for_its_cards_gets_none_pushed(app: App) -> None:
    await Visitor(app).open()
    assert await app.store.pending("web", 0, 100) == []


async def test_a_running_delivery_is_called_for_new_cards(app: App) -> None:
    chat = Chat()
    app.deliveries["telegram"] = Delivery(app.store, "telegram", chat.show)
    running = asyncio.create_task(app.deliveries["telegram"].run())
    ann = Visitor(app, platform="telegram", address="telegram:42")
    for cards, choice in enumerate(["", "right", "back", "right"]):
        await (ann.tap(choice) if choice else ann.open())
        await chat.wait_for("42", cards + 1)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_deadline_is_put_on_the_agenda_and_taken_off_by_the_next_step(app: App) -> None:
    ann = Visitor(app, platform="telegram", address="telegram:42")
    await ann.open()
    assert await agenda(app) == []
    await ann.tap("left", at=START)
    [due] = await agenda(app)
    assert (due.at, due.kind, due.session, due.revision) == (START + 5_000, "timeout", ann.session, 1)
    await ann.tap("run")
    assert await agenda(app) == []


async def test_a_player_that_keeps_the_time_leaves_nothing_on_the_agenda(app: App) -> None:
    ann = Visitor(app, keeps_time=True)
    await ann.open()
    answer = await ann.tap("left")
    assert answer.cards[-1].within == 5_000
    assert await agenda(app) == []


async def test_the_language_changes_and_the_place_and_the_deadline_stay(app: App) -> None:
    ann = Visitor(app, platform="telegram", address="telegram:42")
    await ann.open()
    await ann.tap("left", at=START)
    before = (await app.current("telegram", "ann", ann.session)).cards[-1]
    answer = await ann.tell(Speak(1, "es"), at=START + 2_000)
    assert (answer.cards[-1].scene, answer.cards[-1].language) == ("clock", "es")
    assert [option.id for option in answer.cards[-1].options] == [option.id for option in before.options]
    assert [(due.at, due.revision) for due in await agenda(app)] == [(START + 5_000, 2)]


@pytest.mark.parametrize(
    ("asked", "spoken"), [(None, "en"), ("es", "es"), ("es-MX", "es"), ("tlh", "en"), ("", "en"), ("\x00", "en")]
)
async def test_a_story_begins_in_the_language_asked_for_or_its_own(app: App, asked: str | None, spoken: str) -> None:
    assert (await Visitor(app).open(language=asked)).cards[0].language == spoken


async def test_a_viewer_who_chose_a_language_need_not_ask_again(app: App) -> None:
    viewer = await app.store.viewer("web", "ann")
    await app.store.speak(viewer.id, "es")
    assert (await Visitor(app).open()).cards[0].language == "es"


async def test_opening_a_story_again_goes_on_where_the_viewer_was(app: App) -> None:
    ann = Visitor(app)
    await ann.open()
    await ann.tap("left")
    answer = await ann.open()
    assert (answer.session.revision, scenes(answer), answer.notice) == (1, ["clock"], None)


async def test_a_story_that_is_not_there_is_named(app: App, house: House) -> None:
    with pytest.raises(UnknownStory, match='there is no story "atlantis" here'):
        await Visitor(app).open("atlantis")


async def test_an_event_id_used_for_two_things_begins_only_the_first(app: App, house: House) -> None:
    house.write("second", (house.stories / "crossroads" / "story.yaml").read_text())
    await app.library.load(START)
    ann = Visitor(app)
    await ann.open("crossroads", event="once")
    with pytest.raises(UnknownSession):
        await ann.open("second", event="once")
    assert (await ann.open("second")).session.story == "second"


async def test_whoever_watches_a_session_hears_each_move_once(app: App) -> None:
    ann = Visitor(app)
    await ann.open()
    async with app.moves.of(ann.session) as moves:
        await ann.tap("left", "one")
        await ann.tell(Choose(0, "left"), "one")
        await ann.tell(Choose(0, "right"))
        await ann.tell(Rewind(1, 0))
        assert [moves.get_nowait() for _ in range(moves.qsize())] == [1, 2]


async def test_a_viewer_who_comes_from_another_chat_is_answered_there(app: App) -> None:
    ann = Visitor(app, platform="telegram", address="telegram:1")
    await ann.open()
    ann.address = "telegram:2"
    await ann.tap("right")
    assert [card.address for card in await outbox(app)] == ["1", "2"]
