"""Keeps everybody else away from an SQLite file, and says so where somebody has it open."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from bot.store.diagnosis import PRIMARY
from bot.store.errors import StoreBusy

PATIENCE_MILLISECONDS = 500
"""Enough for who just lets go. A bot does not."""


def lock(connection: sqlite3.Connection, path: Path) -> None:
    """From now until it is closed the connection has the file for itself. Raises `StoreBusy` when a bot uses it."""
    connection.execute(f"PRAGMA busy_timeout = {PATIENCE_MILLISECONDS}").fetchall()
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE").fetchall()
        # Whoever has a database with a write-ahead log open holds a lock on the file for all that time, also while
        # nothing happens; and the log is given up only by who is alone.
        connection.execute("PRAGMA journal_mode = DELETE").fetchall()
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & PRIMARY != sqlite3.SQLITE_BUSY:
            raise
        raise StoreBusy(f"{path} is in use; stop the bot, or whatever else has it open, and begin again.") from error
