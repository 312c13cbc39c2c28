"""The schema on PostgreSQL: numbered migrations, of which the table `schema_version` remembers the last."""

from __future__ import annotations

from bot.store.errors import DamagedDatabase, StoreError, StoreUnwritable
from bot.store.postgres_line import Connection
from bot.store.postgres_target import Target
from bot.store.schema import Migration, check_version, oldest_of, read_migrations

OLDEST_SERVER = 14
"""PostgreSQL's major version that has all we ask for (pg_terminate_backend that waits)."""

MIGRATING = 0x636C6966
"""The advisory lock under which one process at a time migrates."""

LOCK_SECONDS = 60
"""How long one process waits for another one's migration."""


def postgres_migrations() -> tuple[Migration, ...]:
    """Every migration for PostgreSQL that ships with this release, in order."""
    return read_migrations("migrations/postgres")


async def migrate(connection: Connection, target: Target, migrations: tuple[Migration, ...]) -> int:
    """Bring the schema up to date, all or nothing; the number it had. What is newer or not ours stays as it is."""
    await _check_server(connection, target)
    latest = migrations[-1].number
    version = await _version(connection, target, latest)
    if version >= latest:
        return version
    async with connection.transaction():
        await connection.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'; SET LOCAL statement_timeout = 0")
        await connection.execute("SELECT pg_advisory_xact_lock($1)", MIGRATING)
        # Looked at again: another process may have been faster.
        version = await _version(connection, target, latest)
        if version == 0:
            await connection.execute("CREATE TABLE schema_version (number integer NOT NULL)")
            await connection.execute("INSERT INTO schema_version (number) VALUES (0)")
        missing = [migration for migration in migrations if migration.number > version]
        for migration in missing:
            await connection.execute(migration.script)
        if missing:
            await connection.execute("ALTER TABLE schema_version ADD COLUMN IF NOT EXISTS oldest integer")
            await connection.execute(
                "UPDATE schema_version SET number = $1, oldest = $2", latest, oldest_of(migrations)
            )
    return version


async def read_version(connection: Connection) -> tuple[int, int | None]:
    """The number of the schema, and the oldest whose code may run on it; 0 where there is none yet."""
    if await connection.fetchval("SELECT to_regclass(quote_ident(current_schema()) || '.schema_version')") is None:
        return 0, None
    # Taken apart as JSON: the older of our databases have no column `oldest`.
    row = await connection.fetchrow(
        "SELECT number, (to_jsonb(schema_version) ->> 'oldest')::integer FROM schema_version ORDER BY number DESC"
    )
    return (0, None) if row is None else (row[0], row[1])


async def _check_server(connection: Connection, target: Target) -> None:
    major = connection.get_server_version().major
    if major < OLDEST_SERVER:
        raise StoreError(f"{target} is on PostgreSQL {major}; the bot needs {OLDEST_SERVER} or later, upgrade it.")
    encoding = await connection.fetchval("SHOW server_encoding")
    if encoding != "UTF8":
        raise StoreError(f"{target} is in {encoding}, not UTF8; make another one: createdb -E UTF8 -T template0.")
    if await connection.fetchval("SELECT current_setting('transaction_read_only')") == "on":
        raise StoreUnwritable(f"{target} takes no writes; point DATABASE_URL at the primary.")
    if await connection.fetchval("SELECT current_schema()") is None:
        raise StoreUnwritable(f"{target} has no schema for the bot; make its user the owner of the database.")


async def _version(connection: Connection, target: Target, latest: int) -> int:
    version, oldest = await read_version(connection)
    check_version(target, version, oldest, latest)
    if version == 0:
        tables = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename <> 'schema_version'"
        # Looked at again: between the two looks another process may have made them all.
        if await connection.fetchval(tables) and await read_version(connection) == (0, None):
            raise DamagedDatabase(f"{target} belongs to another program; point DATABASE_URL at one of the bot's own.")
    return version
