"""Many rows in one statement.

Every statement makes the store's thread hand the interpreter over and wait for it again, for milliseconds when
the event loop is busy. So a group of steps is written in a few statements of many rows, not in many of one.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

ROW = re.compile(r"VALUES (\([?, ]+\))")

MOST_ROWS = 256
"""Rows in one statement; the widest row times this stays below SQLite's 32,766 parameters."""

STATEMENTS = 256
"""Repeated statements remembered: nine sizes of each are in use."""


def send_rows(connection: sqlite3.Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> int:
    """Execute the statement with its row after VALUES once for every row, in order; how many rows it changed."""
    return sum(connection.execute(repeat_row(statement, len(chunk)), _flat(chunk)).rowcount for chunk in _chunks(rows))


def ask_rows(connection: sqlite3.Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> list[Any]:
    """The same for a query: the rows of its answer, in no order."""
    return [
        answer
        for chunk in _chunks(rows)
        for answer in connection.execute(repeat_row(statement, len(chunk)), _flat(chunk)).fetchall()
    ]


@lru_cache(STATEMENTS)
def repeat_row(statement: str, count: int) -> str:
    """The statement with `count` rows in place of the one after VALUES."""
    return ROW.sub(lambda match: "VALUES " + ", ".join([match[1]] * count), statement)


def _chunks(rows: Sequence[tuple[Any, ...]]) -> Iterator[Sequence[tuple[Any, ...]]]:
    # Powers of two, so that few different statements have to be compiled and kept.
    start = 0
    while start < len(rows):
        size = min(MOST_ROWS, 1 << (len(rows) - start).bit_length() - 1)
        yield rows[start : start + size]
        start += size


def _flat(rows: Sequence[tuple[Any, ...]]) -> list[Any]:
    return list(chain.from_iterable(rows))
