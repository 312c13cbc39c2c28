"""What can happen to a PostgreSQL database before the bot runs: newer, foreign, forbidden, in no UTF-8, away."""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import asyncpg
import pytest

from bot.store.errors import NewerSchema, StoreError, Unstorable
from bot.store.port import Commit, OutboxCard, Store
from bot.store.postgres import PostgresStore
from bot.store.postgres_schema import migrate, postgres_migrations
from bot.store.postgres_target import Target
from bot.store.schema import Migration
from tests.bot.store.steps import after, begin, event, step
from tests.fakes.postgres import PostgresServer, ask


async def refused(url: str) -> str:
    """The message with which the store refuses to open."""
    store = PostgresStore(url)
    with pytest.raises(StoreError) as failure:
        await store.open()
    message = str(failure.value)
    assert "\n" not in message
    assert "; " in message, "it should say what to do"
    assert "hunter2" not in message
    with pytest.raises(StoreError, match="not open"):
        await store.session(1)
    return f"{type(failure.value).__name__}: {message}"


# -- the schema


def test_migrations_are_numbered_without_gaps() -> None:
    migrations = postgres_migrations()
    assert [migration.number for migration in migrations] == list(range(1, len(migrations) + 1))


class Overtaken:
    """A connection whose process is overtaken by another one right after its first look for the schema."""

    def __init__(self, connection: asyncpg.Connection, meanwhile: Callable[[], Awaitable[object]]) -> None:
        self._connection = connection
        self._meanwhile: Callable[[], Awaitable[object]] | None = meanwhile

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    async def fetchval(self, statement: str, *values: object) -> Any:
        found = await self._connection.fetchval(statement, *values)
        meanwhile = self._meanwhile if "schema_version" in statement else None
        if meanwhile is not None:
            self._meanwhile = None
            await meanwhile()
        return found


async def test_who_is_overtaken_while_it_looks_takes_the_database_for_ours(new_database: str) -> None:
    one, other = await asyncpg.connect(new_database), await asyncpg.connect(new_database)
    target, migrations = Target(new_database), postgres_migrations()
    try:
        slow: Any = Overtaken(one, lambda: migrate(other, target, migrations))
        await migrate(slow, target, migrations)
        assert await migrate(other, target, migrations) == migrations[-1].number
    finally:
        await one.close()
        await other.close()


async def test_a_new_database_is_migrated_once_by_many_at_once(new_database: str) -> None:
    stores = [PostgresStore(new_database) for _ in range(4)]
    await asyncio.gather(*(store.open() for store in stores))
    session = await begin(stores[0])
    assert await stores[3].session(session.id) == session
    assert [row[0] for row in await ask(new_database, "SELECT number FROM schema_version")] == [
        postgres_migrations()[-1].number
    ]
    for store in stores:
        await store.close()


async def test_a_newer_database_is_refused_and_left_as_it_is(new_database: str) -> None:
    await ask(new_database, "CREATE TABLE schema_version (number int)", "INSERT INTO schema_version VALUES (9000)")
    assert "NewerSchema" in await refused(new_database)
    tables = await ask(new_database, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    assert [row[0] for row in tables] == ["schema_version"]


async def test_another_programs_database_is_refused_and_left_as_it_is(new_database: str) -> None:
    await ask(new_database, "CREATE TABLE addresses (id int)")
    assert "belongs to another program" in await refused(new_database)
    tables = await ask(new_database, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    assert [row[0] for row in tables] == ["addresses"]


async def test_a_migration_that_fails_leaves_the_schema_as_it_was(new_database: str) -> None:
    target, migrations = Target(new_database), postgres_migrations()
    broken = Migration(migrations[-1].number + 1, "CREATE TABLE half (id int); INSERT INTO nowhere VALUES (1);")
    connection = await asyncpg.connect(new_database)
    await migrate(connection, target, migrations)
    with pytest.raises(asyncpg.UndefinedTableError):
        await migrate(connection, target, (*migrations, broken))
    await migrate(connection, target, migrations)
    assert await connection.fetchval("SELECT to_regclass('half')") is None
    with pytest.raises(NewerSchema):
        await migrate(connection, target, migrations[:1])
    await connection.close()


LEADS = {
    "session": "id", "event": "home", "outbox": "home", "agenda": "session", "fact": "session", "room": "session",
    "vote": "session", "ballot": "session", "shown": "address", "lost_chat": "address", "plan": "address",
    "viewer": "id", "identity": "user", "place": "viewer", "preference": "viewer",
}  # fmt: skip


async def test_each_table_is_led_by_what_it_can_be_sharded_by(postgres_url: str) -> None:
    store = PostgresStore(postgres_url)
    await store.open()
    await store.close()
    rows = await ask(
        postgres_url,
        "SELECT indrelid::regclass::text, attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid "
        "WHERE indisprimary AND attnum = indkey[0]",
    )
    found = {row[0]: row[1] for row in rows}
    assert {table: found[table] for table in LEADS} == LEADS
    assert (
        await ask(postgres_url, "SELECT 1 FROM pg_sequences UNION SELECT 1 FROM pg_constraint WHERE contype = 'f'")
        == []
    )


# -- a database that cannot be used


async def test_a_database_that_is_not_in_utf8_is_refused(postgres_server: PostgresServer) -> None:
    name = f"latin_{secrets.token_hex(4)}"
    options = "TEMPLATE template0 ENCODING LATIN1 LC_COLLATE 'C' LC_CTYPE 'C'"
    await ask(postgres_server.url(), f"CREATE DATABASE {name} {options}")
    assert "not UTF8" in await refused(postgres_server.url(name))
    await ask(postgres_server.url(), f"DROP DATABASE {name}")


async def test_a_user_without_rights_is_told_so(new_database: str) -> None:
    user = f"stranger_{secrets.token_hex(4)}"
    await ask(new_database, f"CREATE USER {user} PASSWORD 'hunter2'", "REVOKE CREATE ON SCHEMA public FROM public")
    said = await refused(new_database.replace("bot@", f"{user}:hunter2@"))
    assert said.startswith("StoreUnwritable")
    await ask(new_database, f"DROP USER {user}")


async def test_a_read_only_database_is_refused(new_database: str) -> None:
    name = new_database.rpartition("/")[2]
    await ask(new_database, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    assert "StoreUnwritable" in await refused(new_database)


async def test_a_database_or_a_user_or_a_server_that_is_not_there_is_named(postgres_server: PostgresServer) -> None:
    assert "is not there" in await refused(postgres_server.url("nowhere"))
    assert "does not let the bot in" in await refused(postgres_server.url().replace("bot@", "nobody:hunter2@"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert "cannot be reached" in await refused(f"postgresql://bot:hunter2@127.0.0.1:{port}/bot")


@pytest.mark.parametrize(
    "url", ["postgresql://", "postgresql://host", "postgresql://me:hunter2@host:x/bot", "postgresql:///a/b"]
)
def test_a_url_without_a_database_is_refused(url: str) -> None:
    with pytest.raises(StoreError, match="DATABASE_URL names no") as failure:
        PostgresStore(url)
    assert "hunter2" not in str(failure.value)


def test_the_target_tells_neither_user_nor_password() -> None:
    assert str(Target("postgresql://me:hunter2@db.example/bot")) == "the database 'bot' at db.example:5432"
    assert str(Target("postgres:///bot?host=/run/postgresql")) == "the database 'bot' at /run/postgresql:5432"


# -- what can never be stored


async def test_what_no_text_can_hold_is_unstorable(postgres_url: str) -> None:
    store: Store = PostgresStore(postgres_url)
    await store.open()
    session = await begin(store)
    for bad in ("nul \0", "\ud800"):
        with pytest.raises(Unstorable):
            await store.viewer("console", bad)
        with pytest.raises(Unstorable):
            await store.speak(session.viewer, bad)
        with pytest.raises(Unstorable):
            await store.commit(replace(step(session), event=event(bad)))
        with pytest.raises(Unstorable):
            await store.post(event(bad), [OutboxCard("console", "chat", 0, 0, b"")])
    with pytest.raises(Unstorable):
        await store.speak(2**64, "en")
    with pytest.raises(Unstorable):
        await store.commit(Commit(event(), after(session, updated=2**63), 0))
    assert await store.session(session.id) == session
    await store.close()


async def test_a_card_is_behind_those_that_wait_when_the_servers_clock_goes_back(postgres_url: str) -> None:
    store = PostgresStore(postgres_url)
    await store.open()
    session = await begin(store)
    tap = step(session, cards=(OutboxCard("console", "chat", session.id, 1, b"before"),))
    await store.commit(tap)
    # As a server would have numbered it whose clock was a year ahead.
    await ask(postgres_url, f"UPDATE outbox SET id = id + {31_536_000_000_000 << 10}")
    later = step(after(session), cards=(OutboxCard("console", "chat", session.id, 2, b"after"),))
    await store.commit(later)
    assert [one.body for one in await store.pending("console", 0, 10)] == [b"before", b"after"]
    await store.close()
