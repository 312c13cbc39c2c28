"""Brings a PostgreSQL database up to date without a bot."""

from __future__ import annotations

import asyncpg

from bot.store.copy.postgres_end import SETTINGS
from bot.store.postgres_diagnosis import diagnose
from bot.store.postgres_line import connect
from bot.store.postgres_schema import migrate, postgres_migrations
from bot.store.postgres_target import Target


async def upgrade_postgres(url: str) -> tuple[int, int]:
    """The number that the schema had, and the one it has. Raises `StoreError`."""
    target, migrations = Target(url), postgres_migrations()
    try:
        connection = await connect(target, "upgrade of cliffhanger", SETTINGS)
        try:
            before = await migrate(connection, target, migrations)
        finally:
            await connection.close(timeout=10)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
        raise diagnose(error, target) from error
    return before, max(before, migrations[-1].number)
