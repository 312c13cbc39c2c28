"""A group's transaction: it is over, one way or the other, wherever SQLite breaks off."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from itertools import count

import pytest

from bot.store.line import connect
from bot.store.port import Commit, Outcome
from bot.store.transaction import Cast, write_together


def nothing(jobs: Sequence[Commit | Cast], connection: sqlite3.Connection) -> list[Outcome]:
    """There are no steps among the jobs."""
    return []


def add(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO word VALUES ('a')")


def break_off(connection: sqlite3.Connection, after: int) -> None:
    """Once, after so many of SQLite's own instructions."""
    left = count(-after)
    connection.set_progress_handler(lambda: next(left) == 0, 1)


@pytest.mark.parametrize("after", range(25))
def test_whatever_breaks_off_leaves_no_transaction_open(after: int) -> None:
    with closing(connect(":memory:")) as connection:
        connection.execute("CREATE TABLE word (said TEXT)")
        break_off(connection, after)
        with suppress(sqlite3.OperationalError):
            write_together(nothing, [add], connection)
        connection.set_progress_handler(None, 1)
        assert not connection.in_transaction
        write_together(nothing, [add], connection)
        assert connection.execute("SELECT count(*) FROM word").fetchone() in ((1,), (2,))
