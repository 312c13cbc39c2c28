"""What can happen to a PostgreSQL server while the bot runs: slow, cut off, crowded, full."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from bot.store import postgres_line
from bot.store.errors import DamagedDatabase, StoreAway, StoreBusy, StoreError, StoreUnwritable, Unstorable
from bot.store.port import Outcome
from bot.store.postgres import PostgresStore
from bot.store.postgres_diagnosis import diagnose
from tests.bot.store.steps import after, begin, card, event, step
from tests.fakes.postgres import PostgresServer, ask

DISK_KIBIBYTES = 4096


async def test_a_server_that_does_not_answer_is_away(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = PostgresStore(postgres_url)
    await store.open()
    session = await begin(store)
    monkeypatch.setattr(postgres_line, "ANSWER_SECONDS", 0.3)
    blocker = await asyncpg.connect(postgres_url)
    lock = blocker.transaction()
    await lock.start()
    await blocker.execute("LOCK TABLE session")
    tap = step(session, cards=(card(session),))
    with pytest.raises(StoreError, match="no answer in time"):
        await store.commit(tap)
    with pytest.raises(StoreError, match="no answer in time"):
        await store.session(session.id)
    await lock.rollback()
    await blocker.close()
    monkeypatch.undo()
    assert await store.commit(tap) in (Outcome.COMMITTED, Outcome.DUPLICATE)
    assert await store.commit(tap) is Outcome.DUPLICATE
    assert len(await store.pending("console", 0, 10)) == 1
    await store.close()


async def test_a_step_that_timed_out_cannot_end_after_later_ones(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = PostgresStore(postgres_url)
    await store.open()
    slow, quick = await begin(store, "ann"), await begin(store, "bob")
    monkeypatch.setattr(postgres_line, "ANSWER_SECONDS", 0.3)
    blocker = await asyncpg.connect(postgres_url)
    lock = blocker.transaction()
    await lock.start()
    await blocker.execute("SELECT FROM session WHERE id = $1 FOR UPDATE", slow.id)
    tap = step(slow, cards=(card(slow, b"slow"),))
    with pytest.raises(StoreError):
        await store.commit(tap)
    monkeypatch.undo()
    assert await store.commit(step(quick, cards=(card(quick, b"quick"),))) is Outcome.COMMITTED
    [shown] = await store.pending("console", 0, 10)
    await lock.rollback()
    await blocker.close()
    assert await store.session(slow.id) == slow
    assert await store.commit(tap) is Outcome.COMMITTED
    assert [one.body for one in await store.pending("console", shown.id, 10)] == [b"slow"]
    await store.close()


async def test_connections_that_were_ended_are_made_anew(postgres_url: str) -> None:
    store = PostgresStore(postgres_url)
    await store.open()
    session = await begin(store)
    await store.sessions_of(session.viewer)
    await store.session(session.id)
    await ask(
        postgres_url,
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        "WHERE application_name LIKE 'cliffhanger %' AND datname = current_database()",
    )
    assert await store.sessions_of(session.viewer) == [session]
    assert await store.session(session.id) == session
    assert await store.commit(step(session)) is Outcome.COMMITTED
    await store.close()


STATES = [
    ("53100", StoreUnwritable, "disk"), ("25006", StoreUnwritable, "takes no"), ("53300", StoreAway, "connection"),
    ("40001", StoreBusy, "held by others"), ("57P03", StoreAway, "starting"), ("XX001", DamagedDatabase, "damaged"),
    ("28P01", StoreError, "does not let"), ("22021", Unstorable, "cannot hold"), ("23505", Unstorable, "cannot hold"),
    ("08006", StoreAway, "cannot be reached"), ("XX000", StoreError, "see the server's log"),
]  # fmt: skip


@pytest.mark.parametrize(("state", "kind", "words"), STATES)
async def test_what_the_server_says_is_explained(
    postgres_server: PostgresServer, state: str, kind: type[Exception], words: str
) -> None:
    said = f"DO $$ BEGIN RAISE EXCEPTION E'as the server says\\nand more' USING ERRCODE = '{state}'; END $$"
    with pytest.raises(asyncpg.PostgresError) as failure:
        await ask(postgres_server.url(), said)
    error = diagnose(failure.value, "the database")
    assert type(error) is kind
    assert words in str(error)
    assert "as the server says" in str(error)
    assert "\n" not in str(error)
    assert error.__cause__ is failure.value


async def test_a_server_with_no_connection_left_may_have_one_soon(new_database: str) -> None:
    user, name = f"host_{secrets.token_hex(4)}", new_database.rpartition("/")[2]
    await ask(new_database, f"CREATE USER {user}", f"ALTER DATABASE {name} OWNER TO {user}")
    store = PostgresStore(new_database.replace("bot@", f"{user}@"))
    await store.open()
    await ask(new_database, f"ALTER USER {user} CONNECTION LIMIT 1")
    with pytest.raises(StoreAway, match="no connection left"):
        await store.session(1)
    await ask(new_database, f"ALTER USER {user} CONNECTION LIMIT 9")
    assert await store.session(1) is None
    await store.close()


@pytest.fixture
def disk(postgres_server: PostgresServer, tmp_path: Path) -> Iterator[Path]:
    """A disk of a few megabytes for the server's tables, which may be filled."""
    place = Path(tempfile.mkdtemp(prefix="cliffhanger-disk-"))
    options = ["mount", "-t", "tmpfs", "-o", f"size={DISK_KIBIBYTES}k", "tmpfs", str(place)]
    if sys.platform != "linux" or shutil.which("mount") is None or subprocess.run(options, check=False).returncode:
        place.rmdir()
        pytest.skip("may not mount a disk here")
    tables = place / "tables"
    tables.mkdir()
    if postgres_server.owner is not None:
        os.chown(tables, postgres_server.owner, -1)
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)
    place.rmdir()


async def test_a_full_disk_fails_the_steps_it_cannot_hold_and_no_others(new_database: str, disk: Path) -> None:
    ballast = disk / "ballast"
    ballast.write_bytes(b"x" * (DISK_KIBIBYTES * 1024 // 2))
    store = PostgresStore(new_database)
    await store.open()
    session = await begin(store)
    small = f"small_{secrets.token_hex(4)}"
    await ask(new_database, f"CREATE TABLESPACE {small} LOCATION '{disk}/tables'")
    await ask(new_database, f"ALTER TABLE outbox SET TABLESPACE {small}")
    while True:
        made = step(session, event(session.revision), cards=(card(session, secrets.token_bytes(50_000)),))
        try:
            assert await store.commit(made) is Outcome.COMMITTED
        except StoreUnwritable:
            break
        session = after(session)
    with pytest.raises(StoreUnwritable, match="is full"):
        await store.commit(made)
    assert await store.session(session.id) == session
    ballast.unlink()
    assert await store.commit(made) is Outcome.COMMITTED
    assert len(await store.pending("console", 0, 1_000)) == session.revision + 1
    await store.close()
    await ask(new_database, "ALTER TABLE outbox SET TABLESPACE pg_default")
    await ask(new_database, f"DROP TABLESPACE {small}")
