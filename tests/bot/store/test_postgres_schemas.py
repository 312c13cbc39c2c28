"""Several bots have a schema each in one PostgreSQL database, and none of them sees another's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.copy.operation import copy_database
from bot.store.open import open_store
from bot.store.port import Outcome, Store
from bot.store.postgres import PostgresStore
from tests.bot.store.copy.full import fill, look
from tests.bot.store.steps import STORY, begin, card, step
from tests.fakes.postgres import ask

PATIENCE = 30
BOTS = ("bot_01", "bot_02")


@pytest.fixture
async def urls(new_database: str) -> list[str]:
    """A schema for each bot; nobody owns `public`."""
    await ask(new_database, "DROP SCHEMA public", *(f"CREATE SCHEMA {bot}" for bot in BOTS))
    return [f"{new_database}?search_path={bot}" for bot in BOTS]


@pytest.fixture
async def stores(urls: list[str]) -> AsyncIterator[tuple[Store, ...]]:
    stores = tuple(PostgresStore(url) for url in urls)
    await asyncio.gather(*(store.open() for store in stores))
    yield stores
    for store in stores:
        await store.close()


async def test_bots_in_one_database_share_nothing(stores: tuple[Store, ...]) -> None:
    for store in stores:
        session = await begin(store, "ann")
        assert await store.commit(step(session, cards=(card(session, b"soon"),))) is Outcome.COMMITTED
        viewer = await store.viewer("console", "ann")
        assert [one.revision for one in await store.sessions_of(viewer.id)] == [1]
        assert len(await store.pending("console", 0, 10)) == 1
    one, other = [await store.viewer("console", "ann") for store in stores]
    assert one.id != other.id
    assert await stores[1].session_in(one.id, STORY) is None


async def test_bots_in_one_database_have_leases_of_their_own(stores: tuple[Store, ...]) -> None:
    for worker, store in enumerate(stores):
        assert (await store.hold(worker, ["lane 1"], 60_000)).held == {"lane 1": worker}


async def test_workers_hear_those_of_their_own_bot_alone(stores: tuple[Store, ...], urls: list[str]) -> None:
    bob = PostgresStore(urls[0])
    await bob.open()
    heard: asyncio.Queue[str] = asyncio.Queue()
    bob.hear(heard.put_nowait)
    async with asyncio.timeout(PATIENCE):
        assert await heard.get() == ""
        await stores[1].tell("of the other bot")
        await stores[0].tell("of our own")
        assert await heard.get() == "of our own"
    await bob.close()


async def test_a_bot_moves_into_a_schema_with_all_it_has(urls: list[str], tmp_path: Path) -> None:
    source = f"sqlite:///{tmp_path}/bot.db"
    store = open_store(source)
    await store.open()
    await fill(store)
    before = await look(store)
    await store.close()
    await copy_database(source, urls[1], lambda doing, done, total: None)
    there = PostgresStore(urls[1])
    await there.open()
    assert await look(there) == before
    await there.close()


async def test_nothing_lies_outside_the_bots_own_schema(stores: tuple[Store, ...], new_database: str) -> None:
    tables = await ask(
        new_database,
        "SELECT schemaname, count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') "
        "GROUP BY schemaname ORDER BY schemaname",
    )
    assert [name for name, _ in tables] == list(BOTS)
    assert len({count for _, count in tables}) == 1
