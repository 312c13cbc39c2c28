"""A backup is whole or not there, whatever happens while it is made; it goes back into either kind of database."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import stat
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.store.copy.operation import back_up, restore, upgrade
from bot.store.errors import DamagedDatabase, NewerSchema, NotEmpty, StoreBusy, StoreError, StoreUnwritable
from bot.store.open import open_store
from bot.store.port import Store
from bot.store.postgres import PostgresStore
from bot.store.postgres_schema import postgres_migrations
from bot.store.schema import migrate, read_migrations
from bot.store.sqlite import SQLiteStore
from tests.bot.store.copy.full import fill, look
from tests.bot.store.steps import after, begin, card, chose, event, step
from tests.fakes.postgres import ask

ROOT = Path(__file__).parents[4]


def silent(doing: str, done: int, total: int) -> None:
    """Progress that nobody reads."""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database that is not made yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/data/bot.db"
    made: str = request.getfixturevalue("new_database")
    return made


async def made(store: Store) -> list[object]:
    await store.open()
    await fill(store)
    seen = await look(store)
    await store.close()
    return seen


async def seen_in(url: str) -> list[object]:
    store = open_store(url)
    await store.open()
    try:
        return await look(store)
    finally:
        await store.close()


async def test_a_backup_goes_back_into_either_kind(url: str, tmp_path: Path, new_database: str) -> None:
    seen = await made(open_store(url))
    file = tmp_path / "backup.db"
    backed_up = {one.table: one.rows for one in await back_up(url, file, silent)}
    assert backed_up["event"] > 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600, "it is about people"
    assert list(tmp_path.glob(".*")) == []
    other = f"sqlite:///{tmp_path}/other.db"
    restored = {one.table: one.rows for one in await restore(other, file, False, silent)}
    assert {table: restored[table] for table in backed_up} == backed_up
    assert await seen_in(other) == seen
    if url != new_database:
        await restore(new_database, file, False, silent)
        assert await seen_in(new_database) == seen


async def test_a_backup_is_taken_while_taps_go_on_and_has_whole_steps(url: str, tmp_path: Path) -> None:
    store = open_store(url)
    await store.open()
    sessions = [await begin(store, str(number)) for number in range(4)]
    stop = False

    async def tap(place: int) -> None:
        while not stop:
            session = sessions[place]
            made = step(session, event(f"{place}.{session.revision}"), cards=(card(session),), facts=(chose("stay"),))
            await store.commit(made)
            sessions[place] = after(session)

    tapping = [asyncio.create_task(tap(place)) for place in range(4)]
    file = tmp_path / "backup.db"
    # In a thread: making a backup in a process of its own does not hold up the bot either.
    await asyncio.sleep(0.1)
    await asyncio.to_thread(lambda: asyncio.run(back_up(url, file, silent)))
    reached = [session.revision for session in sessions]
    while [session.revision for session in sessions] == reached:
        await asyncio.sleep(0.01)
    stop = True
    await asyncio.gather(*tapping)
    await store.close()
    with closing(sqlite3.connect(file)) as connection:
        [[events, facts, cards, steps]] = connection.execute(
            "SELECT (SELECT count(*) FROM event), (SELECT count(*) FROM fact), (SELECT count(*) FROM outbox), "
            "(SELECT sum(revision) FROM session)"
        ).fetchall()
    assert events - 4 == facts == cards == steps > 0


async def test_a_backup_of_an_older_schema_is_brought_up_to_date_as_it_goes_back(url: str, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        migrate(connection, str(file), read_migrations()[:4])
        connection.execute("INSERT INTO event VALUES ('console', 'tap')")
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
    before = file.read_bytes()
    await restore(url, file, False, silent)
    store = open_store(url)
    await store.open()
    assert await store.seen(event("tap"))
    await store.close()
    assert file.read_bytes() == before


async def test_what_is_there_is_replaced_only_when_that_is_said(url: str, tmp_path: Path) -> None:
    seen = await made(open_store(url))
    file = tmp_path / "backup.db"
    await back_up(url, file, silent)
    store = open_store(url)
    await store.open()
    await store.post(event("later"), [])
    later = await look(store)
    await store.close()
    with pytest.raises(NotEmpty, match="is not empty"):
        await restore(url, file, False, silent)
    assert await seen_in(url) == later
    await restore(url, file, True, silent)
    assert await seen_in(url) == seen
    store = open_store(url)
    await store.open()
    assert not await store.seen(event("later"))
    await store.close()


async def test_nothing_is_restored_while_a_bot_uses_the_database(url: str, tmp_path: Path) -> None:
    await made(open_store(url))
    file = tmp_path / "backup.db"
    await back_up(url, file, silent)
    store = open_store(url)
    await store.open()
    seen = await look(store)
    with pytest.raises(StoreBusy, match="is in use"):
        await restore(url, file, True, silent)
    assert await look(store) == seen
    await store.post(event(), [])
    await store.close()


RESTORE_KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from bot.store.copy import backup
from bot.store.copy.operation import restore
backup.PAGES = 1
def report(doing, done, total):
    if (doing == "restoring pages" and done > total / 2) or doing == "copying vote":
        os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(restore(sys.argv[1], Path(sys.argv[2]), True, report))
"""


async def test_a_restore_that_is_killed_leaves_what_was_there(url: str, tmp_path: Path) -> None:
    await made(open_store(url))
    store = open_store(url)
    await store.open()
    # More than the database keeps in memory, so that the half that is written is on the disk.
    await store.keep_version("long", "v1", "x" * 6_000_000, 1_000)
    seen = await look(store)
    await store.close()
    file = tmp_path / "backup.db"
    await back_up(url, file, silent)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DELETE FROM preference")
    program = await asyncio.create_subprocess_exec(sys.executable, "-c", RESTORE_KILLED, url, str(file), cwd=ROOT)
    assert await program.wait() == -signal.SIGKILL
    if url.startswith("sqlite"):
        assert list(tmp_path.glob("data/bot.db-journal")), "it was killed while it wrote"
    assert await seen_in(url) == seen
    await restore(url, file, True, silent)
    assert await seen_in(url) != seen


# -- what cannot be


async def test_a_file_that_is_there_is_not_written_over(url: str, tmp_path: Path) -> None:
    await made(open_store(url))
    file = tmp_path / "notes.txt"
    file.write_text("mine")
    with pytest.raises(NotEmpty, match="is there already"):
        await back_up(url, file, silent)
    assert file.read_text() == "mine"
    with pytest.raises(StoreUnwritable, match="make its folder"):
        await back_up(url, tmp_path / "nowhere" / "backup.db", silent)


async def test_a_file_that_another_was_faster_to_make_stays_theirs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "backup.db"
    await made(SQLiteStore(tmp_path / "bot.db"))

    def faster(doing: str, done: int, total: int) -> None:
        file.write_text("theirs")

    with pytest.raises(NotEmpty):
        await back_up(f"sqlite:///{tmp_path}/bot.db", file, faster)
    assert file.read_text() == "theirs"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.db", "bot.db"]


async def test_no_backup_is_made_of_nothing(tmp_path: Path, new_database: str) -> None:
    with pytest.raises(StoreError, match="there is no database"):
        await back_up(f"sqlite:///{tmp_path}/none.db", tmp_path / "backup.db", silent)
    with pytest.raises(StoreError, match="nothing of the bot's"):
        await back_up(new_database, tmp_path / "backup.db", silent)
    assert list(tmp_path.iterdir()) == []


def ruined(file: Path) -> None:
    """Half of a page in the middle is noise."""
    content = bytearray(file.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 2048] = os.urandom(2048)
    file.write_bytes(content)


async def test_what_is_no_backup_or_a_damaged_one_is_refused_and_nothing_lost(url: str, tmp_path: Path) -> None:
    seen = await made(open_store(url))
    notes, foreign, hurt, newer = (tmp_path / name for name in ("notes", "foreign", "hurt", "newer"))
    notes.write_bytes(b"these are notes\n" * 400)
    with closing(sqlite3.connect(foreign)) as connection:
        connection.execute("CREATE TABLE addresses (id)")
    await back_up(url, hurt, silent)
    newer.write_bytes(hurt.read_bytes())
    ruined(hurt)
    with closing(sqlite3.connect(newer)) as connection, connection:
        connection.execute("PRAGMA user_version = 9000")
        connection.execute("UPDATE schema_version SET oldest = 9000")
    for file, kind in (
        (notes, DamagedDatabase),
        (foreign, DamagedDatabase),
        (hurt, DamagedDatabase),
        (newer, NewerSchema),
    ):
        with pytest.raises(kind) as failure:
            await restore(url, file, True, silent)
        assert str(file) in str(failure.value)
    with pytest.raises(StoreError, match="there is no file"):
        await restore(url, tmp_path / "none", True, silent)
    assert await seen_in(url) == seen


async def test_a_database_is_not_restored_from_itself(tmp_path: Path) -> None:
    await made(SQLiteStore(tmp_path / "bot.db"))
    with pytest.raises(StoreError, match="is the database itself"):
        await restore(f"sqlite:///{tmp_path}/bot.db", tmp_path / "bot.db", True, silent)


async def test_another_programs_database_is_not_replaced(tmp_path: Path) -> None:
    file, other = tmp_path / "backup.db", tmp_path / "other.db"
    await made(SQLiteStore(tmp_path / "bot.db"))
    await back_up(f"sqlite:///{tmp_path}/bot.db", file, silent)
    with closing(sqlite3.connect(other)) as connection, connection:
        connection.execute("CREATE TABLE addresses (id)")
        connection.execute("INSERT INTO addresses VALUES (1)")
    with pytest.raises(NotEmpty):
        await restore(f"sqlite:///{other}", file, True, silent)
    with closing(sqlite3.connect(other)) as connection:
        assert connection.execute("SELECT * FROM addresses").fetchall() == [(1,)]


NO_ROOM = """
import asyncio, resource, signal, sys
from pathlib import Path
from bot.store.copy.operation import back_up
from bot.store.errors import StoreError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, resource.RLIM_INFINITY))
try:
    asyncio.run(back_up(sys.argv[1], Path(sys.argv[2]), lambda *_: None))
except StoreError as error:
    print(error)
"""


async def test_a_backup_for_which_there_is_no_room_leaves_no_file(url: str, tmp_path: Path) -> None:
    await made(open_store(url))
    folder = tmp_path / "backups"
    folder.mkdir()
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-c", NO_ROOM, url, str(folder / "backup.db"), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await program.communicate()
    assert said.decode().count("\n") == 1
    assert "backup.db" in said.decode()
    assert list(folder.iterdir()) == []


# -- upgrade


async def test_an_upgrade_says_from_which_schema_to_which(url: str, tmp_path: Path) -> None:
    latest = (postgres_migrations() if url.startswith("postgresql") else read_migrations())[-1].number
    assert await upgrade(url) == (0, latest)
    assert await upgrade(url) == (latest, latest)
    store = open_store(url)
    await store.open()
    await store.close()


async def test_an_upgrade_of_an_older_schema_keeps_everything(tmp_path: Path, new_database: str) -> None:
    old = PostgresStore(new_database, migrations=postgres_migrations()[:-1])
    await old.open()
    session = await begin(old)
    await old.close()
    assert await upgrade(new_database) == (postgres_migrations()[-2].number, postgres_migrations()[-1].number)
    store = PostgresStore(new_database)
    await store.open()
    assert await store.session(session.id) == session
    await store.close()
    assert [tuple(row) for row in await ask(new_database, "SELECT oldest FROM schema_version")] == [(3,)]
