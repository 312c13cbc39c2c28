"""A copy is the same, whole and from one moment; one that was stopped serves nobody, and may be begun again."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from bot.store.copy.copying import copy
from bot.store.copy.end import Digest, Row
from bot.store.copy.operation import copy_database
from bot.store.copy.postgres_end import PostgresEnd
from bot.store.copy.sqlite_end import SQLiteEnd
from bot.store.copy.tables import TABLES, Table
from bot.store.errors import NewerSchema, NotEmpty, StoreBusy, StoreError, StoreUnwritable, UnfinishedCopy
from bot.store.open import open_store
from bot.store.port import Store
from bot.store.postgres import PostgresStore
from bot.store.schema import read_migrations
from bot.store.sqlite import SQLiteStore
from tests.bot.store.copy.full import fill, goes_on, look
from tests.bot.store.steps import after, begin, card, chose, event, step
from tests.fakes.postgres import ask

ROOT = Path(__file__).parents[4]
OWN = {
    "event": {"home"}, "outbox": {"home", "lane"}, "agenda": {"worker", "lease"}, "choice_count": {"lane"},
}  # fmt: skip
"""Columns that are not copied: each database makes them for itself, or a process that runs."""

SQLITE_OWN = {**OWN, "fact": {"id"}, "room": {"id"}}
DERIVED = {"session_at", "place", "room_code", "schema_version", "sqlite_sequence", "lease"}
"""Tables that are not copied: they are made of others, or are the word of processes that run."""


def silent(doing: str, done: int, total: int) -> None:
    """Progress that nobody reads."""


def at(path: Path) -> str:
    return f"sqlite:///{path}"


async def made(store: Store) -> list[object]:
    """Fill the store, and close it: what one sees in it."""
    await store.open()
    await fill(store)
    seen = await look(store)
    await store.close()
    return seen


async def seen_in(store: Store) -> list[object]:
    await store.open()
    try:
        return await look(store)
    finally:
        await store.close()


# -- the same


async def test_a_copy_to_the_other_kind_and_back_shows_what_was_there(tmp_path: Path, new_database: str) -> None:
    first, last = at(tmp_path / "first.db"), at(tmp_path / "last.db")
    seen = await made(open_store(first))
    there = await copy_database(first, new_database, silent)
    assert [one.table for one in there if one.rows == 0] == []
    assert await seen_in(open_store(new_database)) == seen
    assert await copy_database(new_database, last, silent) == there
    assert await seen_in(open_store(last)) == seen


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_what_is_new_after_a_copy_comes_after_what_was_copied(
    kind: str, tmp_path: Path, new_database: str
) -> None:
    source, destination = (at(tmp_path / "bot.db"), new_database)
    await made(open_store(source))
    await copy_database(source, destination, silent)
    if kind == "sqlite":
        source, destination = destination, at(tmp_path / "copy.db")
        await copy_database(source, destination, silent)
    store = open_store(destination)
    await store.open()
    await goes_on(store)
    await store.close()


async def test_rows_of_many_batches_are_all_there(tmp_path: Path, new_database: str) -> None:
    path = tmp_path / "bot.db"
    store = SQLiteStore(path)
    await store.open()
    session = await begin(store)
    for _ in range(3):
        facts = tuple(chose(choice) for choice in ("b", "a", "c"))
        assert await store.commit(step(session, facts=facts))
        session = after(session)
    await store.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(
            "INSERT INTO event VALUES ('console', ?, 5)", [(f"event {number}",) for number in range(3_456)]
        )
    copied = await copy_database(at(path), new_database, silent)
    assert {one.table: one.rows for one in copied}["event"] == 3_456 + 4
    rows = await ask(new_database, "SELECT revision, number, choice FROM fact ORDER BY session, revision, number")
    assert [tuple(row) for row in rows] == [
        (revision, number, choice) for revision in (1, 2, 3) for number, choice in enumerate("bac")
    ]


async def test_lanes_are_added_up(tmp_path: Path, new_database: str) -> None:
    store = PostgresStore(new_database)
    await store.open()
    await store.close()
    await ask(new_database, "INSERT INTO choice_count VALUES ('s', 'gate', 'a', 1, 5), ('s', 'gate', 'a', 2, 7)")
    await copy_database(new_database, at(tmp_path / "bot.db"), silent)
    copy = SQLiteStore(tmp_path / "bot.db")
    await copy.open()
    assert await copy.choice_counts("s", "gate") == {"a": 12}
    await copy.close()


async def test_every_table_and_every_column_is_copied(tmp_path: Path, new_database: str) -> None:
    for store in (SQLiteStore(tmp_path / "bot.db"), PostgresStore(new_database)):
        await store.open()
        await store.close()
    copied = {table.name: set(table.columns) for table in TABLES}
    there = await ask(
        new_database,
        "SELECT table_name, array_agg(column_name::text) FROM information_schema.columns "
        "WHERE table_schema = 'public' AND table_name <> 'fact_of_day' GROUP BY table_name",
    )
    found = {name: set(columns) - OWN.get(name, set()) for name, columns in there if name not in DERIVED}
    assert found == copied
    with closing(sqlite3.connect(tmp_path / "bot.db")) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        found = {
            name: {row[1] for row in connection.execute(f"PRAGMA table_info({name})")} - SQLITE_OWN.get(name, set())
            for name in names
            if name not in DERIVED
        }
    assert found == {**copied, **{name: copied[name] - {"number"} for name in ("fact", "room")}}


def test_a_digest_is_the_same_in_any_order_and_for_no_other_rows() -> None:
    def digest(*rows: Row) -> str:
        made = Digest()
        made.add(rows)
        return str(made)

    assert digest((1, "a"), (2, None)) == digest((2, None), (1, "a"))
    others = [digest((1, "a")), digest((1, "a"), (2, None), (2, None)), digest((1, "a"), (2, "")), digest((1, b"a"))]
    assert len({*others, digest((1, "a"), (2, None))}) == len(others) + 1


# -- from one moment


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_copy_is_of_one_moment_while_taps_go_on(kind: str, tmp_path: Path, new_database: str) -> None:
    source = new_database if kind == "postgresql" else at(tmp_path / "bot.db")
    store = open_store(source)
    await store.open()
    session = await begin(store)
    taps = 0
    stop = asyncio.Event()

    async def tap() -> None:
        nonlocal session, taps
        while not stop.is_set():
            made = step(session, event(taps), cards=(card(session),), facts=(chose("stay"),))
            await store.commit(made)
            session, taps = after(session), taps + 1

    tapping = asyncio.create_task(tap())

    class Slow(SQLiteEnd):
        """Between two tables there is time for more taps."""

        async def write(self, table: Table, rows: Sequence[Row]) -> None:
            await super().write(table, rows)
            before = taps
            while taps < before + 3:
                await asyncio.sleep(0.001)

    reading = PostgresEnd(source) if kind == "postgresql" else SQLiteEnd(tmp_path / "bot.db")
    copied = {one.table: one.rows for one in await copy(reading, Slow(tmp_path / "copy.db"), silent)}
    stop.set()
    await tapping
    await store.close()
    assert copied["event"] - 1 == copied["fact"] == copied["outbox"] < taps
    there = SQLiteStore(tmp_path / "copy.db")
    await there.open()
    copy_of_session = await there.session(session.id)
    assert copy_of_session is not None
    assert copy_of_session.revision == copied["fact"]
    await there.close()


# -- stopped


STOPPED = """
import asyncio, os, signal, sys
from bot.store.copy.operation import copy_database
def report(doing, done, total):
    if doing == "copying fact" and done:
        os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(copy_database(sys.argv[1], sys.argv[2], report))
"""


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_copy_that_was_killed_serves_nobody_and_may_be_begun_again(
    kind: str, tmp_path: Path, new_database: str
) -> None:
    source = at(tmp_path / "bot.db")
    seen = await made(open_store(source))
    destination = new_database if kind == "postgresql" else at(tmp_path / "copy.db")
    program = await asyncio.create_subprocess_exec(sys.executable, "-c", STOPPED, source, destination, cwd=ROOT)
    assert await program.wait() == -signal.SIGKILL
    store = open_store(destination)
    with pytest.raises(UnfinishedCopy, match="did not come to its end"):
        await store.open()
    with pytest.raises(UnfinishedCopy):
        await copy_database(destination, at(tmp_path / "third.db"), silent)
    await copy_database(source, destination, silent)
    assert await seen_in(open_store(destination)) == seen


async def test_a_copy_that_is_not_the_same_is_told_and_serves_nobody(tmp_path: Path) -> None:
    await made(SQLiteStore(tmp_path / "bot.db"))

    class Careless(SQLiteEnd):
        """Loses a row."""

        async def write(self, table: Table, rows: Sequence[Row]) -> None:
            await super().write(table, rows[1:] if table.name == "vote" else rows)

    with pytest.raises(StoreError, match="vote is not the same after the copy: 2 rows"):
        await copy(SQLiteEnd(tmp_path / "bot.db"), Careless(tmp_path / "copy.db"), silent)
    with pytest.raises(UnfinishedCopy):
        await SQLiteStore(tmp_path / "copy.db").open()


# -- refused


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_what_is_not_empty_or_in_use_is_refused_and_left_as_it_is(
    kind: str, tmp_path: Path, new_database: str
) -> None:
    source = at(tmp_path / "bot.db")
    await made(open_store(source))
    destination = new_database if kind == "postgresql" else at(tmp_path / "copy.db")
    store = open_store(destination)
    seen = await made(store)
    with pytest.raises(NotEmpty, match="is not empty"):
        await copy_database(source, destination, silent)
    await store.open()
    with pytest.raises(StoreBusy, match="is in use"):
        await copy_database(source, destination, silent)
    assert await look(store) == seen
    await store.close()


async def test_one_copy_at_a_time_goes_into_a_database(tmp_path: Path, new_database: str) -> None:
    await made(SQLiteStore(tmp_path / "bot.db"))
    first = PostgresEnd(new_database)
    await first.claim(False)
    with pytest.raises(StoreBusy, match="another copy"):
        await copy_database(at(tmp_path / "bot.db"), new_database, silent)
    await first.close()


async def test_a_source_that_is_older_newer_or_not_there_is_named(tmp_path: Path, new_database: str) -> None:
    destination = at(tmp_path / "copy.db")
    with pytest.raises(StoreError, match="nothing of the bot's"):
        await copy_database(new_database, destination, silent)
    with pytest.raises(StoreError, match="there is no database"):
        await copy_database(at(tmp_path / "none.db"), destination, silent)
    old = SQLiteStore(tmp_path / "old.db", migrations=read_migrations()[:-1])
    await old.open()
    await old.close()
    with pytest.raises(StoreError, match=r"run_bot\.py db upgrade"):
        await copy_database(at(tmp_path / "old.db"), destination, silent)
    store = PostgresStore(new_database)
    await store.open()
    await store.close()
    await ask(new_database, "UPDATE schema_version SET number = number + 1")
    with pytest.raises(NewerSchema):
        await copy_database(new_database, destination, silent)
    assert not (tmp_path / "copy.db").exists()


async def test_a_user_without_rights_is_told_so(tmp_path: Path, new_database: str) -> None:
    await made(SQLiteStore(tmp_path / "bot.db"))
    await ask(new_database, "CREATE USER copier PASSWORD 'hunter2'", "REVOKE CREATE ON SCHEMA public FROM public")
    destination = new_database.replace("bot@", "copier:hunter2@")
    with pytest.raises(StoreUnwritable, match="make its user the owner") as failure:
        await copy_database(at(tmp_path / "bot.db"), destination, silent)
    assert "hunter2" not in str(failure.value)
    await ask(new_database, "DROP USER copier")
    assert await ask(new_database, "SELECT 1 FROM pg_tables WHERE schemaname = 'public'") == []


async def test_a_text_that_postgresql_cannot_hold_is_named_with_its_table(tmp_path: Path, new_database: str) -> None:
    await made(SQLiteStore(tmp_path / "bot.db"))
    with closing(sqlite3.connect(tmp_path / "bot.db")) as connection, connection:
        connection.execute("UPDATE trouble SET error = 'a' || char(0)")
    with pytest.raises(StoreError, match="a text in trouble holds the character NUL"):
        await copy_database(at(tmp_path / "bot.db"), new_database, silent)
