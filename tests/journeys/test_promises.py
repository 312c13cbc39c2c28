"""The promises of docs/design: each test reads like the one it keeps."""

from __future__ import annotations

import asyncio
import random
import sqlite3

import pytest
import structlog

from bot.app import ATTEMPTS, App, SetAside, UnknownSession
from bot.event import Tell
from bot.play.event import Choose, Event, Restart, Rewind, Speak, TimeOut
from bot.play.step import Reason
from bot.store.errors import StoreError
from tests.fakes.house import House
from tests.fakes.store import FailingStore
from tests.fakes.stories import CROSSROADS
from tests.fakes.visitor import Visitor, scenes


async def facts(house: House, session: int) -> list[tuple[int, str, str | None]]:
    """(revision, kind, choice) of everything that was counted in a session."""
    connection = sqlite3.connect(house.database)
    asked = "SELECT revision, kind, choice FROM fact WHERE session = ? ORDER BY id"
    rows = connection.execute(asked, (session,)).fetchall()
    connection.close()
    return rows


# -- 1. A tap cannot lie


async def test_a_double_tap_changes_nothing_and_gets_the_current_card(app: App, house: House) -> None:
    ann = Visitor(app)
    await ann.open()
    first, second = [Choose(0, "left"), Choose(0, "left")]
    assert scenes(await ann.tell(first)) == ["hall", "clock"]
    answer = await ann.tell(second)
    assert answer.notice is Reason.MOVED_ON
    assert (scenes(answer), answer.session.revision) == (["clock"], 1)
    assert await facts(house, ann.session) == [(0, "begin", None), (1, "choice", "left")]


async def test_a_late_tap_on_an_old_card_gets_the_current_card(app: App) -> None:
    ann = Visitor(app)
    await ann.open()
    for choice in ("left", "run", "right"):
        await ann.tap(choice)
    answer = await ann.tell(Choose(0, "left"))
    assert (answer.notice, scenes(answer), answer.session.revision) == (Reason.MOVED_ON, ["clearing"], 3)


FORGED: list[tuple[Event, Reason]] = [
    (Choose(0, "no-such-choice"), Reason.UNKNOWN_CHOICE),
    (Choose(0, "run"), Reason.UNKNOWN_CHOICE),
    (Choose(0, "'; DROP TABLE session; --"), Reason.UNKNOWN_CHOICE),
    (Choose(0, "\x00"), Reason.UNKNOWN_CHOICE),
    (Choose(0, "gate"), Reason.LOCKED),
    (Choose(0, "whisper"), Reason.LOCKED),
    (Choose(1, "left"), Reason.MOVED_ON),
    (Choose(-1, "left"), Reason.MOVED_ON),
    (Choose(2**80, "left"), Reason.MOVED_ON),
    (TimeOut(0), Reason.NOTHING_TO_DO),
    (Rewind(0, 0), Reason.NOTHING_TO_DO),
    (Rewind(0, -1), Reason.NOTHING_TO_DO),
    (Speak(0, "en"), Reason.NOTHING_TO_DO),
    (Speak(0, "tlh"), Reason.NOTHING_TO_DO),
]


@pytest.mark.parametrize(("forged", "reason"), FORGED)
async def test_a_forged_event_changes_nothing(app: App, house: House, forged: Event, reason: Reason) -> None:
    ann = Visitor(app)
    begun = await ann.open()
    answer = await ann.tell(forged)
    assert answer.notice is reason
    assert scenes(answer) == ["fork"]
    assert answer.session == begun.session
    assert await facts(house, ann.session) == [(0, "begin", None)]
    assert await app.store.troubles(10) == []


async def test_somebody_elses_session_cannot_be_told_from_none(app: App) -> None:
    ann, eve = Visitor(app), Visitor(app, "eve")
    await ann.open()
    for session in (ann.session, ann.session + 1, 0, -1, 2**62, 2**200):
        with pytest.raises(UnknownSession):
            await app.handle(eve.event(Tell(session, Choose(0, "left"))))
        with pytest.raises(UnknownSession):
            await app.current(eve.platform, eve.user, session)
    same_name_elsewhere = Visitor(app, "ann", "telegram")
    with pytest.raises(UnknownSession):
        await app.handle(same_name_elsewhere.event(Tell(ann.session, Choose(0, "left"))))
    assert (await ann.tap("left")).notice is None


async def test_taps_in_any_order_count_only_where_they_belong(app: App, house: House) -> None:
    ann = Visitor(app)
    await ann.open()
    taps = [Choose(0, "left"), Choose(1, "run"), Choose(2, "right"), Choose(3, "back")] * 3
    random.Random(7).shuffle(taps)
    for tap in taps:
        await ann.tell(tap)
    counted = await facts(house, ann.session)
    assert [revision for revision, _, _ in counted] == list(range(len(counted)))
    assert [choice for _, _, choice in counted[1:]] == ["left", "run", "right", "back"][: len(counted) - 1]


@pytest.mark.parametrize("taps", [2, 3, 10, 50])
async def test_of_many_taps_at_once_exactly_one_wins(app: App, house: House, taps: int) -> None:
    ann = Visitor(app)
    await ann.open()
    told = [ann.event(Tell(ann.session, Choose(0, "left" if n % 2 else "right"))) for n in range(taps)]
    answers = await asyncio.gather(*map(app.handle, told))
    [winner] = [answer for answer in answers if answer.notice is None]
    losers = [answer for answer in answers if answer.notice is not None]
    assert all(loser.notice is Reason.MOVED_ON for loser in losers)
    assert all(loser.cards == winner.cards[-1:] for loser in losers)
    assert {answer.session.revision for answer in answers} == {1}
    assert len(await facts(house, ann.session)) == 2


@pytest.mark.parametrize("times", [2, 20])
async def test_one_tap_that_arrives_many_times_at_once_counts_once(app: App, house: House, times: int) -> None:
    ann = Visitor(app)
    await ann.open()
    tap = ann.event(Tell(ann.session, Choose(0, "left")))
    answers = await asyncio.gather(*[app.handle(tap) for _ in range(times)])
    assert {answer.notice for answer in answers} == {None}
    assert {answer.cards for answer in answers} == {answers[0].cards}
    assert scenes(answers[0]) == ["hall", "clock"]
    assert await facts(house, ann.session) == [(0, "begin", None), (1, "choice", "left")]


REPEATED: list[Event] = [
    Choose(1, "listen"),
    TimeOut(1),
    Rewind(1, 0),
    Restart(1),
    Speak(1, "es"),
]


@pytest.mark.parametrize("what", REPEATED, ids=lambda what: type(what).__name__)
async def test_the_same_event_again_gets_the_same_cards_and_no_reproach(app: App, what: Event) -> None:
    ann = Visitor(app)
    await ann.open()
    await ann.tap("left")
    first = await ann.tell(what, "once")
    again = await ann.tell(what, "once")
    assert (first.notice, again.notice) == (None, None)
    assert again.cards == first.cards
    assert again.session == first.session


async def test_opening_again_by_the_same_event_tells_the_beginning_again(app: App) -> None:
    ann = Visitor(app)
    first = await ann.open(event="begin")
    again = await ann.open(event="begin")
    assert (again.cards, again.session, again.notice) == (first.cards, first.session, None)


@pytest.mark.parametrize("same", [True, False])
async def test_opening_many_times_at_once_begins_once(app: App, house: House, same: bool) -> None:
    ann = Visitor(app)
    answers = await asyncio.gather(*[ann.open(event="begin" if same else f"begin-{n}") for n in range(20)])
    assert len({answer.session.id for answer in answers}) == 1
    assert {tuple(scenes(answer)) for answer in answers} == {("fork",)}
    assert await facts(house, ann.session) == [(0, "begin", None)]


# -- 2. No acknowledged tap is lost, none counts twice (with kill -9: test_kill.py)


async def test_what_was_answered_is_there_after_a_restart(house: House) -> None:
    async with house.running() as app:
        ann = Visitor(app)
        await ann.open()
        answer = await ann.tap("left", "one")
    async with house.running() as app:
        ann.app = app
        again = await ann.tell(Choose(0, "left"), "one")
        assert (again.cards, again.session) == (answer.cards, answer.session)
        assert await facts(house, ann.session) == [(0, "begin", None), (1, "choice", "left")]


async def test_a_tap_that_could_not_be_saved_is_not_acknowledged_and_counts_once_later(house: House) -> None:
    async with house.running(FailingStore) as app:
        assert isinstance(app.store, FailingStore)
        ann = Visitor(app)
        await ann.open()
        app.store.failures["commit"] = 1
        with pytest.raises(StoreError):
            await ann.tap("left", "one")
        assert await app.store.troubles(10) == []
        assert scenes(await ann.tap("left", "one")) == ["hall", "clock"]
        assert len(await facts(house, ann.session)) == 2


# -- 3. Nobody loses their place

EDITED = CROSSROADS.replace(
    "choices:\n          left:", "choices:\n          new: {label: New, to: dawn}\n          left:"
)
EDITED = EDITED.replace("lamp: {type: flag, keep: true}", "lamp: {type: flag, keep: true}\n  fresh: {type: flag}")


async def test_a_choice_put_above_changes_nothing_for_who_is_in_the_story(house: House) -> None:
    async with house.running() as app:
        ann = Visitor(app)
        await ann.open()
        await ann.tap("right")
        before = await ann.tap("back")
    house.write("crossroads", EDITED)
    async with house.running() as app:
        ann.app = app
        assert app.library.story("crossroads").version != before.session.version
        now = await app.current("web", "ann", ann.session)
        assert now.cards == before.cards
        assert "new" not in [option.id for option in now.cards[0].options]
        assert scenes(await ann.tap("left")) == ["hall", "clock"]
        assert (await ann.tell(Choose(0, "left"))).notice is Reason.MOVED_ON
        assert (await ann.tap("new")).notice is Reason.UNKNOWN_CHOICE


async def test_a_restart_moves_to_the_newest_version_with_what_is_kept(house: House) -> None:
    async with house.running() as app:
        ann = Visitor(app)
        await ann.open()
        await ann.tap("right")
        await ann.tap("on")
    house.write("crossroads", EDITED)
    async with house.running() as app:
        ann.app = app
        answer = await ann.tell(Restart(2))
        assert answer.session.version == app.library.story("crossroads").version
        options = {option.id: option.locked for option in answer.cards[0].options}
        assert options == {"new": False, "left": False, "right": False, "sign": False, "gate": False}
        assert answer.state.ended == {"dawn"}
        assert scenes(await ann.tap("new")) == ["dawn"]
    async with house.running() as app:
        assert scenes(await app.current("web", "ann", ann.session)) == ["dawn"]


async def test_an_event_id_used_twice_moves_nobody_to_another_version(house: House) -> None:
    async with house.running() as app:
        ann = Visitor(app)
        await ann.open()
        await ann.tap("left")
    house.write("crossroads", EDITED)
    house.write("other", CROSSROADS)
    async with house.running() as app:
        elsewhere = Visitor(app)
        await elsewhere.open("other")
        await elsewhere.tap("left", "once")
        ann.app = app
        again = await ann.tell(Restart(1), "once")
        assert (again.session.revision, again.story.version) == (1, again.session.version)
        assert scenes(await ann.tap("run")) == ["fork"]
        assert (await ann.tap("new")).notice is Reason.UNKNOWN_CHOICE


@pytest.mark.parametrize("ruin", ["broken", "gone"])
async def test_a_story_that_is_broken_or_gone_goes_on_for_who_is_in_it(house: House, ruin: str) -> None:
    async with house.running() as app:
        ann = Visitor(app)
        await ann.open()
    main = house.stories / "crossroads" / "story.yaml"
    main.write_text("title: [") if ruin == "broken" else main.unlink()
    async with house.running() as app:
        ann.app = app
        assert "crossroads" not in app.library.stories
        assert scenes(await ann.open()) == ["fork"]
        assert scenes(await ann.tap("left")) == ["hall", "clock"]
        assert scenes(await ann.tell(Rewind(1, 0))) == ["fork"]
        assert scenes(await ann.tell(Restart(2))) == ["fork"]


# -- 4. The story always goes on


def ruin(house: House, session: int) -> None:
    """What is stored of a session becomes unreadable, as by a fault of our own."""
    connection = sqlite3.connect(house.database)
    connection.execute("UPDATE session SET state = X'7B7D' WHERE id = ?", (session,))
    connection.commit()
    connection.close()


async def test_an_event_we_fail_on_is_tried_three_times_then_set_aside_and_others_go_on(house: House) -> None:
    async with house.running() as app:
        ann, bob = Visitor(app), Visitor(app, "bob")
        await ann.open()
        await bob.open()
    ruin(house, ann.session)
    async with house.running() as app:
        ann.app = bob.app = app
        with structlog.testing.capture_logs() as logs, pytest.raises(SetAside, match="BadState"):
            await ann.tap("left", "bad")
        assert [entry["attempt"] for entry in logs if entry["event"] == "event_failed"] == [1, 2, 3]
        assert ATTEMPTS == 3
        [trouble] = await app.store.troubles(10)
        assert (trouble.event.platform, trouble.event.id) == ("web", "ann:bad")
        assert "BadState" in trouble.error
        assert scenes(await bob.tap("left")) == ["hall", "clock"]


async def test_an_event_that_cannot_even_be_kept_does_not_block_those_behind_it(app: App) -> None:
    ann = Visitor(app)
    await ann.open()
    with pytest.raises(SetAside):
        await ann.tap("left", "half a character: \ud800")
    assert scenes(await ann.tap("left")) == ["hall", "clock"]


async def test_any_text_can_be_typed(app: App) -> None:
    ann = Visitor(app)
    await ann.open()
    for text in ("\ud800", "\x00", "x" * 5000, "🙂" * 50, "\u202e", '"]}', "%n >left", "", " "):
        await ann.tap("sign", text=text)
        answer = await ann.tap("back")
        assert answer.notice is None
    assert await app.store.troubles(10) == []
