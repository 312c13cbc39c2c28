"""Several workers at one story: it always has an owner, and who plays it is moved on without a tap being lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import asyncpg
import pytest

from bot.store.drafts import Deed, DraftRow, InviteRow, Land, Moved, PublicationRow, RoleRow
from bot.store.port import Commit, Outcome, Session
from bot.store.postgres import PostgresStore
from tests.bot.store.steps import STORY, after, begin, card, event, step
from tests.fakes.postgres import ask

ROUNDS = 12
"""A race is run so often: a fault shows in most of them."""

Stores = list[PostgresStore]


@pytest.fixture
async def stores(postgres_url: str) -> AsyncIterator[Stores]:
    """Three workers on one database, each with its connections warm."""
    stores = [PostgresStore(postgres_url) for _ in range(3)]
    for store in stores:
        await store.open()
        await store.note_deed(deed("woke", "nobody's"))
    yield stores
    for store in stores:
        await store.close()


def deed(what: str = "did", story: str = STORY) -> Deed:
    return Deed(story, 1_000, 1, what)


def draft(story: str, upload: int = 1, viewer: int = 1) -> DraftRow:
    return DraftRow(story, upload, viewer, 1_000, "{}", "{}")


def live(number: int = 1) -> PublicationRow:
    return PublicationRow(STORY, number, "v2", "live", 1, 1_000, "{}")


def onward(session: Session) -> Moved:
    """One revision on in the next version, with a card."""
    then = after(session, version="v2")
    return Moved(session, then, (card(then, b"%d" % then.revision),))


async def owners(store: PostgresStore, story: str) -> list[int]:
    return [row.viewer for row in await store.roles_in(story) if row.role == "owner"]


# -- whose a story is


async def test_of_first_uploads_by_several_workers_one_makes_an_owner(stores: Stores) -> None:
    for number in range(ROUNDS):
        story = f"story {number}"
        tries = (store.keep_draft(draft(story, 1, place), deed(story=story)) for place, store in enumerate(stores))
        outcomes = await asyncio.gather(*tries)
        assert sorted(one.value for one in outcomes) == ["committed", "conflict", "conflict"]
        assert await owners(stores[0], story) == [outcomes.index(Outcome.COMMITTED)]
        assert len(await stores[0].audit(story, 9)) == 1


async def test_owners_who_leave_by_several_workers_leave_one(stores: Stores) -> None:
    for number in range(ROUNDS):
        story = f"story {number}"
        await stores[0].keep_draft(draft(story, 1, 0), deed(story=story))
        for viewer in (1, 2):
            await stores[0].give_role(RoleRow(story, viewer, "owner", 1_000), deed(story=story))
        outcomes = await asyncio.gather(
            stores[0].take_role(story, 0, deed(story=story)),
            stores[1].take_role(story, 1, deed(story=story)),
            stores[2].give_role(RoleRow(story, 2, "tester", 1_000), deed(story=story)),
        )
        assert sorted(one.value for one in outcomes) == ["committed", "committed", "conflict"]
        assert len(await owners(stores[0], story)) == 1


async def test_owners_who_are_forgotten_by_several_workers_take_the_story_with_them(stores: Stores) -> None:
    for number in range(ROUNDS):
        story = f"story {number}"
        viewers = [(await stores[0].viewer("console", f"{name} {number}")).id for name in ("ann", "bob")]
        await stores[0].keep_draft(draft(story, 1, viewers[0]), deed(story=story))
        await stores[0].give_role(RoleRow(story, viewers[1], "owner", 1_000), deed(story=story))
        await asyncio.gather(*(store.forget(viewer) for store, viewer in zip(stores[1:], viewers, strict=True)))
        assert await stores[0].roles_in(story) == []
        assert await stores[0].draft(story) is None


async def test_a_story_that_is_dropped_and_sent_at_once_is_whole_or_gone(stores: Stores) -> None:
    for number in range(ROUNDS):
        story = f"story {number}"
        await stores[0].keep_draft(draft(story), deed(story=story))
        dropped, *_ = await asyncio.gather(
            stores[0].drop_story(deed(story=story)),
            stores[1].keep_draft(draft(story, 2), deed(story=story)),
            stores[2].keep_draft(draft(story, 1), deed(story=story)),
        )
        assert dropped
        assert (await stores[0].draft(story) is None) == (await owners(stores[0], story) == [])


async def test_an_invitation_that_several_workers_take_up_works_once(stores: Stores) -> None:
    for number in range(ROUNDS):
        code = f"code {number}"
        await stores[0].keep_invite(InviteRow(code, STORY, "tester", 1, 9_000), deed())
        used = await asyncio.gather(
            *(store.use_invite(code, 10 * number + place, 1_000) for place, store in enumerate(stores))
        )
        assert sum(one is not None for one in used) == 1
    assert len(await stores[0].roles_in(STORY)) == ROUNDS


async def test_deeds_come_one_after_the_other_whatever_the_clock_says(new_database: str) -> None:
    store = PostgresStore(new_database)
    await store.open()
    for number, clock in enumerate((9_000_000, 5_000_000, 5_000_000)):
        await ask(
            new_database,
            "CREATE OR REPLACE FUNCTION clock_number() RETURNS bigint LANGUAGE sql VOLATILE AS "
            f"'SELECT {clock}::bigint'",
        )
        await store.note_deed(deed(str(number)))
    assert [one.deed for one in await store.audit(STORY, 9)] == ["2", "1", "0"]
    await store.close()


# -- publishing


async def test_taps_go_on_at_other_workers_while_a_story_is_published(stores: Stores) -> None:
    first, *others = stores
    sessions = [await begin(first, str(number)) for number in range(6)]
    stop = False

    async def tap(store: PostgresStore, id: int) -> int:
        taps = 0
        while not stop:
            session = await store.session(id)
            assert session is not None
            then = after(session)
            made = Commit(event(), then, session.revision, cards=(card(then, b"%d" % then.revision),))
            taps += await store.commit(made) is Outcome.COMMITTED
        return taps

    tapping = [asyncio.create_task(tap(others[place % 2], one.id)) for place, one in enumerate(sessions)]
    moved: list[Moved] = []
    for number in range(1, 4):
        await asyncio.sleep(0.05)
        read = await first.sessions_in(STORY, 0, 100)
        row = replace(live(number), version=f"v{number + 1}")
        done = await first.publish(row, "{}", [to(one, row.version) for one in read], at(row.version), deed())
        assert done is not None
        moved += done
    stop = True
    taps = await asyncio.gather(*tapping)
    assert len(moved) == 3 * len(sessions)
    found = [await first.session(one.id) for one in sessions]
    assert [one.revision for one in found if one and one.version == "v4"] == [count + 3 for count in taps]
    for session, count in zip(sessions, taps, strict=True):
        cards = [one for one in await first.pending("console", 0, 100_000) if one.session == session.id]
        assert [int(one.body) for one in cards] == list(range(1, count + 4))


def to(session: Session, version: str) -> Moved:
    moved = onward(session)
    return replace(moved, after=replace(moved.after, version=version))


def at(version: str) -> Land:
    return lambda session: to(session, version)


async def test_two_workers_who_publish_at_once_move_everybody_once(stores: Stores) -> None:
    sessions = [await begin(stores[0], str(number)) for number in range(20)]
    tries = await asyncio.gather(*(store.publish(live(), "{}", [], onward, deed()) for store in stores))
    assert sorted(len(one) for one in tries if one is not None) == [20]
    assert {one.revision for session in sessions if (one := await stores[1].session(session.id))} == {1}
    assert len(await stores[0].pending("console", 0, 100)) == 20
    assert len(await stores[0].audit(STORY, 9)) == 1


async def test_more_sessions_than_one_statement_takes_are_moved_in_their_order(
    stores: Stores, postgres_url: str
) -> None:
    store = stores[0]
    await ask(
        postgres_url,
        f"INSERT INTO session SELECT 7 * n, n, '{STORY}', 'v1', 7, 0, 'x', 'chat', 0 FROM generate_series(1, 1234) n",
    )
    read = await store.sessions_in(STORY, 0, 600)
    done = await store.publish(live(), "{}", [onward(one) for one in read], onward, deed())
    assert done is not None
    assert [one.before.id for one in done] == [7 * number for number in range(1, 1_235)]
    assert [one.session for one in await store.pending("console", 0, 2_000)] == [one.before.id for one in done]


async def test_other_stories_are_played_on_while_one_waits_to_be_published(stores: Stores, postgres_url: str) -> None:
    store = stores[0]
    held, other = await begin(store, "held"), await begin(store, "other", "other")
    connection = await asyncpg.connect(postgres_url)
    async with connection.transaction():
        await connection.execute("SELECT FROM session WHERE id = $1 FOR UPDATE", held.id)
        publishing = asyncio.create_task(store.publish(live(), "{}", [], onward, deed()))
        for _ in range(20):
            assert await store.commit(step(other)) is Outcome.COMMITTED
            other = after(other)
            await store.note_deed(deed("looked", "other"))
        assert not publishing.done()
    assert await publishing == [onward(held)]
    await connection.close()
