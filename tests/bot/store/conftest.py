"""The stores that are held to the contract. A new kind of store joins by a line in `STORES`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.store.port import Store
from bot.store.sqlite import SQLiteStore

NewStore = Callable[[], Store]

STORES: dict[str, Callable[[Path], NewStore]] = {
    "sqlite": lambda folder: lambda: SQLiteStore(folder / "bot.db"),
    "sqlite, one by one": lambda folder: lambda: SQLiteStore(folder / "bot.db", group=1),
}


@pytest.fixture(params=STORES)
def new_store(request: pytest.FixtureRequest, tmp_path: Path) -> NewStore:
    """Makes stores, not yet opened, on one database that starts empty."""
    return STORES[request.param](tmp_path)


@pytest.fixture
async def store(new_store: NewStore) -> AsyncIterator[Store]:
    store = new_store()
    await store.open()
    yield store
    await store.close()
