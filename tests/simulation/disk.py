"""The disk: one SQLite database in memory that outlives every worker, and the book of what became durable on it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from bot.store.line import connect
from bot.store.port import Commit
from bot.store.schema import migrate, read_migrations
from bot.store.transaction import Cast
from tests.fakes.house import START

Entry = Commit | Cast

CLAIMS = ("ALTER TABLE agenda ADD COLUMN worker INTEGER", "ALTER TABLE agenda ADD COLUMN lease INTEGER")
"""What a database for several workers has besides: which worker is at a row of the agenda, and until when."""


def clock(second: float) -> int:
    """What the database's clock says then, in Unix ms."""
    return START + round(second * 1000)


class Disk:
    """Made once and wiped between histories: what SQLite has compiled stays compiled."""

    def __init__(self) -> None:
        self.connection = connect(":memory:")
        self.connection.execute("PRAGMA foreign_keys = ON")
        migrate(self.connection, "the disk", read_migrations())
        for statement in CLAIMS:
            self.connection.execute(statement)
        tables = self.rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        self._tables = [name for (name,) in tables]
        self.book: list[Entry] = []
        """Every step and vote that was committed, in the order in which they were."""

    def wipe(self) -> None:
        """A disk as good as new."""
        self.connection.execute("PRAGMA foreign_keys = OFF")
        self.connection.execute("BEGIN")
        for table in (*self._tables, "sqlite_sequence"):
            self.connection.execute(f"DELETE FROM {table}")
        self.connection.execute("COMMIT")
        self.connection.execute("PRAGMA foreign_keys = ON")
        self.book = []

    def rows(self, query: str, *values: object) -> list[Any]:
        """What an onlooker finds there, without any delay or fault."""
        return self.connection.execute(query, values).fetchall()

    @contextmanager
    def breaking(self, after: int) -> Iterator[None]:
        """SQLite breaks off in the middle of what it does meanwhile, after so many of its own instructions."""
        left = after

        def out_of_luck() -> bool:
            nonlocal left
            left -= 1
            return left == 0  # Only once: to roll back, it must go on.

        self.connection.set_progress_handler(out_of_luck, 1)
        try:
            yield
        finally:
            self.connection.set_progress_handler(None, 1)


@cache
def the_disk() -> Disk:
    """The one of this process."""
    return Disk()


def failing(code: int, said: str) -> sqlite3.OperationalError:
    """An error as SQLite reports it."""
    error = sqlite3.OperationalError(said)
    error.sqlite_errorcode = code
    return error


def io_error() -> sqlite3.OperationalError:
    """What SQLite says when the disk does not answer."""
    return failing(sqlite3.SQLITE_IOERR, "disk I/O error")


def full() -> sqlite3.OperationalError:
    """What SQLite says when nothing more fits."""
    return failing(sqlite3.SQLITE_FULL, "database or disk is full")
