"""The SQLite store's verbs about workers. There is one process, so there is nobody to be told anything."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from functools import partial

from bot.store.access import Access
from bot.store.records import Leases


class SQLiteLeases(Access):
    """See the port for each verb."""

    async def hold(
        self, worker: int, wanted: Sequence[str], milliseconds: int, given_up: Sequence[str] = ()
    ) -> Leases:
        """See the port."""
        now = time.time_ns() // 1_000_000
        return await self._database.write(partial(self._hold, worker, wanted, milliseconds, given_up, now))

    def _hold(
        self,
        worker: int,
        wanted: Sequence[str],
        milliseconds: int,
        given_up: Sequence[str],
        now: int,
        connection: sqlite3.Connection,
    ) -> Leases:
        queries = self._queries
        connection.executemany(queries.let_go, [(name, worker) for name in given_up])
        connection.executemany(queries.hold, [(name, worker, now, milliseconds) for name in wanted])
        return Leases(now, dict(connection.execute(queries.held, (now,)).fetchall()))

    async def tell(self, news: str) -> None:
        """See the port."""

    def hear(self, listener: Callable[[str], None]) -> None:
        """See the port."""
