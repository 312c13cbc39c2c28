"""What an operator does with a whole database, whatever kind it is."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from bot.store.copy.backup import contents, copy_file, growing, readable, restore_file
from bot.store.copy.copying import Copied, Report, copy
from bot.store.copy.end import Destination
from bot.store.copy.sqlite_end import SQLiteEnd
from bot.store.database import make_folder
from bot.store.diagnosis import diagnosed
from bot.store.errors import StoreError
from bot.store.line import connect
from bot.store.open import find_file
from bot.store.schema import migrate, read_migrations


async def upgrade(url: str) -> tuple[int, int]:
    """Bring the schema up to date: the number it had, and the one it has. A bot may go on meanwhile."""
    path = find_file(url)
    if path is None:
        from bot.store.copy.postgres_upgrade import upgrade_postgres

        return await upgrade_postgres(url)
    make_folder(path)
    migrations = read_migrations()
    with diagnosed(path), closing(connect(str(path))) as connection:
        before = migrate(connection, str(path), migrations)
    return before, max(before, migrations[-1].number)


async def back_up(url: str, file: Path, report: Report) -> list[Copied]:
    """All of the database at this moment into a file, while a bot may go on with it; what is in the file."""
    path = find_file(url)
    with growing(file) as part:
        if path is None:
            return await copy(_end(url), SQLiteEnd(part), report)
        copy_file(path, part, report)
        return contents(part)


async def restore(url: str, file: Path, replace: bool, report: Report) -> list[Copied]:
    """A backup into the database; what is there then. Raises `NotEmpty` when there is something not to be replaced."""
    path = find_file(url)
    if path is not None:
        restore_file(file, path, replace, report)
        return contents(path)
    with readable(file) as source:
        return await copy(source, _end(url), report, replace)


async def copy_database(source: str, destination: str, report: Report) -> list[Copied]:
    """All of one database into another, which must be empty; what was copied."""
    one, other = _end(source, "FROM_URL"), _end(destination, "TO_URL")
    if source == destination:
        raise StoreError("FROM_URL and TO_URL are the same database; name two.")
    return await copy(one, other, report)


def _end(url: str, said: str = "DATABASE_URL") -> Destination:
    path = find_file(url, said)
    if path is not None:
        return SQLiteEnd(path)
    # Loaded only where it is wanted: a bot on SQLite need not have the driver.
    from bot.store.copy.postgres_end import PostgresEnd

    return PostgresEnd(url, said)
