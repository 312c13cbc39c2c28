"""The statements on PostgreSQL: all there, and each finds its rows by index, however large the tables grow."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import fields
from typing import Any

import asyncpg
import pytest

from bot.store.postgres import PostgresStore
from bot.store.postgres_line import SERVER_SETTINGS
from bot.store.postgres_queries import PostgresQueries, read_postgres_queries
from bot.store.postgres_schema import migrate, postgres_migrations
from bot.store.postgres_target import Target
from tests.bot.store.steps import begin, card, chose, due, step

WHOLE_TABLES = {"troubles", "lose_cards", "move_cards", "clips_named"}
"""Statements that may read a whole table: they are rare, and the table is short."""

SAMPLES: dict[str, Any] = {
    "int8": 1, "int4": 1, "text": "a", "words": "a", "bytea": b"", "bool": True, "int8[]": [1], "int4[]": [1],
    "text[]": ["a"], "bytea[]": [b""],
}  # fmt: skip

NAMES = [field.name for field in fields(PostgresQueries)]
FUNCTIONS = {"write_group", "keep_room", "buy", "keep_plan", "add_cards", "add_deed"}


@pytest.fixture
async def connection(postgres_url: str) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    """Connected as the store's lines are, to tables that are there."""
    connection = await asyncpg.connect(postgres_url, server_settings=SERVER_SETTINGS)
    await migrate(connection, Target(postgres_url), postgres_migrations())
    yield connection
    await connection.close()


async def test_a_statement_does_not_search_through_a_table(connection: asyncpg.Connection[asyncpg.Record]) -> None:
    queries = read_postgres_queries()
    searching = set()
    for name in sorted(set(NAMES) - WHOLE_TABLES - FUNCTIONS):
        statement = await connection.prepare(getattr(queries, name))
        values = [SAMPLES[kind.name] for kind in statement.get_parameters()]
        plan = str(await statement.explain(*values))
        searching |= {(name, table) for table in re.findall(r"'Seq Scan'[^{}]*?'Relation Name': '(\w+)'", plan)}
    assert not searching


async def test_a_group_of_steps_does_not_search_through_a_table(postgres_url: str) -> None:
    store = PostgresStore(postgres_url)
    await store.open()
    session = await begin(store)
    written = store._database._lines[0]
    statements: list[str] = []

    async def listen(connection: asyncpg.Connection[asyncpg.Record]) -> None:
        connection.add_log_listener(lambda _, message: statements.append(str(message)))
        await connection.execute(
            "LOAD 'auto_explain'; SET auto_explain.log_min_duration = 0; SET auto_explain.log_nested_statements = on;"
            "SET client_min_messages = log"
        )

    try:
        await written.lend(listen)
    except asyncpg.UndefinedFileError:
        await store.close()
        pytest.skip("needs auto_explain, which comes with Debian's PostgreSQL")
    await store.commit(step(session, cards=(card(session),), agenda=(due(session, 5_000),), facts=(chose("stay"),)))
    await store.close()
    plans = "\n".join(statements)
    assert "Index Scan using session_pkey" in plans
    assert "Seq Scan" not in plans
