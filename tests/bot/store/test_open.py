"""What DATABASE_URL may say."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bot.store.errors import StoreError
from bot.store.open import open_store
from bot.store.postgres import PostgresStore


async def test_an_absolute_path_has_four_slashes(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/a%20folder/bot.db")
    await store.open()
    await store.close()
    assert (tmp_path / "a folder" / "bot.db").is_file()


async def test_a_relative_path_has_three_slashes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    store = open_store("sqlite:///data/bot.db")
    await store.open()
    await store.close()
    assert (tmp_path / "data" / "bot.db").is_file()


@pytest.mark.parametrize(
    "url",
    ["mysql://me:secret@host/bot", "bot.db", "", "sqlite:", "sqlite:///", "sqlite://bot.db", "sqlite:///:memory:"],
)
def test_anything_else_is_refused_without_repeating_secrets(url: str) -> None:
    with pytest.raises(StoreError, match="DATABASE_URL") as failure:
        open_store(url)
    assert "secret" not in str(failure.value)


def test_postgresql_is_known_by_both_its_names() -> None:
    for url in ("postgresql://bot:hunter2@db.example/bot", "postgres:///bot?host=/run/postgresql"):
        assert isinstance(open_store(url), PostgresStore)


def test_without_its_driver_postgresql_is_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("bot.store.postgres")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    with pytest.raises(StoreError, match=r"\.\[postgres\]") as failure:
        open_store("postgresql://bot:hunter2@db.example/bot")
    assert "hunter2" not in str(failure.value)
