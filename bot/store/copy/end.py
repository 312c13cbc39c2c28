"""The two ends of a copy, whatever database each is; and the digest by which they are compared."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from hashlib import blake2b
from typing import Any, Protocol

from bot.store.copy.tables import Table

Row = tuple[Any, ...]
"""Whole numbers, texts, bytes and None, in the order of the table's columns."""

DIGEST_BYTES = 16


class Digest:
    """Of any number of rows, in whatever order: equal when the same rows went in as often."""

    def __init__(self) -> None:
        self.count = 0
        self._sum = 0

    def add(self, rows: Iterable[Row]) -> None:
        """Count these too."""
        for row in rows:
            digest = blake2b(repr(row).encode("utf-8", "surrogatepass"), digest_size=DIGEST_BYTES)
            self._sum += int.from_bytes(digest.digest())
            self.count += 1

    def __str__(self) -> str:
        return f"{self._sum % (1 << 8 * DIGEST_BYTES):0{2 * DIGEST_BYTES}x}"


class Source(Protocol):
    """A database as it was at one moment, however long it is read. Every method raises `StoreError`."""

    async def begin_reading(self) -> None:
        """Connect, and hold on to that moment. The schema must be that of this release."""

    async def count(self, table: Table) -> int:
        """How many rows it has, as the database itself counts them."""

    def rows(self, table: Table) -> AsyncIterator[Sequence[Row]]:
        """All rows, a batch at a time."""

    async def close(self) -> None:
        """Let go. A destination that was not settled stays unfinished."""


class Destination(Source, Protocol):
    """A database to be filled. It serves nobody until `settle`, and a stopped copy leaves it saying so."""

    async def claim(self, replace: bool) -> None:
        """Keep everybody else away, and make the tables. Raises `NotEmpty` when there is something, unless it is to be
        replaced: then it stays until `settle`. Raises `StoreBusy` when a bot uses it.
        """

    async def write(self, table: Table, rows: Sequence[Row]) -> None:
        """Put these rows there."""

    async def settle(self) -> None:
        """All is there: from now it may serve. Durable on return."""
