"""What a vault must do. Clips are named by the digest of their bytes, so whoever puts one twice has put it once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

from bot.clips.vault.kept import Kept

FACTS = ".json"
"""Facts lie beside their clip, under its name with this behind. They are written last: who sees them, sees it all."""


class Vault(Protocol):
    """Where uploaded clips are kept. Every method raises `VaultError` when the place is at fault."""

    async def put(self, clip: bytes | Path) -> Kept:
        """Keep a clip; when this returns, every worker finds it. A file must not change meanwhile.

        Raises `Unfit`, and `OSError` when the file cannot be read.
        """
        ...

    async def find(self, digest: str) -> Kept | None:
        """What is known of a clip; None when it is not here. Takes any text, whoever sent it."""
        ...

    def read(self, kept: Kept, start: int = 0, stop: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from `start` up to `stop`, in pieces of at most a megabyte. Raises `VaultError` if it is gone."""
        ...

    async def drop(self, digest: str) -> None:
        """Forget a clip, if it is here. Not while somebody may be putting the same one."""
        ...

    def kept(self) -> AsyncIterator[Kept]:
        """Every clip, in no order."""
        ...


def place(digest: str) -> str:
    """Where a clip lies inside a vault: a folder or bucket holds 256 folders, not all clips in one."""
    return f"{digest[:2]}/{digest}"
