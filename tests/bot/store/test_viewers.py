"""What every store promises about viewers: who they are, what they set, what they can see and have forgotten."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace

import pytest

from bot.store.errors import Unstorable
from bot.store.port import Commit, EventKey, Identity, OutboxCard, Outcome, Session, Store
from tests.bot.store.rooms import SHUT, decided, gather_room, paid, planned, room, stands, vote
from tests.bot.store.steps import STORY, after, begin, card, chose, due, event, step

STATE = {"scene": "whistle", "path": ">get-on"}


async def live(store: Store, user: str) -> Session:
    """A viewer who did everything one can do; returns their session in its chat, which has their name."""
    session = await begin(store, user)
    there = after(session, address=f"console:{user}", state=zlib.compress(json.dumps(STATE).encode()))
    made = Commit(event(), there, 0, (card(there, b'{"card":1}', user),), (due(there, 5_000),), (chose("get-on"),))
    assert await store.commit(made) is Outcome.COMMITTED
    await store.prefer(session.viewer, "one-message", "yes")
    await store.keep_shown(stands(session.id, user))
    await store.buy(event(), paid(session.viewer, f"charge-{user}", user=user))
    held = await store.room_by_code("red-fox") or await gather_room(store)
    await store.cast(event(), vote(held, f"console:{user}"))
    await lead(store, user)
    await store.plan(event(), planned(user, host=f"console:{user}"))
    await store.keep_code(f"code-{user}", session.viewer, 1_000, 9_000)
    await store.post(None, [OutboxCard("console", user, 0, 0, b"hello")])
    return there


async def lead(store: Store, user: str) -> None:
    """They host a room of their own, vote in it, and the ballot is decided."""
    held = await gather_room(store, f"{user}s-room")
    await store.cast(event(), vote(held, f"console:{user}"))
    session = await store.session(held.session)
    assert session is not None
    ballot = decided(held, host=f"console:{user}")
    made = step(session, room=replace(held, revision=1, version=2), ballot=ballot)
    assert await store.commit(made) is Outcome.COMMITTED


# -- preferences


async def test_preferences_are_set_replaced_and_removed(store: Store) -> None:
    ann, bob = await store.viewer("console", "ann"), await store.viewer("console", "bob")
    assert await store.preferences(ann.id) == {}
    for name, value in (("sound", "on"), ("one-message", "yes"), ("sound", "off")):
        await store.prefer(ann.id, name, value)
    assert await store.preferences(ann.id) == {"sound": "off", "one-message": "yes"}
    await store.prefer(ann.id, "sound", None)
    await store.prefer(ann.id, "never-set", None)
    assert await store.preferences(ann.id) == {"one-message": "yes"}
    assert await store.preferences(bob.id) == {}


async def test_nobody_has_no_preferences(store: Store) -> None:
    with pytest.raises(Unstorable):
        await store.prefer(12_345, "sound", "on")
    assert await store.preferences(12_345) == {}


# -- identities


async def test_a_viewer_may_have_several_identities(store: Store) -> None:
    ann = await store.viewer("console", "ann")
    await store.link(Identity("web", "browser-1"), ann.id)
    await store.link(Identity("web", "browser-1"), ann.id)
    assert await store.viewer("web", "browser-1") == ann
    assert await store.identities(ann.id) == [Identity("console", "ann"), Identity("web", "browser-1")]
    assert await store.identities(12_345) == []


async def test_an_identity_that_is_pointed_elsewhere_leaves_its_sessions_behind(store: Store) -> None:
    before = await begin(store, "ann")
    bob = await store.viewer("console", "bob")
    await store.link(Identity("console", "ann"), bob.id)
    assert await store.viewer("console", "ann") == bob
    assert await store.identities(before.viewer) == []
    assert await store.sessions_of(before.viewer) == [before]
    assert await store.sessions_of(bob.id) == []
    assert await store.session(before.id, Identity("console", "ann")) is None


async def test_an_identity_cannot_stand_for_nobody(store: Store) -> None:
    ann = await store.viewer("console", "ann")
    with pytest.raises(Unstorable):
        await store.link(Identity("console", "ann"), 12_345)
    assert await store.viewer("console", "ann") == ann


# -- export


async def test_a_viewer_can_see_everything_kept_about_them(store: Store) -> None:
    session = await live(store, "ann")
    await live(store, "bob")
    tables = json.loads(json.dumps(await store.export(session.viewer)))
    assert {table: len(rows) for table, rows in tables.items()} == {
        "viewer": 1, "identity": 1, "preference": 1, "session": 1, "agenda": 1,
        "outbox": 1, "shown": 1, "vote": 2, "ballot": 1, "plan": 1, "link_code": 1, "purchase": 1, "fact": 1,
        "draft": 0, "role": 0, "invite": 0, "audit": 0, "publication": 0, "rehearsal": 0,
    }  # fmt: skip
    assert tables["session"][0]["state"] == STATE
    assert tables["outbox"][0]["body"] == {"card": 1}
    assert tables["shown"][0]["body"] == "message 7"
    assert {row["voter"] for row in tables["vote"]} == {"console:ann"}
    assert tables["ballot"][0]["body"] == {"choices": 2}
    assert tables["plan"][0]["address"] == "ann"
    assert tables["link_code"][0]["code"] == "code-ann"
    assert tables["purchase"][0]["charge"] == "charge-ann"
    assert tables["fact"][0]["choice"] == "get-on"


async def test_bytes_that_are_no_text_are_exported_too(store: Store) -> None:
    session = await begin(store)
    await store.commit(Commit(event(), after(session, state=b"\xff\x00"), 0))
    assert (await store.export(session.viewer))["session"][0]["state"] == "/wA="


async def test_of_nobody_nothing_is_kept(store: Store) -> None:
    await live(store, "ann")
    assert not any((await store.export(12_345)).values())


# -- forget


async def test_of_a_viewer_who_was_forgotten_nothing_is_left(store: Store) -> None:
    session, other = await live(store, "ann"), await live(store, "bob")
    bobs = await store.export(other.viewer)
    await store.lose_chat("console", "ann/7", 8_000)
    await store.forget(session.viewer, [("console", "ann")])
    assert not any((await store.export(session.viewer)).values())
    assert await store.session(session.id) is None
    assert await store.shown_in("console", "ann") == []
    assert await store.chat_lost("console", "ann/7") is None
    assert await store.preferences(session.viewer) == {}
    assert {one.address for one in await store.pending("console", 0, 100)} == {"bob"}
    assert [one.session for one in await store.due(9_000, 10)] == [other.id]
    assert await store.export(other.viewer) == bobs
    assert (await store.viewer("console", "ann")).id != session.viewer


async def test_a_forgotten_viewers_purchases_lose_the_name(store: Store) -> None:
    session = await live(store, "ann")
    await live(store, "bob")
    await store.forget(session.viewer)
    assert await store.purchase("charge-ann") == paid(None, "charge-ann", user="")
    assert await store.buy(event(), paid(session.viewer, "charge-ann")) is Outcome.DUPLICATE
    assert await store.refund("charge-ann", 9_000)
    assert await store.choice_counts(STORY, "whistle") == {"get-on": 2}


async def test_a_forgotten_viewers_votes_can_still_be_counted_but_name_nobody(store: Store) -> None:
    session = await live(store, "ann")
    held = await store.room_by_code("anns-room")
    assert held is not None
    await store.forget(session.viewer)
    [kept] = await store.votes_in(held.session)
    [ballot] = await store.ballots(held.session)
    assert kept == vote(room(session), kept.voter, session=held.session)
    assert kept.voter.startswith("gone:")
    assert ballot.host == kept.voter
    assert b"ann" not in ballot.body


async def test_each_who_is_forgotten_is_somebody_else(store: Store) -> None:
    held = await gather_room(store)
    sessions = [await begin(store, user) for user in ("ann", "bob")]
    for user in ("ann", "bob"):
        await store.cast(event(), vote(held, f"console:{user}"))
    await store.keep_room(None, replace(held, open=False, body=SHUT), 1)
    for session in sessions:
        await store.forget(session.viewer)
    assert len({one.voter for one in await store.votes(held.session, 0)}) == 2
    # Whoever had read these votes to count them finds another version of the room, and reads them again.
    counted_now = await store.room(held.session)
    assert counted_now is not None
    assert counted_now.version == 4


async def test_who_is_forgotten_and_comes_back_has_one_vote_on_an_open_ballot(store: Store) -> None:
    session = await live(store, "ann")
    await live(store, "bob")
    held = await store.room_by_code("red-fox")
    assert held is not None
    await store.forget(session.viewer)
    assert [one.voter for one in await store.votes(held.session, 0)] == ["console:bob"]
    await store.cast(event(), vote(held, "console:ann"))
    assert await store.tally(held.session, 0) == {"get-on": 2}


async def test_what_still_arrives_for_a_forgotten_viewer_changes_nothing(store: Store) -> None:
    session = await live(store, "ann")
    await store.forget(session.viewer, [("console", "ann")])
    assert await store.commit(step(session, cards=(card(session),))) is Outcome.CONFLICT
    await store.keep_shown(stands(session.id, "ann"))
    with pytest.raises(Unstorable):
        await store.prefer(session.viewer, "sound", "on")
    with pytest.raises(Unstorable):
        await store.commit(Commit(event(), replace(session, story="other", id=1), None))
    assert not any((await store.export(session.viewer)).values())
    assert await store.pending("console", 0, 10) == []
    assert await store.shown_in("console", "ann") == []


async def test_a_room_is_forgotten_with_its_votes_and_ballots(store: Store) -> None:
    await live(store, "ann")
    held = await store.room_by_code("anns-room")
    assert held is not None
    await store.forget((await store.viewer("room", "anns-room")).id)
    assert await store.room(held.session) is None
    assert await store.votes_in(held.session) == []
    assert await store.ballots(held.session) == []
    assert await store.cast(EventKey("console", "late"), vote(held)) is Outcome.CONFLICT


async def test_forgetting_nobody_harms_nobody(store: Store) -> None:
    session = await live(store, "ann")
    await store.forget(12_345)
    assert await store.session(session.id) == session
