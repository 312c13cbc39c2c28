"""The SQLite store's part for what goes after some time."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import partial

from bot.store.access import Access
from bot.store.trimming import Mark, Trimmed

Keyed = tuple[str, str, int]
"""Platform, id and time of an event."""

FIRST: Mark = ("", "")
"""Below every key of an event."""


class SQLiteTrimming(Access):
    """A piece is read beside the taps; only what goes of it is written in line with them."""

    async def trim_events(self, before: int, now: int, mark: Mark | None, limit: int) -> Trimmed:
        """See `Trimming`."""
        mark = mark or FIRST
        rows = await self._rows(self._queries.events_behind, *mark, limit)
        if any(at == 0 for _, _, at in rows):
            await self._in_piece(self._queries.date_events, mark, rows, now)
        gone = await self._in_piece(self._queries.drop_events, mark, rows, before) if _old(rows, before) else 0
        return Trimmed(gone, None if len(rows) < limit else rows[-1][:2])

    async def trim_troubles(self, before: int, mark: Mark | None, limit: int) -> Trimmed:
        """See `Trimming`."""
        mark = mark or FIRST
        rows = await self._rows(self._queries.troubles_behind, *mark, limit)
        gone = await self._in_piece(self._queries.drop_troubles, mark, rows, before) if _old(rows, before) else 0
        return Trimmed(gone, None if len(rows) < limit else rows[-1][:2])

    async def _in_piece(self, statement: str, mark: Mark, rows: Sequence[Keyed], at: int) -> int:
        values = (*mark, *rows[-1][:2], at)
        return await self._database.write(lambda connection: connection.execute(statement, values).rowcount)

    async def trim_facts(self, before: int, mark: Mark | None, limit: int) -> Trimmed:
        """See `Trimming`."""
        [after] = mark or (0,)
        last, earliest, count = await self._row(self._queries.facts_behind, after, limit)
        gone = 0
        if count and earliest < before:
            gone = await self._database.write(partial(self._count_and_drop, (after, last, before)))
        return Trimmed(gone, None if count < limit else (last,))

    def _count_and_drop(self, piece: tuple[object, ...], connection: sqlite3.Connection) -> int:
        connection.execute(self._queries.count_facts, piece)
        return connection.execute(self._queries.drop_facts, piece).rowcount

    async def trim_cards(self, before: int, now: int, mark: Mark | None, limit: int) -> Trimmed:
        """See `Trimming`."""
        [after] = mark or (0,)
        last, count, unserved = await self._row(self._queries.cards_behind, before, after, limit)
        gone = 0
        if unserved:
            gone = await self._database.write(partial(self._drop_unserved, (after, last), now, before))
        return Trimmed(gone, None if count < limit else (last,))

    def _drop_unserved(self, piece: tuple[object, ...], now: int, before: int, connection: sqlite3.Connection) -> int:
        connection.execute(self._queries.miss_platforms, (*piece, now))
        return connection.execute(self._queries.drop_unserved, (*piece, before)).rowcount

    async def serve(self, platforms: Sequence[str], now: int) -> None:
        """See `Trimming`."""
        await self._database.write(partial(self._serve, [(platform, now) for platform in platforms]))

    def _serve(self, rows: Sequence[tuple[str, int]], connection: sqlite3.Connection) -> None:
        connection.executemany(self._queries.serve, rows)


def _old(rows: Sequence[Keyed], before: int) -> bool:
    return any(0 < at < before for _, _, at in rows)
