"""Sweeping: clips in the vault that no draft and no publication names go, a day after that was seen first."""

from __future__ import annotations

import asyncio

import structlog

from bot.clips.deposit import read_deposits
from bot.clips.vault.kept import VaultError, digest_of
from bot.clips.vault.port import Vault
from bot.store.errors import StoreError
from bot.store.port import Store

log = structlog.get_logger()

FIRST_AFTER = 300.0
"""Seconds after a start."""

EVERY = 86_400.0
"""Seconds between two sweeps; so long a clip is left that lies in the vault before its draft names it."""


class Sweeping:
    """Of several workers one does it at a time."""

    def __init__(self, store: Store, vault: Vault) -> None:
        self._store = store
        self._vault = vault
        self._unnamed: frozenset[str] = frozenset()
        """Digests that nobody named at the last sweep."""

    async def run(self) -> None:
        """Sweep until cancelled; one that fails is made up for by the next."""
        await asyncio.sleep(FIRST_AFTER)
        while True:
            try:
                gone = await self.sweep()
            except (StoreError, VaultError, ValueError) as error:
                log.warning("clips_unswept", error=type(error).__name__)
            else:
                log.info("clips_swept", gone=gone)
            await asyncio.sleep(EVERY)

    async def sweep(self) -> int:
        """How many clips went. Raises `StoreError`, `VaultError`, and `ValueError` where a draft is damaged: then
        nobody knows what it names, and nothing goes.
        """
        kept = frozenset([one.digest async for one in self._vault.kept()])
        unnamed = kept - await self._named()
        gone = self._unnamed & unnamed
        for digest in gone:
            if digest not in await self._named():  # the same clip may have been sent again just now
                await self._vault.drop(digest)
        self._unnamed = unnamed - gone
        return len(gone)

    async def _named(self) -> frozenset[str]:
        rows = await self._store.clips_named()
        return frozenset(digest_of(clip.name) for row in rows for clip in read_deposits(row).values())
