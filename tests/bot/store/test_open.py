"""What DATABASE_URL may say."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.store.errors import StoreError
from bot.store.open import open_store


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
