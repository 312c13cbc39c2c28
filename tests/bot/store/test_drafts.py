"""What every store promises creators: drafts, roles, invitations, test plays, publications."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.store.drafts import (
    DRAFTS_KEPT,
    Deed,
    DraftRow,
    InviteRow,
    Moved,
    PublicationRow,
    RehearsalRow,
    RoleRow,
    State,
)
from bot.store.errors import Unstorable
from bot.store.port import Commit, EventKey, Identity, OutboxCard, Outcome, Session, Store
from tests.bot.store.rooms import gather_room
from tests.bot.store.steps import STORY, after, begin, event, step

NOON = 1_000_000


def deed(what: str = "sent", viewer: int = 1, story: str = STORY) -> Deed:
    return Deed(story, NOON, viewer, what, "1")


def draft(upload: int = 1, viewer: int = 1, story: str = STORY) -> DraftRow:
    return DraftRow(story, upload, viewer, NOON + upload, f'{{"story.yaml": "{upload}"}}', "{}")


async def sent(store: Store, uploads: int = 1, viewer: int = 1, story: str = STORY) -> None:
    for upload in range(1, uploads + 1):
        assert await store.keep_draft(draft(upload, viewer, story), deed(viewer=viewer, story=story)) is (
            Outcome.COMMITTED
        )


# -- drafts


async def test_the_first_upload_makes_its_sender_the_owner(store: Store) -> None:
    assert await store.draft(STORY) is None
    await sent(store)
    assert await store.draft(STORY) == draft()
    assert await store.role_in(STORY, 1) == "owner"
    assert await store.roles_of(1) == [RoleRow(STORY, 1, "owner", NOON + 1)]
    assert await store.audit(STORY, 10) == [deed()]


async def test_of_two_uploads_at_once_one_comes_after_the_other(store: Store) -> None:
    await sent(store)
    rows = [draft(2, viewer) for viewer in range(1, 6)]
    outcomes = await asyncio.gather(*(store.keep_draft(row, deed(viewer=row.viewer)) for row in rows))
    assert sorted(one.value for one in outcomes) == ["committed"] + ["conflict"] * 4
    assert len(await store.audit(STORY, 10)) == 2
    assert await store.role_in(STORY, 2) is None


async def test_of_two_first_uploads_at_once_one_is_the_owners(store: Store) -> None:
    rows = [draft(1, viewer) for viewer in range(1, 6)]
    outcomes = await asyncio.gather(*(store.keep_draft(row, deed(viewer=row.viewer)) for row in rows))
    assert sorted(one.value for one in outcomes) == ["committed"] + ["conflict"] * 4
    [owner] = await store.roles_in(STORY)
    kept = await store.draft(STORY)
    assert kept is not None
    assert owner.viewer == kept.viewer


async def test_the_latest_uploads_are_kept(store: Store) -> None:
    await sent(store, DRAFTS_KEPT + 3)
    assert await store.draft(STORY) == draft(DRAFTS_KEPT + 3)
    assert await store.draft(STORY, 3) is None
    assert await store.draft(STORY, 4) == draft(4)
    assert await store.draft("other") is None


async def test_of_a_story_that_is_dropped_only_the_log_stays(store: Store) -> None:
    await sent(store)
    await sent(store, story="other")
    await store.keep_invite(InviteRow("code", STORY, "tester", 1, NOON + 10), deed("invited"))
    await store.keep_rehearsal(RehearsalRow(1, STORY, 1, 0, "{}", NOON), None)
    assert await store.drop_story(deed("deleted"))
    assert not await store.drop_story(deed("deleted"))
    assert await store.draft(STORY) is None
    assert [row.story for row in await store.roles_of(1)] == ["other"]
    assert await store.use_invite("code", 2, NOON) is None
    assert await store.rehearsal(1) is None
    assert [one.deed for one in await store.audit(STORY, 10)] == ["deleted", "invited", "sent"]


# -- roles and invitations


async def test_roles_are_given_and_taken(store: Store) -> None:
    await sent(store)
    assert await store.give_role(RoleRow(STORY, 2, "tester", NOON + 5), deed("gave")) is Outcome.COMMITTED
    assert await store.give_role(RoleRow(STORY, 2, "writer", NOON + 6), deed("gave")) is Outcome.COMMITTED
    assert [(row.viewer, row.role) for row in await store.roles_in(STORY)] == [(1, "owner"), (2, "writer")]
    assert await store.take_role(STORY, 2, deed("took")) is Outcome.COMMITTED
    assert await store.take_role(STORY, 2, deed("took")) is Outcome.CONFLICT
    assert await store.role_in(STORY, 2) is None
    assert [one.deed for one in await store.audit(STORY, 10)] == ["took", "gave", "gave", "sent"]


async def test_a_story_always_has_an_owner(store: Store) -> None:
    await sent(store)
    assert await store.take_role(STORY, 1, deed("took")) is Outcome.CONFLICT
    assert await store.give_role(RoleRow(STORY, 1, "tester", NOON), deed("gave")) is Outcome.CONFLICT
    await store.give_role(RoleRow(STORY, 2, "owner", NOON), deed("gave"))
    both = await asyncio.gather(*(store.take_role(STORY, viewer, deed("took")) for viewer in (1, 2)))
    assert sorted(one.value for one in both) == ["committed", "conflict"]
    assert len(await store.roles_in(STORY)) == 1


async def test_an_invitation_works_once(store: Store) -> None:
    await sent(store)
    invite = InviteRow("code", STORY, "writer", 1, NOON + 10)
    await store.keep_invite(invite, deed("invited"))
    used = await asyncio.gather(*(store.use_invite("code", viewer, NOON + 1) for viewer in range(2, 7)))
    assert [one for one in used if one is not None] == [invite]
    assert len(await store.roles_in(STORY)) == 2
    joined = (await store.audit(STORY, 10))[0]
    assert (joined.deed, joined.detail, joined.viewer) == ("joined", "writer", 2 + used.index(invite))


async def test_an_invitation_is_over_at_its_time_and_others_go_then(store: Store) -> None:
    await sent(store)
    await store.keep_invite(InviteRow("code", STORY, "writer", 1, NOON + 10), deed("invited"))
    assert await store.use_invite("code", 2, NOON + 10) is None
    assert await store.use_invite("other", 2, NOON) is None
    later = replace(deed("invited"), at=NOON + 10)
    await store.keep_invite(InviteRow("again", STORY, "tester", 1, NOON + 30), later)
    assert await store.use_invite("code", 2, NOON) is None
    with pytest.raises(Unstorable):
        await store.keep_invite(InviteRow("again", STORY, "writer", 1, NOON + 40), later)


async def test_an_invitation_takes_nothing_away(store: Store) -> None:
    await sent(store)
    await store.keep_invite(InviteRow("code", STORY, "tester", 1, NOON + 10), deed("invited"))
    assert await store.use_invite("code", 1, NOON) is not None
    assert await store.role_in(STORY, 1) == "owner"


# -- test plays


async def test_a_test_play_goes_on_only_from_where_it_is(store: Store) -> None:
    row = RehearsalRow(1, STORY, 3, 0, '{"a": 1}', NOON)
    assert await store.rehearsal(1) is None
    assert await store.keep_rehearsal(row, 0) is Outcome.CONFLICT
    assert await store.keep_rehearsal(row, None) is Outcome.COMMITTED
    assert await store.rehearsal(1) == row
    onward = replace(row, upload=4, revision=1, body="{}", at=NOON + 1)
    taps = await asyncio.gather(*(store.keep_rehearsal(onward, 0) for _ in range(5)))
    assert sorted(one.value for one in taps) == ["committed"] + ["conflict"] * 4
    assert await store.rehearsal(1) == onward
    assert await store.keep_rehearsal(replace(onward, story="other"), 1) is Outcome.CONFLICT
    assert await store.keep_rehearsal(replace(row, story="other"), None) is Outcome.COMMITTED


# -- publishing


def row(number: int, version: str = "v2", state: State = "live") -> PublicationRow:
    return PublicationRow(STORY, number, version, state, 1, NOON + number, "{}")


def landed(session: Session, onward: int = 1) -> Moved:
    """The session at the new version, with a card."""
    then = replace(session, version="v2", revision=session.revision + onward, state=b"new")
    card = OutboxCard("chat", "there", then.id, then.revision, b"{}")
    return Moved(session, then, (card,) if onward else ())


def nobody(session: Session) -> Moved:
    raise AssertionError(f"{session} is not to be landed")


async def test_publishing_moves_every_session_in_one_go(store: Store) -> None:
    sessions = [await begin(store, user=str(number)) for number in range(5)]
    other = await begin(store, user="other", story="other")
    found = await store.sessions_in(STORY, 0, 100)
    assert [one.id for one in found] == sorted(one.id for one in sessions)
    moves = [landed(one, onward=number % 2) for number, one in enumerate(found)]
    waiting = len(await store.pending("chat", 0, 100))
    assert await store.publish(row(1), "sources", moves, nobody, deed("published")) == moves
    assert [await store.session(one.before.id) for one in moves] == [one.after for one in moves]
    assert await store.session(other.id) == other
    assert len(await store.pending("chat", 0, 100)) == waiting + 2
    assert await store.version(STORY, "v2") == "sources"
    assert await store.publications(STORY, 5) == [row(1)]
    assert (await store.audit(STORY, 1))[0].deed == "published"


async def test_who_moves_or_begins_while_it_is_published_is_landed_then(store: Store) -> None:
    still, moving = await begin(store, user="still"), await begin(store, user="moving")
    moves = [landed(one) for one in (still, moving)]
    moving = after(moving)
    await store.commit(Commit(event(), moving, 0))
    late = await begin(store, user="late")
    done = await store.publish(row(1), "sources", moves, landed, deed("published"))
    assert done is not None
    assert {one.before.id for one in done} == {still.id, moving.id, late.id}
    assert (await store.session(moving.id)) == landed(moving).after
    assert len(done) == 3


async def test_a_step_that_was_made_before_is_made_again_in_the_new_version(store: Store) -> None:
    session = await begin(store)
    await store.publish(row(1), "sources", [landed(session)], nobody, deed("published"))
    assert await store.commit(step(session)) is Outcome.CONFLICT


async def test_watch_alongs_stay_in_their_version(store: Store) -> None:
    room = await gather_room(store)
    session = await store.session(room.session)
    assert session is not None
    assert await store.sessions_in(session.story, 0, 10) == []
    done = await store.publish(replace(row(1), story=session.story), "sources", [], nobody, deed("published"))
    assert done == []
    assert await store.session(room.session) == session


async def test_of_two_who_publish_at_once_one_does(store: Store) -> None:
    await begin(store)
    tries = await asyncio.gather(*(store.publish(row(1), "s", [], landed, deed("published")) for _ in range(4)))
    assert sum(one is not None for one in tries) == 1
    assert await store.publish(row(3), "s", [], nobody, deed("published")) is None
    assert await store.publish(row(2, "v3", "stopped"), "s", [], landed, deed("stopped")) is not None
    assert [(one.number, one.state) for one in await store.publications(STORY, 5)] == [(2, "stopped"), (1, "live")]
    assert await store.published() == [row(2, "v3", "stopped")]


async def test_what_fails_to_land_publishes_nothing(store: Store) -> None:
    session = await begin(store)

    def fail(session: Session) -> Moved:
        raise ArithmeticError

    with pytest.raises(Unstorable, match="ArithmeticError"):
        await store.publish(row(1), "sources", [], fail, deed("published"))
    assert await store.publications(STORY, 5) == []
    assert await store.version(STORY, "v2") is None
    assert await store.session(session.id) == session
    assert await store.audit(STORY, 5) == []


# -- viewers


async def test_what_a_creator_did_is_theirs_to_see_and_goes_with_them(store: Store) -> None:
    ann, bob = await store.viewer("telegram", "ann"), await store.viewer("telegram", "bob")
    await sent(store, viewer=ann.id)
    await sent(store, viewer=ann.id, story="shared")
    await store.give_role(RoleRow("shared", bob.id, "owner", NOON), deed("gave", ann.id, "shared"))
    await store.keep_invite(InviteRow("code", "shared", "writer", ann.id, NOON + 10), deed("invited", ann.id, "shared"))
    await store.keep_rehearsal(RehearsalRow(ann.id, "shared", 1, 0, "{}", NOON), None)
    await store.publish(replace(row(1), viewer=ann.id), "s", [], nobody, deed("published", ann.id))
    about: Any = await store.export(ann.id)
    counts = {name: len(about[name]) for name in ("draft", "role", "invite", "audit", "publication", "rehearsal")}
    assert counts == {"draft": 2, "role": 2, "invite": 1, "audit": 5, "publication": 1, "rehearsal": 1}
    assert "code" not in str(about["invite"])
    await store.forget(ann.id)
    assert await store.draft(STORY) is None
    assert (await store.draft("shared")) == replace(draft(1, 0, "shared"))
    assert [one.viewer for one in await store.roles_in("shared")] == [bob.id]
    assert {one.viewer for one in await store.audit("shared", 9)} == {0}
    assert [one.viewer for one in await store.publications(STORY, 9)] == [0]
    assert await store.use_invite("code", bob.id, NOON) is None
    assert await store.rehearsal(ann.id) is None


async def test_two_who_are_one_have_the_greater_role(store: Store) -> None:
    ann, bob = await store.viewer("telegram", "ann"), await store.viewer("discord", "ann")
    await sent(store, viewer=ann.id)
    await sent(store, viewer=bob.id, story="theirs")
    await store.give_role(RoleRow(STORY, bob.id, "tester", NOON), deed("gave", ann.id))
    await sent(store, viewer=9, story="ours")
    await store.give_role(RoleRow("ours", ann.id, "writer", NOON), deed("gave", 9, "ours"))
    await store.give_role(RoleRow("ours", bob.id, "translator", NOON), deed("gave", 9, "ours"))
    assert await store.merge(ann.id, bob.id, [], EventKey("telegram", "1")) is Outcome.COMMITTED
    assert await store.viewer("telegram", "ann") == bob
    roles = {(one.story, one.role) for one in await store.roles_of(bob.id)}
    assert roles == {(STORY, "owner"), ("theirs", "owner"), ("ours", "writer")}
    assert await store.roles_of(ann.id) == []
    assert {one.viewer for one in await store.audit(STORY, 9)} == {bob.id}
    assert await store.identities(bob.id) == [Identity("discord", "ann"), Identity("telegram", "ann")]
