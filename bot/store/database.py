"""An SQLite database: a line that writes, a line that reads, and a batch in front of each."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bot.figures import Figures
from bot.store.batch import Batch, Together
from bot.store.casts import write_group
from bot.store.diagnosis import diagnose
from bot.store.errors import StoreError, StoreUnwritable, Unstorable
from bot.store.line import Line
from bot.store.port import Commit, Identity, Outcome, Session
from bot.store.queries import Queries
from bot.store.schema import Migration, migrate
from bot.store.step import load_sessions
from bot.store.transaction import Cast, Job, Load, Result, read_together, write_together

PAGES_PER_CHECKPOINT = 4000
"""Pages of 4 KiB in the write-ahead log before they are moved to the database; SQLite's own default is 1000."""

LOG_BYTES = 64 * 1024 * 1024
"""A write-ahead log that grew past this is cut back."""

CACHE_KIBIBYTES = 32 * 1024
"""Pages kept in memory per connection."""


class Database:
    """One file, for one process. `group` is the most jobs that share a transaction."""

    def __init__(
        self, path: Path, queries: Queries, group: int, figures: Figures, migrations: tuple[Migration, ...]
    ) -> None:
        self.path = path
        self._figures = figures
        self._queries = queries
        self._group = group
        self._migrations = migrations
        self._lines: list[Line] = []
        self._batches: list[Batch] = []

    async def open(self) -> None:
        """Make the file and its folder when missing, connect, migrate. After a `StoreError` nothing stays open."""
        try:
            make_folder(self.path)
            prepare = partial(prepare_writer, path=str(self.path), migrations=self._migrations)
            await self._connect("writer", prepare, self._write_together)
            await self._connect("reader", prepare_reader, self._read_together)
        except sqlite3.Error as error:
            await self.close()
            raise self._explain(error) from error
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Finish every job, then disconnect."""
        for batch in self._batches:
            await batch.close()
        # The writer goes last, so that it is the one to move what the log still holds into the database.
        while self._lines:
            await self._lines.pop().close()
        self._batches.clear()

    def commit(self, commit: Commit | Cast) -> Awaitable[Outcome]:
        """Write a step or a vote; returns after it is durable. Raises `StoreError`."""
        trace, done = self._figures.trace, self._batch(0).run(commit)
        return done if trace is None else trace.around(done, "commit")

    async def write(self, job: Job[Result]) -> Result:
        """Do a job that writes; returns after it is durable. Raises `StoreError`."""
        result: Result = await self._batch(0).run(job)
        return result

    async def session(self, id: int, owner: Identity | None) -> Session | None:
        """The session as it is durable now. Raises `StoreError`."""
        session: Session | None = await self._batch(1).run(Load(id, owner))
        return session

    async def read(self, job: Job[Result]) -> Result:
        """Do a job that only reads; it sees everything written before the call. Raises `StoreError`."""
        result: Result = await self._batch(1).run(job)
        return result

    def _write_together(self, jobs: Sequence[Job[Any] | Commit | Cast], connection: sqlite3.Connection) -> list[Any]:
        return write_together(partial(write_group, self._queries), jobs, connection)

    def _read_together(self, jobs: Sequence[Job[Any] | Load], connection: sqlite3.Connection) -> list[Any]:
        return read_together(partial(load_sessions, self._queries), jobs, connection)

    def _batch(self, number: int) -> Batch:
        if len(self._batches) < 2:
            raise StoreError(f"{self.path} is not open; open the store before it is used.")
        return self._batches[number]

    async def _connect(self, name: str, prepare: Callable[[sqlite3.Connection], None], together: Together) -> None:
        line = Line(str(self.path))
        await line.reach()
        self._lines.append(line)
        await line.lend(prepare)
        self._batches.append(Batch(line, together, self._explain, self._group, self._figures.lines[name]))

    def _explain(self, error: Exception) -> StoreError | Unstorable:
        return diagnose(error, str(self.path))


def make_folder(path: Path) -> None:
    """The folder of that file, when it is missing. Raises `StoreUnwritable`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnwritable(
            f"the folder {path.parent} cannot be made ({error.strerror}); "
            "make it and give the bot write access to it, or set DATABASE_URL."
        ) from error


def prepare_writer(connection: sqlite3.Connection, path: str, migrations: tuple[Migration, ...]) -> None:
    """Migrate first: a database that must be left alone is refused before any setting could change it."""
    connection.execute("PRAGMA foreign_keys = ON")
    migrate(connection, path, migrations)
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise StoreUnwritable(
            f"{path} cannot have a write-ahead log (it is in {mode} mode); "
            "keep it on a local disk, not in a shared folder."
        )
    # NORMAL could lose the last commits when the power goes.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA wal_autocheckpoint = {PAGES_PER_CHECKPOINT}")
    connection.execute(f"PRAGMA journal_size_limit = {LOG_BYTES}")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIBIBYTES}")
    # What a savepoint may have to put back is kept in memory, not in a temporary file.
    connection.execute("PRAGMA temp_store = MEMORY")


def prepare_reader(connection: sqlite3.Connection) -> None:
    """A reader that cannot write, whatever it is asked."""
    connection.execute("PRAGMA query_only = ON")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIBIBYTES}")
