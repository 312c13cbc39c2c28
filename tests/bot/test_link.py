"""Joining platforms: one viewer, all their places, by a code that is good once, for ten minutes."""

from __future__ import annotations

import asyncio

import pytest

from bot.app import App, UnknownSession
from bot.link import GUESSES, GUESSES_OF_ALL, LENGTH, LETTERS, MINUTE, VALID, Guesses, Linked, Links, Unlinked, read
from bot.play.event import Choose
from bot.play.step import Reason
from bot.store.errors import StoreError
from bot.store.port import EventKey, Identity, Purchase, Session
from bot.store.sqlite import SQLiteStore
from tests.fakes.house import START, House
from tests.fakes.priced import TOLLGATE
from tests.fakes.store import FailingStore
from tests.fakes.visitor import Visitor, scenes

LATER = START + 60_000
WRONG = "ABCD-EFGH"


@pytest.fixture
def links(app: App) -> Links:
    return Links(app)


async def code_of(app: App, links: Links, who: Visitor, at: int = START) -> str:
    return await links.code((await app.store.viewer(who.platform, who.user)).id, at)


async def join(app: App, links: Links, who: Visitor, to: Visitor, at: int = LATER) -> Linked:
    """`who` enters a code of `to`."""
    linked = await links.enter(who.platform, who.user, await code_of(app, links, to, at), at)
    assert isinstance(linked, Linked)
    return linked


async def sessions(app: App, who: Visitor) -> list[Session]:
    return list(await app.store.sessions_of((await app.store.viewer(who.platform, who.user)).id))


# -- codes


def test_a_code_is_read_however_it_is_written() -> None:
    for text in (
        "abcdefgh",
        "ABCD-EFGH",
        " abcd efgh ",
        "ab-cd-ef-gh",
        "ABCD – EFGH",
        "`ABCD-EFGH`",
        "\uff21BCD\u2011EFGH.",
    ):
        assert read(text) == "abcdefgh"
    for text in ("", "abc", "abcdefghj", "abcd-efg0", "abcd-efgl", "ábcd-efgh", "/start", "\ud800" * 8, "x" * 10_000):
        assert read(text) is None


async def test_a_code_is_shown_in_two_groups_of_letters_that_are_not_mistaken(app: App, links: Links) -> None:
    shown = await code_of(app, links, Visitor(app))
    assert len(shown) == LENGTH + 1
    assert shown[4] == "-"
    assert set(shown.replace("-", "").lower()) <= set(LETTERS)
    assert not set(LETTERS) & set("ilo01")
    assert len(LETTERS) ** LENGTH > 2**39


async def test_a_code_is_good_once_and_for_ten_minutes(app: App, links: Links) -> None:
    ann = Visitor(app)
    code = await code_of(app, links, ann)
    assert await links.enter("telegram", "5", code, START + VALID) is Unlinked.WRONG
    code = await code_of(app, links, ann)
    assert isinstance(await links.enter("telegram", "5", code, START + VALID - 1), Linked)
    assert await links.enter("telegram", "6", code, START + VALID - 1) is Unlinked.WRONG


async def test_a_code_entered_by_two_at_once_joins_one(app: App, links: Links) -> None:
    await (ann := Visitor(app)).open()
    code = await code_of(app, links, ann)
    entered = await asyncio.gather(*(links.enter("telegram", str(user), code, LATER) for user in range(8)))
    assert sum(isinstance(one, Linked) for one in entered) == 1
    assert entered.count(Unlinked.WRONG) == 7
    assert len(await app.store.identities((await app.store.viewer("web", "ann")).id)) == 2


async def test_who_enters_a_code_twice_gets_the_same_answer(app: App, links: Links) -> None:
    await (ann := Visitor(app)).open()
    code = await code_of(app, links, ann)
    first, second = await asyncio.gather(*(links.enter("telegram", "5", code, LATER) for _ in range(2)))
    assert isinstance(first, Linked)
    assert first == second == await Links(app).enter("telegram", "5", code, LATER + VALID)


async def test_ones_own_code_stays_good(app: App, links: Links) -> None:
    ann = Visitor(app)
    code = await code_of(app, links, ann)
    assert await links.enter("web", "ann", code, START) is Unlinked.OWN
    assert isinstance(await links.enter("telegram", "5", code, START), Linked)
    # Those two are one already.
    assert await links.enter("telegram", "5", await code_of(app, links, ann), START) is Unlinked.OWN


async def test_a_code_of_who_was_forgotten_joins_nobody(app: App, links: Links) -> None:
    ann = Visitor(app)
    code = await code_of(app, links, ann)
    await app.store.forget((await app.store.viewer("web", "ann")).id)
    assert await links.enter("telegram", "5", code, START) is Unlinked.WRONG


# -- guesses


async def test_guesses_are_few_and_a_right_one_is_not_counted(app: App, links: Links) -> None:
    code = await code_of(app, links, Visitor(app))
    for _ in range(GUESSES - 1):
        assert await links.enter("telegram", "5", WRONG, START) is Unlinked.WRONG
    own = await links.code((await app.store.viewer("telegram", "5")).id, START)
    for _ in range(3):
        assert await links.enter("telegram", "5", own, START) is Unlinked.OWN
    assert await links.enter("telegram", "5", WRONG, START) is Unlinked.WRONG
    assert await links.enter("telegram", "5", code, START + MINUTE - 1) is Unlinked.MANY
    assert isinstance(await links.enter("telegram", "5", code, START + MINUTE), Linked)


async def test_guesses_made_at_once_are_counted_too(app: App, links: Links) -> None:
    entered = await asyncio.gather(*(links.enter("telegram", "5", WRONG, START) for _ in range(20)))
    assert entered.count(Unlinked.WRONG) == GUESSES
    assert await links.enter("telegram", "6", WRONG, START) is Unlinked.WRONG


async def test_what_cannot_be_a_code_is_no_guess(app: App, links: Links) -> None:
    for _ in range(2 * GUESSES):
        assert await links.enter("telegram", "5", "hello", START) is Unlinked.WRONG
    assert isinstance(await join(app, links, Visitor(app, "5", "telegram"), Visitor(app), START), Linked)


def test_guesses_of_many_who_are_one_person_are_bounded() -> None:
    guesses = Guesses(most=10)
    may = [guesses.may(Identity("web", str(number)), START) for number in range(GUESSES_OF_ALL + 5)]
    assert may == [True] * GUESSES_OF_ALL + [False] * 5
    assert len(guesses._by) <= 10
    assert guesses.may(Identity("web", "new"), START + MINUTE)


# -- places


async def test_who_enters_a_code_has_the_places_of_both(house: House, app: App, links: Links) -> None:
    house.write("tollgate", TOLLGATE)
    await app.library.load(START)
    ann, phone = Visitor(app), Visitor(app, "5", "telegram", address="telegram:5")
    await ann.open()
    await phone.open("tollgate", at=START + 5_000)
    linked = await join(app, links, phone, ann)
    assert linked.both == ()
    assert linked.last is not None
    assert linked.last.story == "tollgate"
    assert {one.story for one in await sessions(app, ann)} == {"crossroads", "tollgate"}
    assert await sessions(app, ann) == await sessions(app, phone)
    # Each goes on in the other's story as in their own.
    ann.session, ann.revision = phone.session, phone.revision
    assert scenes(await ann.tap("walk")) == ["park"]


async def test_who_is_new_just_becomes_the_other(app: App, links: Links) -> None:
    ann, phone = Visitor(app), Visitor(app, "5", "telegram")
    await ann.open()
    await ann.tap("right")
    linked = await join(app, links, phone, ann)
    assert linked.last is not None
    assert (linked.last.id, linked.last.revision) == (ann.session, 1)
    assert (await phone.open()).session.id == ann.session


@pytest.mark.parametrize("enters", ["earlier", "later"])
async def test_of_two_places_in_a_story_the_one_played_last_stays(app: App, links: Links, enters: str) -> None:
    ann, phone = Visitor(app), Visitor(app, "5", "telegram")
    await ann.open()
    await ann.tap("right", at=START + 1_000)
    await phone.open(at=START + 500)
    await phone.tap("left", at=START + 9_000)
    who, to = (ann, phone) if enters == "earlier" else (phone, ann)
    linked = await join(app, links, who, to)
    assert linked.both == ("crossroads",)
    assert linked.last is not None
    assert linked.last.id == phone.session
    [kept] = await sessions(app, ann)
    assert kept.id == phone.session
    assert scenes(await app.current("web", "ann", phone.session)) == ["clock"]
    with pytest.raises(UnknownSession):
        await app.current("web", "ann", ann.session)


async def test_endings_found_in_the_place_that_goes_are_found(app: App, links: Links) -> None:
    ann, phone = Visitor(app), Visitor(app, "5", "telegram", address="telegram:5")
    await ann.open()
    for choice in ("right", "on"):
        await ann.tap(choice, at=START + 1_000)
    await phone.open()
    await phone.tap("left", at=START + 9_000)
    before = await app.store.pending("telegram", 0, 100)
    await join(app, links, phone, ann)
    answer = await app.current("web", "ann", phone.session)
    assert answer.state.ended == {"dawn"}
    assert {"clearing", "morning", "dawn"} <= answer.state.seen
    assert answer.session.revision == phone.revision + 1
    # The card that stands in the chat has buttons of a revision that is over: it is shown again.
    after = await app.store.pending("telegram", 0, 100)
    assert [(one.session, one.revision) for one in after[len(before) :]] == [(phone.session, phone.revision + 1)]
    # And its clock still runs.
    [due] = await app.store.due(LATER, 10)
    assert (due.session, due.revision) == (phone.session, phone.revision + 1)


async def test_a_tap_that_meets_a_join_is_counted_or_kindly_refused(app: App, links: Links) -> None:
    ann, phone = Visitor(app), Visitor(app, "5", "telegram")
    await ann.open()
    await ann.tap("right")
    await phone.open(at=START + 9_000)
    code = await code_of(app, links, ann, LATER)
    # Whichever is first, the phone was played last.
    answer, linked = await asyncio.gather(phone.tap("left", at=LATER), links.enter("telegram", "5", code, LATER))
    assert isinstance(linked, Linked)
    assert answer.notice in (None, Reason.MOVED_ON)
    assert [one.id for one in await sessions(app, ann)] == [phone.session]
    assert "clearing" in (await app.current("web", "ann", phone.session)).state.seen


async def test_a_join_that_failed_half_way_lost_nothing_and_the_code_is_still_good(house: House) -> None:
    async with house.running(FailingStore) as app:
        assert isinstance(app.store, FailingStore)
        links, ann, phone = Links(app), Visitor(app), Visitor(app, "5", "telegram")
        await ann.open()
        await ann.tap("right")
        await phone.open(at=START + 9_000)
        code = await code_of(app, links, ann, LATER)
        app.store.failures["merge"] = 1
        with pytest.raises(StoreError):
            await links.enter("telegram", "5", code, LATER)
        assert [one.id for one in await sessions(app, ann)] == [ann.session]
        assert isinstance(await links.enter("telegram", "5", code, LATER), Linked)
        assert "clearing" in (await app.current("web", "ann", phone.session)).state.seen


async def test_a_story_that_is_gone_keeps_nobody_from_joining(app: App, links: Links) -> None:
    ann, phone = Visitor(app), Visitor(app, "5", "telegram")
    for one in (ann, phone):
        await one.open()
    app.library.stories.clear()
    app.library._versions.clear()
    assert isinstance(app.store, SQLiteStore)
    await app.store._change("DELETE FROM story_version")
    linked = await join(app, links, phone, ann)
    assert linked.both == ("crossroads",)


async def test_what_one_has_bought_the_other_has(house: House, app: App, links: Links) -> None:
    house.write("tollgate", TOLLGATE)
    await app.library.load(START)
    ann, phone = Visitor(app), Visitor(app, "5", "telegram")
    await ann.open("tollgate")
    assert (await ann.tap("knock")).state.held is not None
    viewer = (await app.store.viewer("telegram", "5")).id
    charge = Purchase("charge-1", "telegram", "5", viewer, "tollgate", "house", 50, START)
    await app.store.buy(EventKey("telegram", "paid"), charge)
    await join(app, links, phone, ann)
    assert scenes(await ann.open("tollgate")) == ["lobby", "stairs"]


async def test_a_place_remembered_is_the_joined_viewers(app: App, links: Links) -> None:
    ann, phone = Visitor(app), Visitor(app, "5", "telegram")
    await ann.open()
    await phone.open(at=START + 9_000)
    await phone.tap("right", at=START + 10_000)
    await join(app, links, phone, ann)
    answer = await phone.tell(Choose(phone.revision, "back"), at=LATER + 1)
    if answer.notice is not None:
        answer = await phone.tell(Choose(answer.session.revision, "back"), at=LATER + 1)
    assert answer.session.viewer == (await app.store.viewer("web", "ann")).id


async def test_joined_three_times_over_a_person_is_one(app: App, links: Links) -> None:
    web, chat, guild = Visitor(app), Visitor(app, "5", "telegram"), Visitor(app, "9", "discord")
    await join(app, links, chat, web)
    await join(app, links, web, guild)
    viewer = await app.store.viewer("discord", "9")
    assert len(await app.store.identities(viewer.id)) == 3
    assert await app.store.linked("web:ann") == ["discord:9", "telegram:5", "web:ann"]


async def test_a_join_is_there_after_a_restart(house: House) -> None:
    async with house.running() as app:
        ann, phone = Visitor(app), Visitor(app, "5", "telegram")
        await ann.open()
        links = Links(app)
        code = await code_of(app, links, ann)
    async with house.running() as app:
        assert isinstance(await Links(app).enter("telegram", "5", code, START), Linked)
    async with house.running() as app:
        phone = Visitor(app, "5", "telegram")
        assert (await phone.open()).session.id == ann.session
        assert await Links(app).enter("telegram", "6", code, START) is Unlinked.WRONG
