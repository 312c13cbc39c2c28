"""`run_bot.py db` as an operator uses it: what it says, and how it ends when something is wrong."""

from __future__ import annotations

import asyncio
import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.store.sqlite import SQLiteStore
from tests.bot.store.steps import begin, card, chose, step
from tests.fakes.entrance import disk, running
from tests.fakes.house import House
from tests.fakes.tapper import Tapper

ROOT = Path(__file__).parents[3]
PATIENCE = 60


def db(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run one of the commands in that folder, with nothing of this machine's settings."""
    return subprocess.run(
        [sys.executable, str(ROOT / "run_bot.py"), "db", *words],
        cwd=folder, env={"PATH": os.environ["PATH"], **settings}, capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip


def refused(folder: Path, *words: str, **settings: str) -> str:
    """The one line by which it says why not."""
    ended = db(folder, *words, **settings)
    assert ended.returncode == 2, ended
    assert ended.stdout == ""
    assert ended.stderr.count("\n") == 1, ended.stderr
    assert "hunter2" not in ended.stderr
    assert "; " in ended.stderr, "it should say what to do"
    return ended.stderr.removeprefix("run_bot: ")


def fill(path: Path) -> None:
    """A database with a few steps."""

    async def taps() -> None:
        store = SQLiteStore(path)
        await store.open()
        session = await begin(store)
        await store.commit(step(session, cards=(card(session),), facts=(chose("stay"),)))
        await store.close()

    asyncio.run(taps())


def test_a_database_is_upgraded_backed_up_restored_and_copied(tmp_path: Path) -> None:
    assert db(tmp_path, "upgrade").stdout.startswith("The schema was not there and is ")
    fill(tmp_path / "data" / "bot.db")
    said = db(tmp_path, "backup", "backup.db").stdout
    assert "event                     2\n" in said
    assert said.splitlines()[-1].startswith("backup.db holds: ")
    assert db(tmp_path, "restore", "backup.db", DATABASE_URL="sqlite:///new.db").returncode == 0
    copied = db(tmp_path, "copy", "sqlite:///new.db", "sqlite:///copy.db").stdout
    assert copied.splitlines()[-1].startswith("Both databases hold the same: ")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as connection:
        assert connection.execute("SELECT count(*) FROM fact").fetchone() == (1,)


def test_a_backup_is_taken_while_the_bot_runs_and_restored_when_it_has_ended(house: House) -> None:
    database = house.folder / "data" / "bot.db"
    with running(house.folder) as bot, closing(Tapper(bot.address)) as ann:
        ann.open()
        ann.tap()
        assert db(house.folder, "backup", "backup.db").returncode == 0
        ann.tap()
        assert "is in use" in refused(house.folder, "restore", "backup.db", "--replace")
        ann.tap()
    assert "is not empty" in refused(house.folder, "restore", "backup.db")
    assert db(house.folder, "restore", "backup.db", "--replace").returncode == 0
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT count(*) FROM fact WHERE kind = 'choice'").fetchone() == (1,)


def nobody_listens() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


WRONG = [
    (["backup", "backup.db"], "there is no database"),
    (["restore", "none.db"], "there is no file none.db"),
    (["restore", "notes.txt"], "notes.txt is damaged or no SQLite database"),
    (["copy", "mysql://me:hunter2@host/db", "sqlite:///copy.db"], "FROM_URL starts with 'mysql'"),
    (["copy", "sqlite:///none.db", "bot.db"], "TO_URL starts with 'no scheme'"),
    (["copy", "sqlite:///none.db", "sqlite:///copy.db"], "there is no database none.db"),
    (["copy", "sqlite:///none.db", "postgresql://me:hunter2@host"], "TO_URL names no PostgreSQL database"),
    (["copy", "sqlite:///same.db", "sqlite:///same.db"], "are the same database"),
    (
        ["copy", f"postgresql://me:hunter2@127.0.0.1:{nobody_listens()}/db", "sqlite:///copy.db"],
        "cannot be reached",
    ),
]


@pytest.mark.parametrize(("words", "said"), WRONG, ids=lambda value: value if isinstance(value, str) else "")
def test_what_cannot_be_done_is_told_in_one_line(tmp_path: Path, words: list[str], said: str) -> None:
    (tmp_path / "notes.txt").write_text("these are notes\n" * 400)
    assert said in refused(tmp_path, *words)
    assert [path.name for path in tmp_path.iterdir() if path.name != "data"] == ["notes.txt"]
    assert not list(tmp_path.glob("data/*.part"))


def test_a_disk_without_room_for_a_backup_is_named_and_keeps_none(tmp_path: Path) -> None:
    fill(tmp_path / "data" / "bot.db")
    with disk(tmp_path / "backups", "size=64k") as backups:
        if backups is None:
            pytest.skip("no small disk can be mounted here")
        said = refused(tmp_path, "backup", "backups/backup.db")
        assert said.startswith("the disk that holds backups/")
        assert list(backups.iterdir()) == []


def test_a_disk_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    fill(tmp_path / "data" / "bot.db")
    with disk(tmp_path / "backups", "ro") as backups:
        if backups is None:
            pytest.skip("no read-only disk can be mounted here")
        assert "cannot be written" in refused(tmp_path, "backup", "backups/backup.db")
        assert "cannot be" in refused(tmp_path, "upgrade", DATABASE_URL="sqlite:///backups/bot.db")
