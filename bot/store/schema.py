"""The schema: numbered migrations, of which the database remembers the last in its user_version.

A migration only adds, so that the release before it can go on while it is made, and come back after it. The first line
of each script says which schema's code may still run on it.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files

from bot.store.errors import DamagedDatabase, NewerSchema, StoreError, UnfinishedCopy

RUNS_WITH = re.compile(r"-- runs with (\d+)\b")

UNFINISHED = 1_000_000
"""Added to the schema's number while a copy is under way: a number that every release refuses, older ones too."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema: `number` counts from 1, in the order of the files `<number>_<name>.sql`."""

    number: int
    script: str

    @property
    def oldest(self) -> int:
        """The oldest schema whose code may run after it: its own number, where the first line says nothing."""
        said = RUNS_WITH.match(self.script)
        return int(said[1]) if said else self.number


def read_migrations(folder: str = "migrations") -> tuple[Migration, ...]:
    """Every migration in that folder of the store that ships with this release, in order."""
    scripts = [entry for entry in files("bot.store").joinpath(folder).iterdir() if entry.name.endswith(".sql")]
    return tuple(
        Migration(int(entry.name.partition("_")[0]), entry.read_text("utf-8"))
        for entry in sorted(scripts, key=lambda entry: entry.name)
    )


def oldest_of(migrations: Sequence[Migration]) -> int:
    """The oldest schema whose code may run on a database that has them all."""
    return max(migration.oldest for migration in migrations)


def check_version(place: object, version: int, oldest: int | None, latest: int) -> None:
    """Raises `NewerSchema` when code that knows `latest` may not run there: `oldest` is what that database asks for,
    None where it was not written down. Raises `UnfinishedCopy` when a copy did not come to its end.
    """
    if version >= UNFINISHED:
        raise UnfinishedCopy(f"{place} holds a copy that did not come to its end; make the same copy once more.")
    if version > latest and (oldest is None or latest < oldest):
        raise NewerSchema(
            f"{place} has schema {version}, this release knows up to {latest}; "
            "run the newer release, or restore the backup made before it."
        )


def check_current(place: object, version: int, latest: int) -> None:
    """Raises `StoreError` unless that database has exactly the schema of this release: no more, which would be lost,
    and no less.
    """
    check_version(place, version, None, latest)
    if version < latest:
        raise StoreError(
            f"{place} has schema {version}, this release copies schema {latest}; "
            "bring it up to date first: DATABASE_URL=... run_bot.py db upgrade."
        )


def migrate(connection: sqlite3.Connection, path: str, migrations: tuple[Migration, ...]) -> int:
    """Bring the schema up to date, all or nothing; the number it had. What is newer or not ours stays as it is."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _check(connection, path, migrations[-1].number)
        missing = [migration for migration in migrations if migration.number > version]
        for migration in missing:
            _apply(connection, migration)
        if missing:
            _remember_oldest(connection, oldest_of(migrations))
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return version


def read_version(connection: sqlite3.Connection) -> tuple[int, int | None]:
    """The number of the schema, and the oldest whose code may run on it, where that was written down."""
    [version] = connection.execute("PRAGMA user_version").fetchone()
    there = connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'schema_version'").fetchone()
    row = connection.execute("SELECT oldest FROM schema_version").fetchone() if there else None
    return int(version), None if row is None else int(row[0])


def _check(connection: sqlite3.Connection, path: str, latest: int) -> int:
    version, oldest = read_version(connection)
    check_version(path, version, oldest, latest)
    if version == 0 and connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
        raise DamagedDatabase(
            f"{path} is the database of another program; point DATABASE_URL at a file of the bot's own."
        )
    return version


def _apply(connection: sqlite3.Connection, migration: Migration) -> None:
    for statement in _statements(migration.script):
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {migration.number}")


def _remember_oldest(connection: sqlite3.Connection, oldest: int) -> None:
    connection.execute("CREATE TABLE IF NOT EXISTS schema_version (oldest INTEGER NOT NULL) STRICT")
    connection.execute("DELETE FROM schema_version")
    connection.execute("INSERT INTO schema_version (oldest) VALUES (?)", (oldest,))


def _statements(script: str) -> Iterator[str]:
    # Not executescript(), which commits first: a migration must be undone whole.
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
