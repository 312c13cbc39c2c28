"""A line to SQLite: one connection with a thread of its own."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from functools import partial
from typing import TypeVar, cast

import aiosqlite

Result = TypeVar("Result")

BUSY_SECONDS = 5.0
"""How long to wait for another process (a backup, a shell) to let go of the database."""

STATEMENTS = 256
"""Prepared statements kept per connection: more than we have, so each is compiled once."""

ITER_ROWS = 64
"""aiosqlite's own default for reading a cursor row by row, which we never do."""


class Line(aiosqlite.Connection):
    """An aiosqlite connection whose thread can be lent to a function. `reach` it first, `close` it always."""

    def __init__(self, path: str) -> None:
        super().__init__(partial(connect, path), ITER_ROWS)

    async def reach(self) -> None:
        """Connect. Raises sqlite3.Error; then there is nothing to close."""
        try:
            await self
        except BaseException:
            # aiosqlite tells its thread to end but does not wait: it would speak to a loop that may be gone.
            await asyncio.to_thread(self._thread.join)
            raise

    async def lend(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Run `work` with the bare connection in its thread: one hop, however many statements."""
        # aiosqlite hops once per statement and has no public way to do more in one hop, so this is the one
        # place that uses its `_execute` and `_conn` (aiosqlite 0.22).
        return cast(Result, await self._execute(work, self._conn))  # type: ignore[no-untyped-call]


def connect(path: str) -> sqlite3.Connection:
    """A bare connection in autocommit: transactions are begun and ended by us alone."""
    return sqlite3.connect(
        path,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        cached_statements=STATEMENTS,
        check_same_thread=False,
    )
