"""The statements: all there, and each finds its rows by index, however large the tables grow."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing

import pytest

from bot.store.queries import Queries, read_queries
from bot.store.rows import repeat_row
from bot.store.schema import migrate, read_migrations

WHOLE_TABLES = {"troubles", "held", "clips_named"}
"""Statements that may read a whole table, because it is short: the operator keeps it so, workers are few, or
drafts are looked through once a day."""

WHOLE_OUTBOX = {"lose_cards", "move_cards", "about_outbox", "forget_outbox", "give_up_outbox"}
"""Those that may read the whole outbox: they are rare, it is short, and an index would cost every step."""


@pytest.mark.parametrize("name", sorted(set(Queries.__slots__) - WHOLE_TABLES))
def test_a_statement_does_not_search_through_a_table(name: str) -> None:
    statement = repeat_row(getattr(read_queries("sqlite.sql"), name), 64)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, "memory", read_migrations())
        tables = [table for (table,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}", [None] * values(statement)).fetchall()
    scanned = {match[1] for row in plan if (match := re.match(r"SCAN (\w+)", row[3]))}
    allowed = {"outbox"} if name in WHOLE_OUTBOX else set()
    assert not scanned & {*tables, "other"} - allowed


def values(statement: str) -> int:
    """How many values the statement takes, with ? or with ?1, ?2 and so on."""
    return max((int(number) for number in re.findall(r"\?(\d+)", statement)), default=statement.count("?"))
