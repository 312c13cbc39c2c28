"""An SQLite file as an end of a copy."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

from bot.store.copy.end import Row
from bot.store.copy.lock import lock
from bot.store.copy.tables import Table
from bot.store.database import make_folder
from bot.store.diagnosis import diagnosed
from bot.store.errors import DamagedDatabase, NotEmpty, StoreError
from bot.store.line import connect
from bot.store.schema import UNFINISHED, check_current, migrate, read_migrations, read_version

OWN_NAMES = {("room", "number"): "id"}
"""What SQLite calls a column that both have."""

ORDER = {"fact": " ORDER BY id"}
"""Where rows must come in an order: their numbers in PostgreSQL are made of it."""

CACHE_KIBIBYTES = 64 * 1024


class SQLiteEnd:
    """One file. As a destination it is filled in one transaction, which keeps what was there until the end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._latest = read_migrations()[-1].number

    async def begin_reading(self) -> None:
        """See `Source`. The bot may go on writing."""
        with diagnosed(self._path):
            if not self._path.is_file():
                raise StoreError(f"there is no database {self._path}; correct the path.")
            self._connection = connect(str(self._path))
            self._connection.execute("BEGIN")
            check_current(self._path, read_version(self._connection)[0], self._latest)

    async def claim(self, replace: bool) -> None:
        """See `Destination`."""
        if replace:
            raise NotEmpty(f"{self._path} cannot be replaced by a copy; move it away.")
        make_folder(self._path)
        with diagnosed(self._path):
            self._connection = connect(str(self._path))
            lock(self._connection, self._path)
            self._connection.execute(f"PRAGMA cache_size = -{CACHE_KIBIBYTES}")
            version, _ = read_version(self._connection)
            if version >= UNFINISHED:
                # A copy that was stopped: all but this mark was undone when the file was opened.
                self._connection.execute(f"PRAGMA user_version = {version - UNFINISHED}")
            migrate(self._connection, str(self._path), read_migrations())
            if not is_empty(self._connection):
                raise NotEmpty(f"{self._path} is not empty; name a file that is not there yet.")
            self._connection.execute(f"PRAGMA user_version = {UNFINISHED + self._latest}")
            self._connection.execute("BEGIN EXCLUSIVE")

    async def count(self, table: Table) -> int:
        """See `Source`."""
        with diagnosed(self._path):
            count: int = self._open.execute(f'SELECT count(*) FROM "{table.name}"').fetchone()[0]
            return count

    async def rows(self, table: Table) -> AsyncIterator[Sequence[Row]]:
        """See `Source`."""
        names = [OWN_NAMES.get((table.name, column), column) for column in _stored(table)]
        columns = ", ".join(f'"{name}"' for name in names)
        with diagnosed(self._path):
            cursor = self._open.execute(f'SELECT {columns} FROM "{table.name}"' + ORDER.get(table.name, ""))
        rows = self._batches(cursor, table)
        for batch in _numbered(rows) if table.name == "fact" else rows:
            yield batch

    def _batches(self, cursor: sqlite3.Cursor, table: Table) -> Iterator[list[Row]]:
        while True:
            with diagnosed(self._path):
                batch = cursor.fetchmany(table.batch)
            if not batch:
                return
            yield batch

    async def write(self, table: Table, rows: Sequence[Row]) -> None:
        """See `Destination`."""
        stored = _stored(table)
        places = [table.columns.index(column) for column in stored]
        columns = ", ".join(f'"{OWN_NAMES.get((table.name, column), column)}"' for column in stored)
        values = ", ".join("?" * len(stored))
        statement = f'INSERT INTO "{table.name}" ({columns}) VALUES ({values})'
        with diagnosed(self._path):
            self._open.executemany(statement, [tuple(row[place] for place in places) for row in rows])

    async def settle(self) -> None:
        """See `Destination`."""
        with diagnosed(self._path):
            orphan = self._open.execute("PRAGMA foreign_key_check").fetchone()
            if orphan is not None:
                raise DamagedDatabase(f"a row of {orphan[0]} refers to a row of {orphan[2]} that the source has not.")
            self._open.execute(f"PRAGMA user_version = {self._latest}")
            self._open.execute("COMMIT")

    async def close(self) -> None:
        """See `Source`."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    @property
    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            raise StoreError(f"{self._path} is not open.")
        return self._connection


def is_empty(connection: sqlite3.Connection) -> bool:
    """Whether there is no row in any table, whoever made them."""
    names = table_names(connection)
    return not any(connection.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchone() for name in names)


def table_names(connection: sqlite3.Connection) -> list[str]:
    """Every table that holds something of its own."""
    names = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'schema_version'"
    )
    return [name for (name,) in names]


def _stored(table: Table) -> tuple[str, ...]:
    """The columns without what SQLite counts by itself: the order of its facts says their numbers."""
    return tuple(column for column in table.columns if (table.name, column) != ("fact", "number"))


def _numbered(batches: Iterator[list[Row]]) -> Iterator[list[Row]]:
    """Facts with their place in their step: those of one step were written one after the other."""
    step: Row = ()
    number = 0
    for batch in batches:
        numbered = []
        for row in batch:
            step, number = row[:2], number + 1 if row[:2] == step else 0
            numbered.append((*row[:2], number, *row[2:]))
        yield numbered
