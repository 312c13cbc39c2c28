"""What every store promises about watch-alongs: one room changes at a time, one vote a voter, none after the close."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import replace
from typing import Any

import pytest

from bot.store.errors import Unstorable
from bot.store.port import Commit, OutboxCard, Outcome, RoomRow, Session, Store
from tests.bot.store.conftest import NewStore
from tests.bot.store.rooms import closing_at, decided, gather_room, room, vote
from tests.bot.store.steps import after, begin, card, event, step

CARD = OutboxCard("console", "chat-1", 0, 0, b"paused")


async def session_of(store: Store, held: RoomRow) -> Session:
    session = await store.session(held.session)
    assert session is not None
    return session


def stepped(held: RoomRow, **changes: Any) -> RoomRow:
    """The room as the next step leaves it: its next ballot is open."""
    return replace(held, **{"revision": held.revision + 1, "version": held.version + 1, **changes})


# -- rooms


async def test_a_room_comes_back_as_it_was_committed(store: Store) -> None:
    held = await gather_room(store, body=b'{"host":"ann"}', open=False)
    assert await store.room(held.session) == held
    assert await store.room_by_code("red-fox") == held
    assert await store.room_at("console", "chat-1") == held
    moved = stepped(held, open=True, body=b"on", address="chat-2")
    assert await store.commit(step(await session_of(store, held), room=moved)) is Outcome.COMMITTED
    assert await store.room(held.session) == moved
    assert await store.room_at("console", "chat-1") is None


@pytest.mark.parametrize("session", [1, -1, 2**63, 2**200])
async def test_a_room_nobody_has_is_none(store: Store, session: int) -> None:
    await gather_room(store)
    assert await store.room(session) is None
    assert await store.room_by_code("blue-fox") is None
    assert await store.room_at("telegram", "chat-1") is None
    assert await store.cast(event(), vote(room(await begin(store)), session=session)) is Outcome.CONFLICT


async def test_a_chats_room_is_the_one_begun_last_that_has_not_ended(store: Store) -> None:
    first, second, third = [await gather_room(store, code) for code in ("a", "b", "c")]
    await store.commit(step(await session_of(store, first), room=stepped(first)))
    assert await store.room_at("console", "chat-1") == third
    await store.keep_room(None, replace(third, ended=True, open=False), 1)
    assert await store.room_at("console", "chat-1") == second
    ended = await store.room(third.session)
    assert ended is not None
    assert ended.ended
    assert await store.room_by_code("c") == ended


async def test_two_rooms_never_have_one_code(store: Store) -> None:
    held = await gather_room(store)
    other = replace(await begin(store), id=secrets.randbits(62), story="other")
    assert await store.commit(Commit(event(), other, None, room=room(other))) is Outcome.CONFLICT
    assert await store.session(other.id) is None
    assert await store.room_by_code("red-fox") == held


async def test_of_two_rooms_begun_at_once_under_one_code_one_is(store: Store) -> None:
    ann, bob = await begin(store, "ann"), await begin(store, "bob")
    outcomes = await asyncio.gather(*(store.commit(step(one, room=room(one))) for one in (ann, bob)))
    assert sorted(one.value for one in outcomes) == ["committed", "conflict"]
    loser = ann if outcomes[0] is Outcome.CONFLICT else bob
    assert await store.session(loser.id) == loser


async def test_a_step_does_not_undo_what_a_host_did_meanwhile(store: Store) -> None:
    held = await gather_room(store)
    session = await session_of(store, held)
    assert await store.keep_room(event(), replace(held, body=b"paused"), 1) is Outcome.COMMITTED
    late = step(session, cards=(card(session),), room=stepped(held))
    assert await store.commit(late) is Outcome.CONFLICT
    assert await store.session(held.session) == session
    assert not await store.seen(late.event)
    assert await store.pending("console", 0, 10) == []
    assert await store.commit(step(session, late.event, room=stepped(held, version=3))) is Outcome.COMMITTED


async def test_a_step_that_met_a_conflict_leaves_its_room_alone(store: Store) -> None:
    held = await gather_room(store)
    session = await session_of(store, held)
    await store.commit(step(session))
    assert await store.commit(step(session, room=stepped(held))) is Outcome.CONFLICT
    assert await store.room(held.session) == held


async def test_steps_of_a_room_that_follow_each_other_may_arrive_together(store: Store) -> None:
    held = await gather_room(store)
    session = await session_of(store, held)
    second, third = stepped(held), stepped(stepped(held))
    alone = await begin(store)
    outcomes = await asyncio.gather(
        store.commit(step(session, room=second)),
        store.commit(step(alone)),
        store.commit(step(after(session), room=third)),
    )
    assert list(outcomes) == [Outcome.COMMITTED] * 3
    assert await store.room(held.session) == third


# -- a room that changes without a step


async def test_a_room_is_changed_with_its_cards_and_its_agenda(store: Store) -> None:
    held = await gather_room(store)
    reminder = replace(closing_at(held, 6_000), kind="reminder")
    await store.keep_room(None, held, 1, dues=[closing_at(held, 5_000), reminder])
    paused = replace(held, body=b"paused", version=3)
    assert await store.keep_room(event(), paused, 2, [CARD], [closing_at(held, 7_000)]) is Outcome.COMMITTED
    assert await store.room(held.session) == paused
    assert [one.at for one in await store.due(9_000, 10)] == [7_000]
    assert [one.body for one in await store.pending("console", 0, 10)] == [b"paused"]
    await store.keep_room(None, paused, 3)
    assert [one.at for one in await store.due(9_000, 10)] == [7_000]
    await store.keep_room(None, paused, 4, dues=[])
    assert await store.next_due() is None


async def test_a_room_changed_twice_under_one_event_is_changed_once(store: Store) -> None:
    held, key = await gather_room(store), event()
    assert await store.keep_room(key, replace(held, body=b"one"), 1, [CARD]) is Outcome.COMMITTED
    assert await store.keep_room(key, replace(held, body=b"two"), 2, [CARD]) is Outcome.DUPLICATE
    assert await store.keep_room(key, replace(held, body=b"two"), 1, [CARD]) is Outcome.DUPLICATE
    assert await store.room(held.session) == replace(held, body=b"one", version=2)
    assert len(await store.pending("console", 0, 10)) == 1


async def test_a_room_that_has_changed_or_is_not_there_is_a_conflict(store: Store) -> None:
    held, key = await gather_room(store), event()
    await store.keep_room(None, held, 1)
    assert await store.keep_room(key, held, 1, [CARD], [closing_at(held, 5_000)]) is Outcome.CONFLICT
    nowhere = room(await begin(store), "blue-fox")
    assert await store.keep_room(key, nowhere, 0, [CARD]) is Outcome.CONFLICT
    assert not await store.seen(key)
    assert await store.pending("console", 0, 10) == []
    assert await store.next_due() is None


async def test_of_two_changes_at_once_one_wins(store: Store) -> None:
    held = await gather_room(store)
    outcomes = await asyncio.gather(*(store.keep_room(event(), replace(held, body=b"%d" % n), 1) for n in range(8)))
    assert outcomes.count(Outcome.COMMITTED) == 1
    kept = await store.room(held.session)
    assert kept == replace(held, body=b"%d" % outcomes.index(Outcome.COMMITTED), version=2)


async def test_a_change_that_cannot_be_stored_leaves_the_room_alone(store: Store) -> None:
    held, key = await gather_room(store), event()
    with pytest.raises(Unstorable):
        await store.keep_room(
            key, replace(held, body=b"half"), 1, [replace(CARD, body=b""), replace(CARD, id=0, address="\ud800")]
        )
    assert await store.room(held.session) == held
    assert not await store.seen(key)


# -- decided ballots


async def test_a_decided_ballot_is_written_with_its_step(store: Store) -> None:
    held = await gather_room(store)
    assert await store.ballots(held.session) == []
    ballot = decided(held, host=None, winner="stay")
    made = step(await session_of(store, held), room=stepped(held), ballot=ballot)
    assert await store.commit(made) is Outcome.COMMITTED
    assert await store.commit(made) is Outcome.DUPLICATE
    assert await store.ballots(held.session) == [ballot]


async def test_a_step_that_met_a_conflict_decided_nothing(store: Store) -> None:
    held = await gather_room(store)
    session = await session_of(store, held)
    await store.keep_room(None, held, 1)
    late = step(session, room=stepped(held), ballot=decided(held))
    assert await store.commit(late) is Outcome.CONFLICT
    assert await store.ballots(held.session) == []


async def test_ballots_and_votes_of_a_room_come_by_revision(store: Store) -> None:
    held = await gather_room(store)
    cast = []
    for revision in range(12):
        now = replace(held, revision=revision, version=revision + 1)
        cast += [vote(now, f"console:{name}") for name in ("ann", "bob")]
        for one in cast[-2:]:
            assert await store.cast(event(), one) is Outcome.COMMITTED
        await store.commit(step(await session_of(store, held), room=stepped(now), ballot=decided(now)))
    await gather_room(store, "blue-fox", address="chat-2")
    assert [one.revision for one in await store.ballots(held.session)] == list(range(12))
    assert await store.votes_in(held.session) == cast


async def test_many_ballots_decided_at_once_are_each_written_with_their_step(store: Store) -> None:
    rooms = [await gather_room(store, f"fox-{number}", address=f"chat-{number}") for number in range(8)]
    steps = [step(await session_of(store, held), room=stepped(held), ballot=decided(held)) for held in rooms]
    alone = [step(await begin(store, str(number))) for number in range(4)]
    broken = replace(steps[3], ballot=decided(rooms[3], winner="\ud800"))
    steps[3] = broken
    outcomes = await asyncio.gather(*(store.commit(one) for one in [*steps, *alone]), return_exceptions=True)
    assert [number for number, one in enumerate(outcomes) if isinstance(one, Unstorable)] == [3]
    assert outcomes.count(Outcome.COMMITTED) == 11
    assert [len(await store.ballots(held.session)) for held in rooms] == [1, 1, 1, 0, 1, 1, 1, 1]
    assert await store.session(rooms[3].session) == replace(broken.session, revision=0)


async def test_a_revision_is_decided_once(store: Store) -> None:
    held = await gather_room(store)
    session = await session_of(store, held)
    await store.commit(step(session, room=stepped(held), ballot=decided(held)))
    with pytest.raises(Unstorable):
        await store.commit(step(after(session), room=stepped(stepped(held)), ballot=decided(held, winner="stay")))
    assert [one.winner for one in await store.ballots(held.session)] == ["get-on"]
    assert await store.room(held.session) == stepped(held)


# -- votes


async def test_the_later_vote_of_a_voter_replaces_the_earlier(store: Store) -> None:
    held = await gather_room(store)
    assert await store.cast(event(), vote(held)) is Outcome.COMMITTED
    later = vote(held, ranking="stay get-on", weight=2, at=3_000)
    assert await store.cast(event(), later) is Outcome.COMMITTED
    assert await store.votes(held.session, 0) == [later]
    assert await store.votes(held.session, 1) == []


async def test_a_tally_adds_up_who_is_first(store: Store) -> None:
    held = await gather_room(store)
    rankings = {"ann": "stay get-on", "bob": "stay", "cat": "get-on stay", "dan": ""}
    for voter, ranking in rankings.items():
        await store.cast(event(), vote(held, f"console:{voter}", ranking, weight=3 if voter == "cat" else 1))
    assert await store.tally(held.session, 0) == {"stay": 2, "get-on": 3}
    assert await store.tally(held.session, 1) == {}
    assert [one.voter for one in await store.votes(held.session, 0)] == [f"console:{name}" for name in rankings]


async def test_a_vote_counts_once(store: Store) -> None:
    held, key = await gather_room(store), event()
    outcomes = await asyncio.gather(*(store.cast(key, vote(held, ranking=str(n))) for n in range(10)))
    assert list(outcomes) == [Outcome.COMMITTED] + [Outcome.DUPLICATE] * 9
    assert await store.cast(key, vote(held, ranking="again")) is Outcome.DUPLICATE
    assert await store.tally(held.session, 0) == {"0": 1}


async def test_a_ballot_takes_votes_at_its_own_revision_while_it_is_open(store: Store) -> None:
    held, key = await gather_room(store), event()
    assert await store.cast(key, vote(held, revision=1)) is Outcome.CONFLICT
    await store.keep_room(None, replace(held, open=False), 1)
    assert await store.cast(key, vote(held)) is Outcome.CONFLICT
    assert not await store.seen(key)
    await store.keep_room(None, held, 2)
    assert await store.cast(key, vote(held)) is Outcome.COMMITTED
    alone = await begin(store)
    assert await store.cast(event(), vote(room(alone))) is Outcome.CONFLICT


async def test_a_hundred_votes_of_one_voter_at_once_are_one(store: Store) -> None:
    held = await gather_room(store)
    outcomes = await asyncio.gather(*(store.cast(event(), vote(held, ranking=str(n))) for n in range(100)))
    assert set(outcomes) == {Outcome.COMMITTED}
    assert await store.votes(held.session, 0) == [vote(held, ranking="99")]


async def test_a_voters_own_vote_is_found(store: Store) -> None:
    held = await gather_room(store)
    for voter, wanted in (("console:1", "left"), ("console:2", "right"), ("console:1", "right")):
        await store.cast(event(), vote(held, voter, ranking=wanted))
    assert await store.vote_of(held.session, 0, "console:1") == vote(held, "console:1", ranking="right")
    assert await store.vote_of(held.session, 0, "console:3") is None
    assert await store.vote_of(held.session, 1, "console:1") is None


async def test_a_vote_that_cannot_be_stored_fails_alone(store: Store) -> None:
    held = await gather_room(store)
    votes = [vote(held, f"console:{n}" if n != 3 else "\ud800") for n in range(6)]
    outcomes = await asyncio.gather(*(store.cast(event(), one) for one in votes), return_exceptions=True)
    assert [n for n, one in enumerate(outcomes) if isinstance(one, Unstorable)] == [3]
    assert await store.tally(held.session, 0) == {"get-on": 5}


async def test_no_vote_is_taken_after_the_ballot_was_closed(store: Store) -> None:
    held = await gather_room(store)
    counted: dict[str, int] = {}

    async def close() -> None:
        await asyncio.sleep(0)
        assert await store.keep_room(event(), replace(held, open=False), 1) is Outcome.COMMITTED
        counted.update(await store.tally(held.session, 0))

    async def cast(number: int) -> Outcome:
        for _ in range(number // 40):
            await asyncio.sleep(0.001)
        return await store.cast(event(), vote(held, f"console:{number}"))

    *outcomes, _ = await asyncio.gather(*(cast(number) for number in range(400)), close())
    taken = outcomes.count(Outcome.COMMITTED)
    assert outcomes.count(Outcome.CONFLICT) == 400 - taken
    assert counted == await store.tally(held.session, 0)
    assert sum(counted.values()) == taken


async def test_votes_and_the_step_that_closes_their_ballot_may_arrive_together(store: Store) -> None:
    held = await gather_room(store)
    made = step(await session_of(store, held), room=stepped(held))
    early = [store.cast(event(), vote(held, f"console:{n}")) for n in range(50)]
    late = [store.cast(event(), vote(stepped(held), f"console:{n}")) for n in range(50)]
    outcomes = await asyncio.gather(*early, store.commit(made), *late)
    assert outcomes[50] is Outcome.COMMITTED
    for revision, cast in enumerate((outcomes[:50], outcomes[51:])):
        assert len(await store.votes(held.session, revision)) == list(cast).count(Outcome.COMMITTED)


async def test_rooms_and_votes_are_there_after_a_restart(new_store: NewStore) -> None:
    store = new_store()
    await store.open()
    held, key = await gather_room(store), event()
    await store.cast(key, vote(held))
    await store.close()
    store = new_store()
    await store.open()
    assert await store.room_by_code("red-fox") == held
    assert await store.cast(key, vote(held)) is Outcome.DUPLICATE
    assert await store.tally(held.session, 0) == {"get-on": 1}
    await store.close()
