"""Several processes on one PostgreSQL database count everything once, as one does."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import replace

from bot.store.port import Commit, Outcome, Store
from bot.store.postgres import PostgresStore
from tests.bot.store.rooms import gather_room, vote
from tests.bot.store.steps import after, begin, card, due, event, step
from tests.fakes.postgres import ask


async def test_several_stores_on_one_database_count_everything_once(postgres_url: str) -> None:
    stores = [PostgresStore(postgres_url) for _ in range(3)]
    for store in stores:
        await store.open()
    sessions = [await begin(stores[0], str(number)) for number in range(8)]

    async def tap(store: Store, number: int) -> Outcome:
        while True:
            session = await store.session(sessions[number % 8].id)
            assert session is not None
            then = after(session)
            made = step(session, event(number), cards=(card(session, b"%d" % number),), agenda=(due(then, 5_000),))
            outcome = await store.commit(made)
            if outcome is not Outcome.CONFLICT:
                return outcome

    outcomes = await asyncio.gather(*(tap(store, number) for number in range(80) for store in stores))
    assert outcomes.count(Outcome.COMMITTED) == 80
    assert outcomes.count(Outcome.DUPLICATE) == 160
    bodies = [int(one.body) for one in await stores[0].pending("console", 0, 1_000)]
    assert sorted(bodies) == list(range(80))
    assert [one.revision for session in sessions if (one := await stores[1].session(session.id))] == [10] * 8
    assert len(await stores[2].due(9_000, 100)) == 8
    for store in stores:
        await store.close()


async def test_cards_of_two_workers_never_have_the_same_number(new_database: str) -> None:
    stores = [PostgresStore(new_database) for _ in range(2)]
    for store in stores:
        await store.open()
    # Each time of this clock is read twice.
    await ask(
        new_database,
        "CREATE SEQUENCE tick",
        "CREATE OR REPLACE FUNCTION clock_number() RETURNS bigint LANGUAGE sql VOLATILE AS "
        "'SELECT nextval(''tick'') / 2 * 1024'",
    )
    sessions = [await begin(stores[0], str(number)) for number in range(8)]
    for number, session in enumerate(sessions):
        await stores[number % 2].post(None, [card(session, address=f"chat-{number}")])
    waiting = await stores[0].pending("console", 0, 100)
    assert len({one.id for one in waiting}) == len(waiting) == 8
    await stores[0].delivered([waiting[0].id])
    assert len(await stores[1].pending("console", 0, 100)) == 7
    for store in stores:
        await store.close()


async def test_of_several_stores_one_begins_a_story_and_one_has_a_code(postgres_url: str) -> None:
    stores = [PostgresStore(postgres_url) for _ in range(3)]
    for store in stores:
        await store.open()
    session = await begin(stores[0], story="another")
    fresh = [replace(session, id=secrets.randbits(62), story="begun") for _ in stores]
    outcomes = await asyncio.gather(
        *(store.commit(Commit(event(), one, None)) for store, one in zip(stores, fresh, strict=True))
    )
    assert sorted(one.value for one in outcomes) == ["committed", "conflict", "conflict"]
    seen = await asyncio.gather(*(store.viewer("console", "bob") for store in stores))
    assert len({viewer.id for viewer in seen}) == 1
    held = await gather_room(stores[0])
    key = event()
    casts = await asyncio.gather(*(store.cast(key, vote(held)) for store in stores))
    assert sorted(one.value for one in casts) == ["committed", "duplicate", "duplicate"]
    for store in stores:
        await store.close()


async def test_no_vote_is_taken_by_one_store_after_another_shut_the_ballot(postgres_url: str) -> None:
    first, second = PostgresStore(postgres_url), PostgresStore(postgres_url)
    await first.open()
    await second.open()
    held = await gather_room(first)
    counted: dict[str, int] = {}

    async def shut() -> None:
        await asyncio.sleep(0.005)
        assert await second.keep_room(event(), replace(held, open=False), 1) is Outcome.COMMITTED
        counted.update(await second.tally(held.session, 0))

    async def cast(number: int) -> Outcome:
        await asyncio.sleep(number / 20_000)
        return await first.cast(event(), vote(held, f"console:{number}"))

    *outcomes, _ = await asyncio.gather(*(cast(number) for number in range(200)), shut())
    assert sum(counted.values()) == outcomes.count(Outcome.COMMITTED)
    assert counted == await first.tally(held.session, 0)
    await first.close()
    await second.close()
