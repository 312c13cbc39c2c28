"""What nobody names in the vault goes, and not before a day has passed: a clip is there before its draft is."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.clips.deposit import deposit_of, write_deposits
from bot.clips.vault.folder import FolderVault
from bot.clips.vault.kept import Kept
from bot.store.drafts import Deed, DraftRow, Moved, PublicationRow
from bot.store.port import Session, Store
from bot.studio.sweeping import Sweeping
from tests.bot.store.conftest import new_store, store

__all__ = ["new_store", "store"]

PICTURES = [b"\x89PNG\r\n\x1a\n" + bytes([number]) * 50 for number in range(4)]


async def keep_draft(store: Store, upload: int, **clips: Kept) -> None:
    named = write_deposits({f"clips/{name}.png": deposit_of(kept) for name, kept in clips.items()})
    await store.keep_draft(DraftRow("tale", upload, 1, 0, "{}", named), Deed("tale", 0, 1, "sent"))


def nobody(session: Session) -> Moved:
    raise AssertionError(f"{session} is not to be landed")


async def test_what_nobody_names_goes_at_the_second_sweep(store: Store, tmp_path: Path) -> None:
    vault = FolderVault(tmp_path / "vault")
    drafted, live, lost, late = [await vault.put(one) for one in PICTURES]
    await keep_draft(store, 1, one=drafted)
    row = PublicationRow("tale", 1, "v1", "live", 1, 0, write_deposits({"clips/two.png": deposit_of(live)}))
    await store.publish(row, "{}", (), nobody, Deed("tale", 0, 1, "published"))
    sweeping = Sweeping(store, vault)
    assert await sweeping.sweep() == 0
    await keep_draft(store, 2, one=drafted, three=late)
    assert await sweeping.sweep() == 1
    assert await vault.find(lost.digest) is None
    for kept in (drafted, live, late):
        assert await vault.find(kept.digest) == kept
    assert await sweeping.sweep() == 0


async def test_a_clip_that_is_sent_again_while_it_is_swept_stays(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = FolderVault(tmp_path / "vault")
    kept = await vault.put(PICTURES[0])
    sweeping = Sweeping(store, vault)
    assert await sweeping.sweep() == 0
    real, looks = store.clips_named, 0

    async def looked() -> object:
        nonlocal looks
        looks += 1
        if looks == 2:
            await keep_draft(store, 1, one=kept)
        return await real()

    monkeypatch.setattr(store, "clips_named", looked)
    await sweeping.sweep()
    assert await vault.find(kept.digest) == kept


async def test_a_damaged_draft_lets_nothing_go(store: Store, tmp_path: Path) -> None:
    vault = FolderVault(tmp_path / "vault")
    kept = await vault.put(PICTURES[0])
    sweeping = Sweeping(store, vault)
    await sweeping.sweep()
    await store.keep_draft(DraftRow("tale", 1, 1, 0, "{}", "nonsense"), Deed("tale", 0, 1, "sent"))
    with pytest.raises(ValueError, match="JSON"):
        await sweeping.sweep()
    assert await vault.find(kept.digest) == kept
