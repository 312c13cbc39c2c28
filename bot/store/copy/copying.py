"""Copies one database into another, and proves that the same is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.store.copy.end import Destination, Digest, Source
from bot.store.copy.tables import TABLES, Table
from bot.store.errors import StoreError

Report = Callable[[str, int, int], None]
"""Told of progress: what is being done, how much of it is, and how much it will be."""


@dataclass(frozen=True, slots=True)
class Copied:
    """A table that was copied: its rows, and their digest where both sides were compared row by row, else ""."""

    table: str
    rows: int
    digest: str


async def copy(source: Source, destination: Destination, report: Report, replace: bool = False) -> list[Copied]:
    """Copy every table, compare both sides, and only then let the destination serve. Raises `StoreError`."""
    try:
        await source.begin_reading()
        await destination.claim(replace)
        copied = [await _copy(table, source, destination, report) for table in TABLES]
        for table, there in zip(TABLES, copied, strict=True):
            await _compare(table, there, destination, report)
        await destination.settle()
        return copied
    finally:
        await destination.close()
        await source.close()


async def _copy(table: Table, source: Source, destination: Destination, report: Report) -> Copied:
    total = await source.count(table)
    digest = Digest()
    report(f"copying {table.name}", 0, total)
    async for rows in source.rows(table):
        await destination.write(table, rows)
        digest.add(rows)
        report(f"copying {table.name}", digest.count, total)
    if digest.count != total:
        raise StoreError(f"{table.name} has {total} rows, {digest.count} were read; check the source, then copy again.")
    return Copied(table.name, total, str(digest))


async def _compare(table: Table, copied: Copied, destination: Destination, report: Report) -> None:
    digest = Digest()
    async for rows in destination.rows(table):
        digest.add(rows)
        report(f"checking {table.name}", digest.count, copied.rows)
    there = Copied(table.name, await destination.count(table), str(digest))
    if there != copied:
        raise StoreError(
            f"{table.name} is not the same after the copy: {copied.rows} rows with digest {copied.digest} became "
            f"{there.rows} with {there.digest}; nothing was put to use. Please report it."
        )
