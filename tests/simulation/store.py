"""The real SQLite store on a link: everything is the bot's own but the threads, and what only workers that share a
database need: leases by its clock, claims, hints.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from bot.figures import Figures
from bot.store.batch import GROUP, Batch
from bot.store.database import Database
from bot.store.port import Commit, Due, Leases, Outcome
from bot.store.queries import Queries, read_queries
from bot.store.sqlite import SQLiteStore
from bot.store.transaction import Cast, Job
from tests.simulation.disk import clock
from tests.simulation.grapevine import Grapevine
from tests.simulation.link import Link

CLAIM = """\
UPDATE agenda SET worker = ?1, lease = ?5 + ?4 WHERE (session, revision, kind) IN (
    SELECT session, revision, kind FROM agenda WHERE at <= ?2 AND (lease IS NULL OR lease <= ?5 OR worker = ?1)
    ORDER BY at, session, revision, kind LIMIT ?3
) RETURNING at, kind, session, revision, payload"""

NEXT_DUE = "SELECT min(at) FROM agenda WHERE lease IS NULL OR worker = ?"


class SimulatedDatabase(Database):
    """A database whose two lines are one link. It is migrated already."""

    def __init__(self, link: Link, queries: Queries, figures: Figures) -> None:
        super().__init__(Path("the disk"), queries, GROUP, figures, ())
        self._link = link

    async def open(self) -> None:
        """Nothing can go wrong with that."""
        together = (("writer", self._write_together), ("reader", self._read_together))
        for name, work in together:
            self._batches.append(Batch(self._link, work, self._explain, GROUP, self._figures.lines[name]))

    def _write_together(self, jobs: Sequence[Job[Any] | Commit | Cast], connection: sqlite3.Connection) -> list[Any]:
        """As ever, and written down in the book."""
        results = super()._write_together(jobs, connection)
        for job, result in zip(jobs, results, strict=True):
            if isinstance(job, Commit | Cast) and result is Outcome.COMMITTED:
                self._link.disk.book.append(job)
        return results


class SimulatedStore(SQLiteStore):
    """A worker's store. In the agenda it says what the one on PostgreSQL says."""

    late = 10

    def __init__(self, link: Link, grapevine: Grapevine) -> None:
        # In place of Access.__init__, which reads the statements' files and names a file on a disk.
        self._queries = self.statements()
        self.figures = Figures()
        self._database = SimulatedDatabase(link, self._queries, self.figures)
        self._grapevine = grapevine

    @classmethod
    def statements(cls) -> Queries:
        """What it says to SQLite."""
        return statements()

    async def hold(self, worker: int, wanted: Sequence[str], milliseconds: int, given_up: Sequence[str] = ()) -> Leases:
        def held(connection: sqlite3.Connection) -> Leases:
            now = clock(asyncio.get_running_loop().time())
            return self._hold(worker, wanted, milliseconds, given_up, now, connection)

        return await self._database.write(held)

    async def claim_due(self, worker: int, now: int, limit: int, milliseconds: int) -> Sequence[Due]:
        def claimed(connection: sqlite3.Connection) -> list[Due]:
            values = (worker, now, limit, milliseconds, clock(asyncio.get_running_loop().time()))
            return [Due(*row) for row in connection.execute(CLAIM, values).fetchall()]

        return await self._database.write(claimed)

    async def next_due(self, worker: int = 0) -> int | None:
        [at] = await self._row(NEXT_DUE, worker)
        return None if at is None else int(at)

    async def tell(self, news: str) -> None:
        await self._database.read(lambda connection: self._grapevine.tell(news))

    def hear(self, listener: Callable[[str], None]) -> None:
        self._grapevine.listen(listener)


@cache
def statements() -> Queries:
    """The store's own statements, read once."""
    return read_queries("sqlite.sql")
