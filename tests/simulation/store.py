"""The real SQLite store on a link: everything is the bot's own but the threads."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from bot.figures import Figures
from bot.store.batch import GROUP, Batch
from bot.store.database import Database
from bot.store.port import Commit, Outcome
from bot.store.queries import Queries, read_queries
from bot.store.sqlite import SQLiteStore
from bot.store.transaction import Cast, Job
from tests.simulation.link import Link


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
    """A worker's store."""

    def __init__(self, link: Link) -> None:
        # In place of Access.__init__, which reads the statements' files and names a file on a disk.
        self._queries = self.statements()
        self.figures = Figures()
        self._database = SimulatedDatabase(link, self._queries, self.figures)

    @classmethod
    def statements(cls) -> Queries:
        """What it says to SQLite."""
        return statements()


@cache
def statements() -> Queries:
    """The store's own statements, read once."""
    return read_queries("sqlite.sql")
