"""The one door: what an event leaves behind, and whom it tells."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import pytest

from bot.app import App, UnknownSession
from bot.delivery.delivery import Delivery
from bot.delivery.parcel import Note, Parcel, unwrap, wrap_note
from bot.event import Event, Join, Open
from bot.library import UnknownStory
from bot.play.event import Choose, Rewind, Speak
from bot.play.step import Reason
from bot.store.port import Due, EventKey, OutboxCard, Outcome, Purchase
from bot.store.sqlite import SQLiteStore
from tests.fakes.chat import Chat
from tests.fakes.house import START, House
from tests.fakes.priced import TOLLGATE
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


# -- a moment that was shared


def join(visitor: Visitor, session: int, to: int, event: str | None = None, language: str | None = None) -> Event:
    told = visitor.event(Open("crossroads"), event)
    return replace(told, what=Join(session, to, language))


async def shared(app: App) -> Visitor:
    """Ann at the clock, with two choices behind her."""
    ann = Visitor(app)
    await ann.open()
    await ann.tap("right")
    await ann.tap("back")
    await ann.tap("left")
    return ann


async def test_who_never_played_begins_at_the_moment_that_was_shared(app: App) -> None:
    ann, bob = await shared(app), Visitor(app, "bob", "telegram", address="telegram:42")
    answer = await app.handle(join(bob, ann.session, 3, language="es"))
    assert (scenes(answer), answer.cards[-1].language, answer.session.revision) == (["clock"], "es", 0)
    assert answer.session.id != ann.session
    [card] = await outbox(app)
    assert (card.address, card.session) == ("42", answer.session.id)
    assert answer.session.id in [due.session for due in await agenda(app)]
    bob.session, bob.revision = answer.session.id, 0
    assert scenes(await bob.tap("run")) == ["fork"]
    assert (await app.current("web", "ann", ann.session)).session.revision == 3


async def test_who_played_goes_on_there_in_their_own_session(app: App) -> None:
    ann, bob = await shared(app), Visitor(app, "bob")
    mine = (await bob.open(language="es")).session.id
    await bob.tap("right")
    answer = await app.handle(join(bob, ann.session, 0))
    assert (answer.session.id, answer.session.revision, scenes(answer)) == (mine, 2, ["fork"])
    assert answer.cards[-1].language == "es"
    stale = await bob.tap("back")
    assert (stale.notice, scenes(stale)) == (Reason.MOVED_ON, ["fork"])
    assert scenes(await bob.tap("left")) == ["hall", "clock"]


async def test_joining_counts_once_however_often_it_is_told(app: App) -> None:
    ann, bob = await shared(app), Visitor(app, "bob", "telegram", address="telegram:42")
    first = await app.handle(join(bob, ann.session, 1, "once"))
    again = await app.handle(join(bob, ann.session, 1, "once"))
    assert (again.session, again.cards) == (first.session, first.cards)
    await Visitor(app, "carl").open()
    bob.session, bob.revision = first.session.id, 0
    await bob.tap("on")
    moved = await app.handle(join(bob, ann.session, 1, "once"))
    assert moved.session.revision == 1
    assert len(await outbox(app)) == 3


async def test_two_who_join_at_once_are_two_sessions_and_one_who_joins_twice_is_one(app: App) -> None:
    ann = await shared(app)
    users = [Visitor(app, user) for user in ("bob", "bob", "carl")]
    answers = await asyncio.gather(*(app.handle(join(one, ann.session, 0)) for one in users))
    assert len({answer.session.id for answer in answers}) == 2
    viewer = await app.store.viewer("web", "bob")
    [session] = await app.store.sessions_of(viewer.id)
    assert session.revision == 1


@pytest.mark.parametrize("to", [-1, 4, 2**34 - 1])
async def test_a_moment_that_there_is_not_is_unknown(app: App, to: int) -> None:
    ann, bob = await shared(app), Visitor(app, "bob")
    with pytest.raises(UnknownSession):
        await app.handle(join(bob, ann.session, to))
    with pytest.raises(UnknownSession):
        await app.handle(join(bob, 4711, 0))
    assert await app.store.sessions_of((await app.store.viewer("web", "bob")).id) == []


async def test_a_moment_of_an_older_version_is_played_in_that_version(app: App, house: House) -> None:
    ann = await shared(app)
    text = (house.stories / "crossroads" / "story.yaml").read_text()
    house.write("crossroads", text.replace("Left or right", "Right or left"))
    await app.library.load(START)
    bob = Visitor(app, "bob")
    opened = await bob.open()
    answer = await app.handle(join(bob, ann.session, 0))
    assert answer.session.version == (await app.store.session(ann.session)).version != opened.session.version  # type: ignore[union-attr]
    assert answer.cards[-1].lines[0].text == "Left or right, nobody?"


async def test_a_moment_behind_a_price_waits_there_and_cannot_be_walked_around(app: App, house: House) -> None:
    house.write("tollgate", TOLLGATE)
    await app.library.load(START)
    ann = Visitor(app)
    await ann.open("tollgate")
    held = await ann.tap("tunnel")
    assert held.cards[-1].toll == "house"
    # Her own link leads her back before the tunnel, not behind it.
    answer = await app.handle(join(ann, ann.session, 1))
    assert scenes(answer) == ["corner"]
    ann.revision = answer.session.revision
    await app.store.buy(
        EventKey("web", "paid"),
        Purchase("charge", "web", "ann", answer.session.viewer, "tollgate", "", 120, START),
    )
    assert scenes(await ann.tap("tunnel"))[-1] == "quay"
    await ann.tap("home")
    assert scenes(await ann.tap("knock")) == ["porch", "lobby", "stairs"]
    waiting = await app.handle(join(Visitor(app, "bob"), ann.session, 3))
    assert (waiting.state.held, [card.toll for card in waiting.cards]) == (0, ["house"])


# -- what belongs to no step


async def test_the_current_card_is_pushed_once_where_the_viewer_goes_on(app: App) -> None:
    ann = Visitor(app, platform="telegram", address="telegram:1")
    await ann.open()
    await ann.tap("left")
    before = len(await outbox(app))
    key = EventKey("telegram", "push")
    assert await app.push("telegram", "ann", ann.session, key)
    assert await app.push("telegram", "ann", ann.session, key)
    assert await app.push("telegram", "ann", ann.session, EventKey("telegram", "elsewhere"), "telegram:2")
    pushed = (await outbox(app))[before:]
    assert [(card.address, card.revision) for card in pushed] == [("1", 1), ("2", 1)]
    for card in pushed:
        parcel = unwrap(card.body)
        assert isinstance(parcel, Parcel)
        # The clock runs where it was shown first, and is not told of twice.
        assert (parcel.card.scene, parcel.card.within, parcel.deadline, parcel.taken) == ("clock", None, None, None)
    # The chat it goes on in is the next tap's, not the push's.
    session = await app.store.session(ann.session)
    assert session is not None
    assert session.address == "telegram:1"


class Meanwhile(SQLiteStore):
    """Something happens just before cards of no step are put into the outbox."""

    happens: Callable[[], Awaitable[object]] | None = None

    async def post(self, event: EventKey | None, cards: Sequence[OutboxCard]) -> Outcome:
        happens, self.happens = self.happens, None
        if happens is not None:
            await happens()
        return await super().post(event, cards)


async def test_a_card_that_is_pushed_while_the_story_goes_on_does_not_come_after_the_next(house: House) -> None:
    async with house.running(Meanwhile) as app:
        assert isinstance(app.store, Meanwhile)
        ann = Visitor(app, platform="telegram", address="telegram:1")
        await ann.open()
        app.store.happens = lambda: ann.tap("right")
        await app.push("telegram", "ann", ann.session, EventKey("telegram", "push"))
        assert [card.revision for card in await outbox(app)] == [0, 1]


async def test_nothing_is_pushed_to_who_is_forgotten_meanwhile(house: House) -> None:
    async with house.running(Meanwhile) as app:
        assert isinstance(app.store, Meanwhile)
        ann = Visitor(app, platform="telegram", address="telegram:1")
        viewer = (await ann.open()).session.viewer
        app.store.happens = lambda: app.store.forget(viewer)
        await app.push("telegram", "ann", ann.session, EventKey("telegram", "push"))
        assert list(await outbox(app)) == []


async def test_nothing_is_pushed_to_a_session_without_a_chat_or_of_somebody_else(app: App) -> None:
    ann = Visitor(app)
    await ann.open()
    assert not await app.push("web", "ann", ann.session, EventKey("web", "push"))
    with pytest.raises(UnknownSession):
        await app.push("web", "bob", ann.session, EventKey("web", "push"), "telegram:1")
    assert await outbox(app) == []


async def test_what_is_posted_counts_once_for_its_event_and_calls_the_delivery(app: App) -> None:
    notes: list[str] = []

    async def show(address: str, parcel: Parcel | Note) -> None:
        assert isinstance(parcel, Note)
        notes.append(f"{address} {parcel.note}")

    delivery = app.deliveries["telegram"] = Delivery(app.store, "telegram", show)
    running = asyncio.create_task(delivery.run())
    for event, page in (("1", "help"), ("1", "help"), (None, "terms"), (None, "terms")):
        card = OutboxCard("telegram", "42", 0, 0, wrap_note(Note(page, "ann", {})))
        await app.post(None if event is None else EventKey("telegram", event), [card])
    while len(notes) < 3 or await outbox(app):
        await asyncio.sleep(0.001)
    assert notes == ["42 help", "42 terms", "42 terms"]
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_chat_that_moved_is_followed_by_its_sessions_cards_and_next_steps(app: App) -> None:
    ann = Visitor(app, platform="telegram", address="telegram:-1")
    topic = Visitor(app, "bob", platform="telegram", address="telegram:-1/7")
    other = Visitor(app, "carl", platform="telegram", address="telegram:-10")
    for visitor in (ann, topic, other):
        await visitor.open()
        await visitor.tap("left")
    await app.move_chat("telegram", "-1", "-1001")
    assert {card.address for card in await outbox(app)} == {"-1001", "-1001/7", "-10"}
    # The clock, which names no chat, finds the new one too.
    for visitor in (ann, topic, other):
        visitor.address = None
        await visitor.tap("run")
    assert [card.address for card in (await outbox(app))[-3:]] == ["-1001", "-1001/7", "-10"]
