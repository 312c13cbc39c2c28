"""What the peers on SQLite keep of each viewer: the scene where they are, and how many taps led there."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

Place = tuple[str, int]
"""(scene, taps)."""


TABLE = "CREATE TABLE IF NOT EXISTS place (user INTEGER PRIMARY KEY, scene TEXT, taps INTEGER)"


class Ledger:
    """One table in a file with write-ahead log and synchronous=FULL, as ours has."""

    def __init__(self, folder: Path) -> None:
        self._connection = sqlite3.connect(folder / "ledger.db", isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute(TABLE)

    def note(self, places: Iterable[tuple[int, str, int]]) -> None:
        """Write (user, scene, taps) of some viewers in one transaction: durable when it returns."""
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany("INSERT OR REPLACE INTO place VALUES (?, ?, ?)", places)
        self._connection.execute("COMMIT")

    def places(self) -> dict[int, Place]:
        """All of them."""
        rows = self._connection.execute("SELECT user, scene, taps FROM place")
        return {user: (scene, taps) for user, scene, taps in rows}

    def taps(self) -> int:
        """Of all viewers together."""
        return sum(taps for _, taps in self.places().values())
