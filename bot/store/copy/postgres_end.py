"""A PostgreSQL database as an end of a copy."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager

import asyncpg
from asyncpg.transaction import Transaction

from bot.store.copy.end import Row
from bot.store.copy.tables import TABLES, Table
from bot.store.errors import NotEmpty, StoreBusy, StoreError
from bot.store.home import home_of
from bot.store.lane import lane_of
from bot.store.postgres_diagnosis import diagnose
from bot.store.postgres_line import Connection, connect
from bot.store.postgres_schema import migrate, postgres_migrations, read_version
from bot.store.postgres_target import Target
from bot.store.schema import UNFINISHED, check_current

SETTINGS = {
    # One statement may read a whole table, and wait between two batches for the other side.
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "enable_seqscan": "on",
}

COPYING = 0x636C6967
"""The advisory lock under which one process at a time copies into a database."""

OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name LIKE 'cliffhanger %' AND pid <> pg_backend_pid()
"""

READ = {
    # In their order within each step, counted anew: another kind of database knows that by the order alone, and some of
    # a step's facts may have gone.
    "fact": (
        "SELECT session, revision, row_number() OVER (PARTITION BY session, revision ORDER BY number) - 1, "
        "story, version, kind, scene, choice, at, took FROM fact ORDER BY session, revision, number"
    ),
    "choice_count": "SELECT story, scene, choice, sum(times)::bigint FROM choice_count GROUP BY story, scene, choice",
    "room": (
        "SELECT number, session, code, platform, address, revision, open::integer, body, version, ended::integer "
        "FROM room"
    ),
}
"""Where a row is not simply its columns."""

COUNT = {"choice_count": "SELECT count(DISTINCT (story, scene, choice)) FROM choice_count"}

OWN_COLUMNS: dict[str, dict[str, Callable[[Row], int]]] = {
    # Of an event that is copied nobody knows the session any more: it has the home of one that changed none.
    "event": {"home": lambda row: home_of(row[0], row[1])},
    "outbox": {
        "home": lambda row: row[3] or home_of(row[1], row[2]),
        "lane": lambda row: lane_of(row[1], row[2]),
    },
    "choice_count": {"lane": lambda row: 0},
}
"""Columns that PostgreSQL has beside those copied, and how their values are made of them."""

BOOLEANS = {"room": ("open", "ended")}

DERIVED = {
    "place": "INSERT INTO place (viewer, story, session) SELECT viewer, story, id FROM session",
    "room_code": "INSERT INTO room_code (code, session) SELECT code, session FROM room",
}
"""Tables that are made of others."""


class PostgresEnd:
    """One database. As a destination it is filled in one transaction, which keeps what was there until the end."""

    def __init__(self, url: str, said: str = "DATABASE_URL") -> None:
        self._target = Target(url, said)
        self._connection: Connection | None = None
        self._transaction: Transaction | None = None
        self._latest = postgres_migrations()[-1].number

    async def begin_reading(self) -> None:
        """See `Source`. The bot may go on writing."""
        with self._explained():
            connection = await self._connect()
            await self._begin(connection.transaction(isolation="repeatable_read", readonly=True))
            version, _ = await read_version(connection)
            if version == 0:
                raise StoreError(f"{self._target} has nothing of the bot's; correct the address.")
            check_current(self._target, version, self._latest)

    async def claim(self, replace: bool) -> None:
        """See `Destination`."""
        with self._explained():
            connection = await self._connect()
            if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", COPYING):
                raise StoreBusy(f"another copy into {self._target} is under way; wait for its end.")
            if await connection.fetchval(OTHERS):
                raise StoreBusy(f"{self._target} is in use; stop every bot on it, and begin again.")
            await self._make_tables(connection)
            if not replace:
                await self._check_empty(connection)
                await connection.execute("UPDATE schema_version SET number = $1", UNFINISHED + self._latest)
            await self._begin(connection.transaction())
            if replace:
                await connection.execute("TRUNCATE " + ", ".join([table.name for table in TABLES] + list(DERIVED)))

    async def _make_tables(self, connection: Connection) -> None:
        version, _ = await read_version(connection)
        if version >= UNFINISHED:
            # A copy that was stopped: all but this mark was undone when its connection ended.
            await connection.execute("UPDATE schema_version SET number = $1", version - UNFINISHED)
        await migrate(connection, self._target, postgres_migrations())

    async def _check_empty(self, connection: Connection) -> None:
        for table in TABLES:
            if await connection.fetchval(f"SELECT EXISTS (SELECT FROM {table.name})"):
                raise NotEmpty(f"{self._target} is not empty ({table.name} has rows); make another with createdb.")

    async def count(self, table: Table) -> int:
        """See `Source`."""
        with self._explained():
            count: int = await self._open.fetchval(COUNT.get(table.name, f"SELECT count(*) FROM {table.name}"))
            return count

    async def rows(self, table: Table) -> AsyncIterator[Sequence[Row]]:
        """See `Source`."""
        statement = READ.get(table.name, f"SELECT {_columns(table.columns)} FROM {table.name}")
        with self._explained():
            cursor = await self._open.cursor(statement)
        while True:
            with self._explained():
                batch = await cursor.fetch(table.batch)
            if not batch:
                return
            yield [tuple(record) for record in batch]

    async def write(self, table: Table, rows: Sequence[Row]) -> None:
        """See `Destination`."""
        columns, records = table.columns, list(rows)
        for name in BOOLEANS.get(table.name, ()):
            place = columns.index(name)
            records = [(*row[:place], bool(row[place]), *row[place + 1 :]) for row in records]
        for name, value in OWN_COLUMNS.get(table.name, {}).items():
            columns, records = (*columns, name), [(*row, value(row)) for row in records]
        with self._explained():
            try:
                await self._open.copy_records_to_table(table.name, records=records, columns=columns)
            except asyncpg.CharacterNotInRepertoireError as error:
                raise StoreError(
                    f"a text in {table.name} holds the character NUL, which PostgreSQL has not; find it with "
                    "instr(column, char(0)), take it out of the source, and begin again."
                ) from error

    async def settle(self) -> None:
        """See `Destination`."""
        if self._transaction is None:
            raise StoreError(f"{self._target} was not claimed.")
        with self._explained():
            for statement in DERIVED.values():
                await self._open.execute(statement)
            await self._open.execute("UPDATE schema_version SET number = $1", self._latest)
            await self._transaction.commit()
            # Without figures of its own the server would plan for empty tables.
            await self._open.execute("ANALYZE")

    async def close(self) -> None:
        """See `Source`."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                await connection.close(timeout=10)
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
                connection.terminate()

    async def _connect(self) -> Connection:
        self._connection = await connect(self._target, "cliffhanger copy", SETTINGS)
        return self._connection

    async def _begin(self, transaction: Transaction) -> None:
        self._transaction = transaction
        await transaction.start()

    @property
    def _open(self) -> Connection:
        if self._connection is None:
            raise StoreError(f"{self._target} is not open.")
        return self._connection

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
            raise diagnose(error, self._target) from error


def _columns(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
