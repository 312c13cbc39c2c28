"""What every store promises about chats: cards of no step, what stands where, chats that are lost or move."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.store.errors import Unstorable
from bot.store.port import Commit, OutboxCard, Outcome, Session, Store
from tests.bot.store.rooms import gather_room, stands
from tests.bot.store.steps import after, begin, card, due, event, step


async def begin_at(store: Store, address: str, user: str = "ann", story: str = "last-train") -> Session:
    """A session with cards and a timer, that goes on at that address of the console."""
    session = await begin(store, user, story)
    there = after(session, address=f"console:{address}")
    made = Commit(event(), there, 0, (card(there, address=address),), (due(there, 5_000),))
    assert await store.commit(made) is Outcome.COMMITTED
    return there


async def addresses(store: Store) -> list[str]:
    return [one.address for one in await store.pending("console", 0, 100)]


# -- cards of no step


async def test_a_posted_card_waits_in_the_outbox(store: Store) -> None:
    posted = OutboxCard("console", "chat-9", 0, 0, b"the catalogue")
    assert await store.post(None, [posted, replace(posted, body=b"more")]) is Outcome.COMMITTED
    waiting = await store.pending("console", 0, 10)
    assert [replace(one, id=0) for one in waiting] == [posted, replace(posted, body=b"more")]


async def test_cards_posted_for_an_event_are_posted_once(store: Store) -> None:
    key, posted = event(), OutboxCard("console", "chat-9", 0, 0, b"the catalogue")
    outcomes = await asyncio.gather(*(store.post(key, [posted]) for _ in range(10)))
    assert sorted(one.value for one in outcomes) == ["committed"] + ["duplicate"] * 9
    assert await store.seen(key)
    assert await store.post(key, [posted]) is Outcome.DUPLICATE
    assert await addresses(store) == ["chat-9"]


async def test_a_step_and_a_post_for_one_event_are_one(store: Store) -> None:
    tap = step(await begin(store))
    await store.commit(tap)
    assert await store.post(tap.event, [card(tap.session)]) is Outcome.DUPLICATE
    assert await addresses(store) == []


async def test_a_posted_card_that_its_session_has_left_behind_goes_nowhere(store: Store) -> None:
    before = await begin(store)
    tap = step(before, cards=(card(after(before), b"new"),))
    await store.commit(tap)
    key = event()
    late = [card(before, b"old"), card(tap.session, b"again"), replace(card(tap.session), session=9)]
    assert await store.post(key, late) is Outcome.COMMITTED
    assert await store.seen(key)
    assert [one.body for one in await store.pending("console", 0, 10)] == [b"new", b"again"]
    await store.forget(before.viewer)
    assert await store.post(None, [card(tap.session)]) is Outcome.COMMITTED
    assert await addresses(store) == []


async def test_an_event_whose_cards_cannot_be_stored_is_not_known(store: Store) -> None:
    key = event()
    with pytest.raises(Unstorable):
        await store.post(
            key, [OutboxCard("console", "chat", 0, 0, b"fine"), OutboxCard("console", "\ud800", 0, 0, b"")]
        )
    assert not await store.seen(key)
    assert await addresses(store) == []


# -- what stands where


async def test_where_a_card_stands_is_kept_and_replaced(store: Store) -> None:
    session = (await begin(store)).id
    assert await store.shown("console", "chat-1", session) is None
    await store.keep_shown(stands(session))
    newer = stands(session, revision=4, body=b"message 9", at=2_000)
    await store.keep_shown(newer)
    assert await store.shown("console", "chat-1", session) == newer
    assert await store.shown("telegram", "chat-1", session) is None


async def test_what_comes_late_takes_no_later_cards_place(store: Store) -> None:
    session = (await begin(store)).id
    newer, again = stands(session, revision=4), stands(session, revision=4, body=b"message 9")
    await asyncio.gather(*(store.keep_shown(one) for one in (newer, stands(session, revision=3))))
    assert await store.shown("console", "chat-1", session) == newer
    await store.keep_shown(stands(session, revision=3))
    assert await store.shown("console", "chat-1", session) == newer
    await store.keep_shown(again)
    assert await store.shown("console", "chat-1", session) == again


async def test_a_chat_tells_every_card_that_stands_in_it_the_latest_first(store: Store) -> None:
    first, second = (await begin(store)).id, (await begin(store, story="other")).id
    kept = [stands(first), stands(second, at=9_000), stands(0, at=5_000)]
    for one in [*kept, stands(first, "chat-2"), stands(first, "chat-1/7"), stands(first, platform="web")]:
        await store.keep_shown(one)
    assert await store.shown_in("console", "chat-1") == [kept[1], kept[2], kept[0]]
    assert await store.shown_in("console", "nowhere") == []


async def test_nothing_is_kept_of_a_session_that_is_gone(store: Store) -> None:
    await store.keep_shown(stands(12_345))
    assert await store.shown_in("console", "chat-1") == []


# -- lost chats


async def test_a_lost_chat_gets_no_cards_and_no_timers(store: Store) -> None:
    lost = await begin_at(store, "1")
    topic = await begin_at(store, "1/7", story="other")
    await begin_at(store, "10", "bob")
    await store.lose_chat("console", "1", 9_000)
    assert await addresses(store) == ["10"]
    assert len(await store.due(9_000, 10)) == 1
    assert await store.session(lost.id) == lost
    assert await store.session(topic.id) == topic


async def test_a_chat_is_lost_from_the_first_time_until_it_is_found(store: Store) -> None:
    assert await store.chat_lost("console", "1") is None
    await store.lose_chat("console", "1", 9_000)
    await store.lose_chat("console", "1", 9_500)
    assert await store.chat_lost("console", "1") == 9_000
    assert await store.chat_lost("console", "1/7") == 9_000
    assert await store.chat_lost("console", "10") is None
    assert await store.chat_lost("telegram", "1") is None
    await store.find_chat("console", "1/7")
    assert await store.chat_lost("console", "1") is None


async def test_a_lost_topic_takes_nothing_of_its_chat_along(store: Store) -> None:
    await begin_at(store, "1")
    await begin_at(store, "1/7", story="other")
    await store.lose_chat("console", "1/7", 9_000)
    assert await addresses(store) == ["1"]
    assert len(await store.due(9_000, 10)) == 1
    assert await store.chat_lost("console", "1") is None
    assert await store.chat_lost("console", "1/7") == 9_000


async def test_a_session_that_left_a_chat_keeps_its_timers_when_that_is_lost(store: Store) -> None:
    session = await begin_at(store, "1")
    elsewhere = after(session, address="console:2")
    await store.commit(Commit(event(), elsewhere, session.revision, agenda=(due(elsewhere, 6_000),)))
    nowhere = await begin_at(store, "1", "bob")
    silent = after(nowhere, address=None)
    await store.commit(Commit(event(), silent, nowhere.revision, agenda=(due(silent, 7_000),)))
    await store.lose_chat("console", "1", 9_000)
    assert [one.at for one in await store.due(9_000, 10)] == [6_000, 7_000]


# -- chats that move


async def test_a_chat_that_moves_takes_everything_along(store: Store) -> None:
    session, topic = await begin_at(store, "-1"), await begin_at(store, "-1/7", story="other")
    other = await begin_at(store, "-10", "bob")
    held = await gather_room(store, address="-1")
    for one in (stands(session.id, "-1"), stands(topic.id, "-1/7"), stands(other.id, "-10")):
        await store.keep_shown(one)
    await store.move_chat("console", "-1", "-100200")
    assert await store.session(session.id) == replace(session, address="console:-100200")
    assert await store.session(topic.id) == replace(topic, address="console:-100200/7")
    assert await store.session(other.id) == other
    assert await addresses(store) == ["-100200", "-100200/7", "-10"]
    assert await store.room(held.session) == replace(held, address="-100200", version=held.version + 1)
    assert await store.shown("console", "-100200", session.id) == stands(session.id, "-100200")
    assert await store.shown("console", "-100200/7", topic.id) == stands(topic.id, "-100200/7")
    assert await store.shown_in("console", "-1") == []
    assert await store.shown_in("console", "-10") == [stands(other.id, "-10")]


async def test_a_chat_that_moved_is_lost_under_its_new_id(store: Store) -> None:
    await begin_at(store, "-1")
    await store.lose_chat("console", "-1/7", 8_000)
    await store.move_chat("console", "-1", "-2")
    assert await store.chat_lost("console", "-2/7") == 8_000
    assert await store.chat_lost("console", "-1/7") is None
    await store.lose_chat("console", "-2", 9_000)
    assert await addresses(store) == []
    assert await store.next_due() is None


async def test_moving_twice_or_onto_itself_changes_nothing(store: Store) -> None:
    session = await begin_at(store, "-1")
    await store.keep_shown(stands(session.id, "-1"))
    await store.keep_shown(stands(session.id, "-2", body=b"newer"))
    await store.move_chat("console", "-1", "-1")
    assert len(await store.shown_in("console", "-1")) == 1
    await store.move_chat("console", "-1", "-2")
    await store.move_chat("console", "-1", "-2")
    assert await store.shown_in("console", "-2") == [stands(session.id, "-2", body=b"newer")]
    assert await store.shown_in("console", "-1") == []
    assert await addresses(store) == ["-2"]
