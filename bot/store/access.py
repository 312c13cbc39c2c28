"""The way to the database, which the parts of the SQLite store share."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bot.figures import Figures
from bot.store.batch import GROUP
from bot.store.database import Database
from bot.store.queries import Queries, read_queries
from bot.store.records import Due, EventKey, OutboxCard
from bot.store.rows import send_rows
from bot.store.schema import Migration, read_migrations

ID_BITS = 62
"""Random bits of an id: nobody can guess one, and it fits a signed 64-bit column."""


class Access:
    """One SQLite file with its statements, for one process. `group` is the most jobs that share a transaction,
    `migrations` are the release's own unless told otherwise.
    """

    def __init__(self, path: str | Path, group: int = GROUP, migrations: tuple[Migration, ...] | None = None) -> None:
        self._queries = read_queries("sqlite.sql")
        self.figures = Figures()
        self._database = Database(
            Path(path), self._queries, group, self.figures, read_migrations() if migrations is None else migrations
        )

    async def _row(self, statement: str, *values: Any) -> Any:
        return await self._database.read(lambda connection: connection.execute(statement, values).fetchone())

    async def _rows(self, statement: str, *values: Any) -> list[Any]:
        return await self._database.read(lambda connection: connection.execute(statement, values).fetchall())

    async def _change(self, statement: str, *values: Any) -> None:
        await self._database.write(lambda connection: connection.execute(statement, values).close())


def claim(queries: Queries, event: EventKey | None, connection: sqlite3.Connection) -> bool:
    """Whether the event, if there is one, is new; then it is known from now."""
    return event is None or connection.execute(queries.add_event, (event.platform, event.id)).rowcount == 1


def known(queries: Queries, event: EventKey | None, connection: sqlite3.Connection) -> bool:
    """Whether there is an event and it was committed before."""
    if event is None:
        return False
    return connection.execute(queries.seen, (event.platform, event.id)).fetchone() is not None


def add_cards(queries: Queries, cards: Iterable[OutboxCard], connection: sqlite3.Connection) -> None:
    """Put cards into the outbox, in their order."""
    rows = [(card.platform, card.address, card.session, card.revision, card.body) for card in cards]
    send_rows(connection, queries.add_cards, rows)


def add_dues(queries: Queries, dues: Iterable[Due], connection: sqlite3.Connection) -> None:
    """Put rows on the agenda."""
    rows = [(due.at, due.kind, due.session, due.revision, due.payload) for due in dues]
    send_rows(connection, queries.add_dues, rows)
