"""The PostgreSQL store's part for what goes after some time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.store.postgres_access import PostgresAccess
from bot.store.trimming import Mark, Trimmed

BEFORE_ALL = -(2**63)
"""Below every number of a key."""


class PostgresTrimming(PostgresAccess):
    """A piece is one statement on the line that no step waits for."""

    async def trim_events(self, before: int, now: int, mark: Mark | None, limit: int) -> Trimmed:
        """See `Trimming`."""
        mark = mark or (BEFORE_ALL, "", "")
        return await self._trim(limit, self._queries.trim_events, *mark, limit, before, now)

    async def trim_facts(self, before: int, mark: Mark | None, limit: int) -> Trimmed:
        """See `Trimming`."""
        return await self._trim(limit, self._queries.trim_facts, *(mark or (BEFORE_ALL, 0, 0)), limit, before)

    async def trim_troubles(self, before: int, mark: Mark | None, limit: int) -> Trimmed:
        """See `Trimming`."""
        return await self._trim(limit, self._queries.trim_troubles, *(mark or ("", "")), limit, before)

    async def trim_cards(self, before: int, now: int, mark: Mark | None, limit: int) -> Trimmed:
        """See `Trimming`."""
        return await self._trim(limit, self._queries.trim_cards, *(mark or (0,)), limit, before, now)

    async def serve(self, platforms: Sequence[str], now: int) -> None:
        """See `Trimming`."""
        await self._change(self._queries.serve, list(platforms), now)

    async def _trim(self, limit: int, statement: str, *values: Any) -> Trimmed:
        row = await self._database.aside(lambda connection: connection.fetchrow(statement, *values))
        if row is None:
            return Trimmed(0, None)
        *mark, count, gone = row
        return Trimmed(gone, None if count < limit else tuple(mark))
