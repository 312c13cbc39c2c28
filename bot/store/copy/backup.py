"""A backup: one SQLite file, whatever database it is of; and the way back."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from bot.store.copy.copying import Copied, Report
from bot.store.copy.lock import lock
from bot.store.copy.sqlite_end import SQLiteEnd, is_empty, table_names
from bot.store.database import make_folder
from bot.store.diagnosis import diagnosed
from bot.store.errors import DamagedDatabase, NotEmpty, StoreError, StoreUnwritable
from bot.store.line import connect
from bot.store.schema import check_version, migrate, read_migrations, read_version

PAGES = 2_000
"""Pages copied between two words of progress: 8 MB."""


@contextmanager
def growing(file: Path) -> Iterator[Path]:
    """A file beside that one, to be filled: sound and on the disk it gets the name, otherwise it goes."""
    if file.exists():
        raise NotEmpty(f"{file} is there already; name another file, or move it away.")
    part = _beside(file)
    try:
        yield part
        with diagnosed(part), closing(connect(str(part))) as connection:
            # One file alone, without a log beside it.
            connection.execute("PRAGMA journal_mode = DELETE").fetchall()
            check_sound(connection, part)
        _flush(part)
        # Not a replacement: somebody else may have been faster.
        os.link(part, file)
        _flush(file.parent)
    except StoreError as error:
        # Nobody but us knows the file by its passing name.
        raise type(error)(str(error).replace(str(part), str(file))) from error
    except FileExistsError:
        raise NotEmpty(f"{file} is there already; name another file, or move it away.") from None
    except OSError as error:
        raise StoreUnwritable(f"{file} cannot be written ({error.strerror}); nothing was left there.") from error
    finally:
        for ending in ("", "-journal"):
            part.with_name(part.name + ending).unlink(missing_ok=True)


def _beside(file: Path) -> Path:
    try:
        handle, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".part", dir=file.parent)
    except OSError as error:
        raise StoreUnwritable(
            f"{file} cannot be written ({error.strerror}); make its folder, or give access to it."
        ) from error
    os.close(handle)
    return Path(name)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def copy_file(source: Path, destination: Path, report: Report) -> None:
    """All of a database as it is at this moment, while a bot may go on with it."""
    if not source.is_file():
        raise StoreError(f"there is no database {source}; set DATABASE_URL.")
    with diagnosed(source), closing(connect(str(source))) as reading:
        # While this lasts we see the database of now; without it, every write of the bot would begin the copy anew.
        reading.execute("BEGIN")
        _check_ours(reading, source)
        with diagnosed(destination), closing(connect(str(destination))) as writing:
            _pour(reading, writing, "copying pages", report)


def restore_file(file: Path, destination: Path, replace: bool, report: Report) -> None:
    """Put a backup where the bot's file is: all at once, and what was there stays until then."""
    if not file.is_file():
        raise StoreError(f"there is no file {file}; name a backup.")
    if destination.exists() and os.path.samefile(file, destination):
        raise StoreError(f"{file} is the database itself; name a backup.")
    make_folder(destination)
    with diagnosed(destination), closing(connect(str(destination))) as writing:
        lock(writing, destination)
        if not is_empty(writing) and not (replace and read_version(writing)[0]):
            raise NotEmpty(f"{destination} is not empty; --replace puts the backup in the place of a bot's database.")
        with opened(file) as reading:
            _pour(reading, writing, "restoring pages", report)
        migrate(writing, str(destination), read_migrations())


def _pour(reading: sqlite3.Connection, writing: sqlite3.Connection, doing: str, report: Report) -> None:
    def progress(status: int, remaining: int, total: int) -> None:
        report(doing, total - remaining, total)

    reading.backup(writing, pages=PAGES, progress=progress, sleep=0)


@contextmanager
def opened(file: Path) -> Iterator[sqlite3.Connection]:
    """A backup to read. Raises `DamagedDatabase` when it is none or not sound, `NewerSchema` when it is too new."""
    if not file.is_file():
        raise StoreError(f"there is no file {file}; name a backup.")
    # Nothing beside it: then nobody is at it, and it can be read in a folder where nothing may be written.
    alone = "" if file.with_name(f"{file.name}-wal").exists() else "&immutable=1"
    uri = f"file:{quote(str(file.absolute()))}?mode=ro{alone}"
    with diagnosed(file), closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as connection:
        _check_ours(connection, file)
        check_sound(connection, file)
        yield connection


def _check_ours(connection: sqlite3.Connection, path: Path) -> None:
    version, oldest = read_version(connection)
    check_version(path, version, oldest, read_migrations()[-1].number)
    if version == 0:
        raise DamagedDatabase(f"{path} is no database of the bot; name another file.")


@contextmanager
def readable(file: Path) -> Iterator[SQLiteEnd]:
    """A backup as the source of a copy, brought up to date on the side when an older release made it."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "backup.db"
        with opened(file) as reading, diagnosed(fresh), closing(connect(str(fresh))) as writing:
            _pour(reading, writing, "reading pages", lambda *_: None)
            migrate(writing, str(fresh), read_migrations())
        yield SQLiteEnd(fresh)


def check_sound(connection: sqlite3.Connection, path: Path) -> None:
    """Raises `DamagedDatabase` when SQLite finds anything wrong in the file."""
    [said] = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if said != "ok":
        raise DamagedDatabase(f"{path} is damaged ({said.splitlines()[0]}); take another backup.")


def contents(file: Path) -> list[Copied]:
    """How many rows are in which table, whichever release's schema it is."""
    with diagnosed(file), closing(connect(str(file))) as connection:
        return [
            Copied(name, connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0], "")
            for name in table_names(connection)
        ]
