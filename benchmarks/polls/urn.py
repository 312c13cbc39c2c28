"""What the peers keep, in a SQLite file with write-ahead log and synchronous=FULL, as ours has: rooms, and votes."""

from __future__ import annotations

import sqlite3
from pathlib import Path

FILE = "urn.db"

SETTINGS = ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL")
TABLES = (
    "CREATE TABLE IF NOT EXISTS room (id INTEGER PRIMARY KEY, message INTEGER)",
    """CREATE TABLE IF NOT EXISTS vote (room INTEGER, voter INTEGER, choice TEXT, presses INTEGER,
    PRIMARY KEY (room, voter)) WITHOUT ROWID""",
)
OPEN_ROOM = "INSERT OR REPLACE INTO room VALUES (?, ?)"
ROOMS = "SELECT id, message FROM room"
VOTE = """INSERT INTO vote VALUES (?, ?, ?, 1)
ON CONFLICT (room, voter) DO UPDATE SET choice = excluded.choice, presses = presses + 1"""
TALLY = "SELECT choice, count(*) FROM vote WHERE room = ? GROUP BY choice"


def urn(folder: Path) -> sqlite3.Connection:
    """The file, for whoever writes to it without aiosqlite."""
    connection = sqlite3.connect(folder / FILE, isolation_level=None, check_same_thread=False)
    for statement in (*SETTINGS, *TABLES):
        connection.execute(statement)
    return connection
