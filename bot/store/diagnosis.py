"""From what SQLite says to what an operator can act on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.store.errors import DamagedDatabase, StoreBusy, StoreError, StoreUnwritable, Unstorable

PRIMARY = 0xFF
"""The low byte of an SQLite result code is its primary code, see sqlite.org/rescode.html."""

READ_ONLY = "{path} cannot be written ({said}); give the bot write access to it and its folder, or set DATABASE_URL."
DISK_FULL = "the disk that holds {path} is full ({said}); free some space, the bot goes on by itself."
DAMAGED = "{path} is damaged or no SQLite database ({said}); restore a backup, or move it away to start anew."
BUSY = "{path} is locked by another process ({said}); stop the other process that uses it."
FAILING = "{path} cannot be read or written ({said}); check the disk, then start the bot again."
REFUSED = "{path} cannot hold what was to be stored ({said}); this is a fault in the bot, please report it."

KNOWN: dict[int, tuple[type[StoreError], str]] = {
    sqlite3.SQLITE_READONLY: (StoreUnwritable, READ_ONLY),
    sqlite3.SQLITE_CANTOPEN: (StoreUnwritable, READ_ONLY),
    sqlite3.SQLITE_PERM: (StoreUnwritable, READ_ONLY),
    sqlite3.SQLITE_FULL: (StoreUnwritable, DISK_FULL),
    sqlite3.SQLITE_NOTADB: (DamagedDatabase, DAMAGED),
    sqlite3.SQLITE_CORRUPT: (DamagedDatabase, DAMAGED),
    sqlite3.SQLITE_BUSY: (StoreBusy, BUSY),
    sqlite3.SQLITE_LOCKED: (StoreBusy, BUSY),
    sqlite3.SQLITE_PROTOCOL: (StoreBusy, BUSY),
}

REFUSALS = (sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_TOOBIG)


def diagnose(error: Exception, path: str) -> StoreError | Unstorable:
    """The error to raise in place of what SQLite (or Python on its behalf) raised; a new one each time."""
    if isinstance(error, StoreError | Unstorable):
        return type(error)(*error.args)
    said = str(error) or type(error).__name__
    code = getattr(error, "sqlite_errorcode", None)
    if code is None or code & PRIMARY in REFUSALS:
        # Without a code it did not come from SQLite but from Python, on the way there (a number too large for it).
        diagnosis: StoreError | Unstorable = Unstorable(REFUSED.format(path=path, said=said))
    else:
        kind, words = KNOWN.get(code & PRIMARY, (StoreError, FAILING))
        diagnosis = kind(words.format(path=path, said=said))
    diagnosis.__cause__ = error
    return diagnosis


@contextmanager
def diagnosed(path: Path) -> Iterator[None]:
    """What is done with that file inside raises what an operator can act on."""
    try:
        yield
    except sqlite3.Error as error:
        raise diagnose(error, str(path)) from error
