"""What can happen to a file: new, old, newer, foreign, damaged, read-only, full, locked."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.store import database
from bot.store.errors import DamagedDatabase, NewerSchema, StoreBusy, StoreUnwritable
from bot.store.port import Commit, Outcome, Session
from bot.store.schema import Migration, migrate, read_migrations
from bot.store.sqlite import SQLiteStore
from tests.bot.store.steps import after, begin, card, event, step

PAGE = 4096
DISK_KIBIBYTES = 4096
BIG = b"x" * 50_000


async def made(path: Path) -> Session:
    """A database with one session, closed again."""
    store = SQLiteStore(path)
    await store.open()
    session = await begin(store)
    await store.close()
    return session


async def refused(path: Path) -> str:
    """The message with which the store refuses to open."""
    store = SQLiteStore(path)
    with pytest.raises((DamagedDatabase, NewerSchema, StoreUnwritable, StoreBusy)) as failure:
        await store.open()
    message = str(failure.value)
    assert str(path.name) in message
    assert "\n" not in message
    assert "; " in message, "it should say what to do"
    return f"{type(failure.value).__name__}: {message}"


# -- the schema


def test_migrations_are_numbered_without_gaps() -> None:
    migrations = read_migrations()
    assert [migration.number for migration in migrations] == list(range(1, len(migrations) + 1))


async def test_a_new_database_gets_the_whole_schema_and_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "not" / "yet" / "bot.db"
    await made(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (read_migrations()[-1].number,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_migrating_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrate(connection, str(path), read_migrations())
        first = connection.execute("SELECT sql FROM sqlite_schema").fetchall()
        migrate(connection, str(path), read_migrations())
        assert connection.execute("SELECT sql FROM sqlite_schema").fetchall() == first


async def test_sessions_of_an_older_database_are_found_by_their_chat(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrate(connection, str(path), read_migrations()[:1])
        connection.execute("INSERT INTO viewer (id) VALUES (1)")
        connection.execute("INSERT INTO session VALUES (1, 1, 'last-train', 'v1', 7, 0, x'', 'telegram:-1/7', 1000)")
    store = SQLiteStore(path)
    await store.open()
    await store.move_chat("telegram", "-1", "-2")
    session = await store.session(1)
    assert session is not None
    assert session.address == "telegram:-2/7"
    await store.close()


def test_a_migration_that_fails_leaves_the_schema_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    broken = Migration(read_migrations()[-1].number + 1, "CREATE TABLE half (id);\nINSERT INTO nowhere VALUES (1);\n")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrate(connection, str(path), read_migrations())
        with pytest.raises(sqlite3.OperationalError, match="nowhere"):
            migrate(connection, str(path), (*read_migrations(), broken))
        assert connection.execute("PRAGMA user_version").fetchone() == (read_migrations()[-1].number,)
        assert connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'half'").fetchone() == (0,)


def test_an_agenda_whose_rows_had_numbers_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    migrations = read_migrations()
    rows = [(900, "timeout", 7, 1, b"late"), (500, "timeout", 7, 1, b"first"), (500, "timeout", 3, 4, b"")]
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrate(connection, str(path), migrations[:1])
        connection.executemany("INSERT INTO agenda (at, kind, session, revision, payload) VALUES (?, ?, ?, ?, ?)", rows)
        migrate(connection, str(path), migrations)
        kept = connection.execute("SELECT at, kind, session, revision, payload FROM agenda").fetchall()
    assert kept == [rows[2], rows[1]]


async def test_endings_of_an_older_database_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    facts = [
        (1, 3, "last-train", "choice", "gate", "wave"), (1, 3, "last-train", "ending", "alone", None),
        (2, 9, "last-train", "ending", "alone", None), (2, 9, "other", "ending", "alone", None),
        (3, 0, "last-train", "begin", "whistle", None),
    ]  # fmt: skip
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrate(connection, str(path), read_migrations()[:3])
        connection.execute("INSERT INTO viewer (id) VALUES (1)")
        connection.execute("INSERT INTO session VALUES (1, 1, 'last-train', 'v1', 7, 3, x'', 'discord:5', 1000)")
        connection.execute("INSERT INTO room VALUES (1, 1, 'red-fox', 'discord', '5', 3, 1, x'7b7d', 2, 0)")
        connection.execute("INSERT INTO vote VALUES (1, 3, 'discord:9', 'wave', 1, 1500)")
        connection.execute("INSERT INTO choice_count VALUES ('last-train', 'gate', 'wave', 1)")
        connection.executemany(
            "INSERT INTO fact (session, revision, story, kind, scene, choice, at) VALUES (?, ?, ?, ?, ?, ?, 1000)",
            facts,
        )
    store = SQLiteStore(path)
    await store.open()
    assert await store.ending_counts("last-train") == {"alone": 2}
    assert await store.ending_counts("other") == {"alone": 1}
    assert await store.choice_counts("last-train", "gate") == {"wave": 1}
    assert [one.voter for one in await store.votes_in(1)] == ["discord:9"]
    assert await store.ballots(1) == []
    assert (await store.room_by_code("red-fox")) is not None
    assert await store.next_plan() is None
    await store.close()


async def test_a_newer_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE TABLE later (id); PRAGMA user_version = 9000;")
    before = path.read_bytes()
    assert "NewerSchema" in await refused(path)
    assert path.read_bytes() == before
    assert not path.with_name("bot.db-wal").exists()


async def test_another_programs_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE TABLE addresses (id);")
    before = path.read_bytes()
    assert "another program" in await refused(path)
    assert path.read_bytes() == before


# -- damage


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    path.write_bytes(b"these are notes, not a database\n" * 400)
    assert "DamagedDatabase" in await refused(path)


async def test_a_database_with_a_broken_schema_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    await made(path)
    content = path.read_bytes()
    path.write_bytes(content[:100] + b"\xff" * (PAGE - 100) + content[PAGE:])
    assert "DamagedDatabase" in await refused(path)


async def test_damage_further_in_is_told_where_it_is_met(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    session = await made(path)
    with closing(sqlite3.connect(path)) as connection:
        page = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'session'").fetchone()[0]
    content = path.read_bytes()
    path.write_bytes(content[: PAGE * (page - 1)] + b"\xff" * PAGE + content[PAGE * page :])
    store = SQLiteStore(path)
    await store.open()
    with pytest.raises(DamagedDatabase, match=r"bot\.db is damaged"):
        await store.session(session.id)
    with pytest.raises(DamagedDatabase):
        await store.commit(step(session))
    await store.close()


# -- places that cannot be written


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "bot.db").write_text("a file where a folder should be")
    assert "StoreUnwritable" in await refused(tmp_path / "bot.db" / "bot.db")


async def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bot.db").mkdir()
    assert "StoreUnwritable" in await refused(tmp_path / "bot.db")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few megabytes of its own, which may be filled and made read-only."""
    if sys.platform != "linux" or shutil.which("mount") is None:
        pytest.skip("needs Linux's mount")
    place = tmp_path / "disk"
    place.mkdir()
    options = ["mount", "-t", "tmpfs", "-o", f"size={DISK_KIBIBYTES}k", "tmpfs", str(place)]
    if subprocess.run(options, capture_output=True, check=False).returncode:
        pytest.skip("may not mount a disk here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def make_read_only(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)


async def commit_until_full(store: SQLiteStore, session: Session) -> tuple[Session, Commit]:
    """Commits steps; returns the session as it was acknowledged last, and the step that did not fit."""
    while True:
        made = step(session, event(session.revision), cards=(card(session, BIG),))
        try:
            assert await store.commit(made) is Outcome.COMMITTED
        except StoreUnwritable:
            return session, made
        session = after(session)


async def test_a_read_only_disk_is_refused(disk: Path) -> None:
    await made(disk / "bot.db")
    make_read_only(disk)
    assert "StoreUnwritable" in await refused(disk / "bot.db")
    assert "StoreUnwritable" in await refused(disk / "new.db")


async def test_a_full_disk_fails_the_steps_it_cannot_hold_and_no_others(disk: Path) -> None:
    ballast = disk / "ballast"
    ballast.write_bytes(b"x" * (DISK_KIBIBYTES * 1024 // 2))
    store = SQLiteStore(disk / "bot.db")
    await store.open()
    session, made = await commit_until_full(store, await begin(store))
    assert await store.session(session.id) == session
    ballast.unlink()
    assert await store.commit(made) is Outcome.COMMITTED
    await store.close()

    store = SQLiteStore(disk / "bot.db")
    await store.open()
    assert await store.session(session.id) == after(session)
    assert len(await store.pending("console", 0, 1_000)) == session.revision + 1
    await store.close()


async def test_a_full_database_fails_a_group_without_harm(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "bot.db")
    await store.open()
    sessions = [await begin(store, str(number)) for number in range(8)]
    await limit_pages(store, 1)
    steps = [step(session, cards=(card(session, BIG),)) for session in sessions]
    outcomes = await asyncio.gather(*(store.commit(one) for one in steps), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {StoreUnwritable}
    assert await asyncio.gather(*(store.session(one.id) for one in sessions)) == sessions
    await limit_pages(store, 1_000_000)
    assert set(await asyncio.gather(*(store.commit(one) for one in steps))) == {Outcome.COMMITTED}
    assert len(await store.pending("console", 0, 1_000)) == 8
    await store.close()


async def limit_pages(store: SQLiteStore, pages: int) -> None:
    """SQLite's own full disk: the file may not grow past that many pages, nor past those it has."""
    writer = store._database._lines[0]
    await writer.lend(lambda connection: connection.execute(f"PRAGMA max_page_count = {pages}").fetchall())


async def test_a_lock_held_for_too_long_fails_the_step_and_passes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.line.BUSY_SECONDS", 0.05)
    path = tmp_path / "bot.db"
    store = SQLiteStore(path)
    await store.open()
    session = await begin(store)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy, match="locked by another process"):
            await store.commit(step(session))
        assert await store.session(session.id) == session
    assert await store.commit(step(session)) is Outcome.COMMITTED
    await store.close()


async def test_every_commit_is_flushed_to_the_disk(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "bot.db", isolation_level=None)) as connection:
        database.prepare_writer(connection, "bot.db", read_migrations())
        full = 2
        assert connection.execute("PRAGMA synchronous").fetchone() == (full,)
        assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
