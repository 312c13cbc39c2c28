"""The schema: numbered migrations, of which the database remembers the last in its user_version."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from bot.store.errors import DamagedDatabase, NewerSchema


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema: `number` counts from 1, in the order of the files `<number>_<name>.sql`."""

    number: int
    script: str


def read_migrations(folder: str = "migrations") -> tuple[Migration, ...]:
    """Every migration in that folder of the store that ships with this release, in order."""
    scripts = [entry for entry in files("bot.store").joinpath(folder).iterdir() if entry.name.endswith(".sql")]
    return tuple(
        Migration(int(entry.name.partition("_")[0]), entry.read_text("utf-8"))
        for entry in sorted(scripts, key=lambda entry: entry.name)
    )


def migrate(connection: sqlite3.Connection, path: str, migrations: tuple[Migration, ...]) -> None:
    """Bring the schema up to date, all or nothing. A database that is newer or not ours stays as it is."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _check(connection, path, migrations[-1].number)
        for migration in migrations[version:]:
            _apply(connection, migration)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _check(connection: sqlite3.Connection, path: str, latest: int) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > latest:
        raise NewerSchema(
            f"{path} has schema {version}, this release knows up to {latest}; "
            "run the newer release, or restore the backup made before it."
        )
    if version == 0 and connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
        raise DamagedDatabase(
            f"{path} is the database of another program; point DATABASE_URL at a file of the bot's own."
        )
    return version


def _apply(connection: sqlite3.Connection, migration: Migration) -> None:
    for statement in _statements(migration.script):
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {migration.number}")


def _statements(script: str) -> Iterator[str]:
    # Not executescript(), which commits first: a migration must be undone whole.
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
