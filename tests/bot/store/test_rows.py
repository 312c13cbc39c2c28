"""Many rows in one statement give what one statement per row would."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from bot.store.queries import read_queries
from bot.store.rows import MOST_ROWS, ask_rows, repeat_row, send_rows

PARAMETERS = 32_766
"""SQLite's own limit on the parameters of a statement, see sqlite.org/limits.html."""


def test_the_row_after_values_is_repeated() -> None:
    assert repeat_row("INSERT INTO a (b, c) VALUES (?, ?) RETURNING b", 3) == (
        "INSERT INTO a (b, c) VALUES (?, ?), (?, ?), (?, ?) RETURNING b"
    )


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7, 64, 255, 256, 257, 1_000])
def test_all_rows_go_in_in_their_order_and_come_back(count: int) -> None:
    rows = [(number, f"row {number}") for number in range(count)]
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE place (number, name)")
        send_rows(connection, "INSERT INTO place VALUES (?, ?)", rows)
        assert connection.execute("SELECT * FROM place ORDER BY rowid").fetchall() == rows
        found = ask_rows(connection, "SELECT number FROM place WHERE number IN (VALUES (?))", [(n,) for n, _ in rows])
        assert sorted(number for (number,) in found) == list(range(count))


def test_no_statement_takes_more_parameters_than_sqlite_does() -> None:
    queries = read_queries("sqlite.sql")
    statements = [getattr(queries, name) for name in queries.__slots__]
    assert max(repeat_row(statement, MOST_ROWS).count("?") for statement in statements) <= PARAMETERS
