"""The stores that are held to the contract. A new kind of store joins by a line in `STORES`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.store.port import Store
from bot.store.postgres import PostgresStore
from bot.store.sqlite import SQLiteStore

NewStore = Callable[[], Store]


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
