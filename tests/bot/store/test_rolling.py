"""A release is changed for the next one, and back, while taps go on: an older one runs on a schema that only added."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.store.errors import NewerSchema
from bot.store.port import Outcome, Session, Store
from bot.store.postgres import PostgresStore
from bot.store.postgres_schema import postgres_migrations
from bot.store.schema import Migration, migrate, oldest_of, read_migrations
from bot.store.sqlite import SQLiteStore
from tests.bot.store.conftest import NewStore
from tests.bot.store.steps import STORY, after, begin, card, chose, event, step

ADDS = """-- runs with {known}: it only adds
ALTER TABLE session ADD COLUMN mood TEXT;
CREATE TABLE mood (session BIGINT PRIMARY KEY, mood TEXT NOT NULL);
CREATE INDEX mood_by_name ON mood (mood);
"""
TAKES_AWAY = "ALTER TABLE lost_chat RENAME TO chat_lost;\n"

NextRelease = Callable[[str], Store]
"""A store that knows one more migration, with this script."""


@pytest.fixture(params=["sqlite", "postgresql"])
def releases(request: pytest.FixtureRequest) -> tuple[NewStore, NextRelease]:
    """How to make a store of this release, and of the next one, on one database."""
    migrations: tuple[Migration, ...]
    if request.param == "sqlite":
        path: Path = request.getfixturevalue("tmp_path") / "bot.db"
        migrations = read_migrations()
        return (
            lambda: SQLiteStore(path),
            lambda script: SQLiteStore(path, migrations=(*migrations, following(migrations, script))),
        )
    url: str = request.getfixturevalue("new_database")
    migrations = postgres_migrations()
    return (
        lambda: PostgresStore(url),
        lambda script: PostgresStore(url, migrations=(*migrations, following(migrations, script))),
    )


def following(migrations: tuple[Migration, ...], script: str) -> Migration:
    known = migrations[-1].number
    return Migration(known + 1, script.format(known=known))


class Tapping:
    """Viewers who tap at a store, each as fast as it answers."""

    def __init__(self, store: Store, name: str) -> None:
        self._store = store
        self._name = name
        self.acknowledged: list[str] = []
        self._tasks: list[asyncio.Task[None]] = []

    async def begin(self) -> None:
        self.sessions = [await begin(self._store, f"{self._name} {number}") for number in range(4)]
        self._stop = False
        self._tasks = [asyncio.create_task(self._tap(place)) for place in range(4)]

    async def _tap(self, place: int) -> None:
        while not self._stop:
            session = self.sessions[place]
            key = event(f"{self._name}.{place}.{session.revision}")
            made = step(session, key, cards=(card(session, key.id.encode()),), facts=(chose("get-on"),))
            assert await self._store.commit(made) is Outcome.COMMITTED
            self.acknowledged.append(key.id)
            self.sessions[place] = after(session)

    async def more(self, taps: int = 40) -> None:
        """Wait until so many more taps were acknowledged."""
        wanted = len(self.acknowledged) + taps
        while len(self.acknowledged) < wanted:
            assert not any(task.done() for task in self._tasks), await asyncio.gather(*self._tasks)
            await asyncio.sleep(0.001)

    async def end(self) -> list[Session]:
        self._stop = True
        await asyncio.gather(*self._tasks)
        return self.sessions


async def test_a_release_serves_on_while_the_next_one_opens_and_comes_back_after_it(
    releases: tuple[NewStore, NextRelease],
) -> None:
    this_release, next_release = releases
    first, second = this_release(), next_release(ADDS)
    await first.open()
    before = Tapping(first, "before")
    await before.begin()
    await before.more()
    await second.open()
    beside = Tapping(second, "beside")
    await beside.begin()
    await asyncio.gather(before.more(), beside.more())
    sessions = [*await before.end(), *await beside.end()]
    await first.close()
    await second.close()

    back = this_release()
    await back.open()
    again = Tapping(back, "again")
    await again.begin()
    await again.more()
    sessions += await again.end()
    acknowledged = [*before.acknowledged, *beside.acknowledged, *again.acknowledged]
    assert [await back.session(session.id) for session in sessions] == sessions
    assert sorted(one.body.decode() for one in await back.pending("console", 0, 1_000_000)) == sorted(acknowledged)
    assert await back.choice_counts(STORY, "whistle") == {"get-on": len(acknowledged)}
    await back.close()


async def test_a_schema_that_took_something_away_is_refused_by_the_release_before(
    releases: tuple[NewStore, NextRelease],
) -> None:
    this_release, next_release = releases
    second = next_release(TAKES_AWAY)
    await second.open()
    await second.close()
    with pytest.raises(NewerSchema, match="run the newer release"):
        await this_release().open()


async def test_a_release_that_only_adds_after_one_that_took_away_does_not_let_the_oldest_back(tmp_path: Path) -> None:
    migrations = read_migrations()
    known = migrations[-1].number
    took = (*migrations, Migration(known + 1, TAKES_AWAY))
    added = (*took, Migration(known + 2, ADDS.format(known=known + 1)))
    store = SQLiteStore(tmp_path / "bot.db", migrations=added)
    await store.open()
    await store.close()
    between = SQLiteStore(tmp_path / "bot.db", migrations=took)
    await between.open()
    await between.close()
    with pytest.raises(NewerSchema):
        await SQLiteStore(tmp_path / "bot.db").open()


async def test_postgresql_takes_taps_of_the_release_before_while_this_one_opens(new_database: str) -> None:
    older, newer = PostgresStore(new_database, migrations=postgres_migrations()[:-1]), PostgresStore(new_database)
    await older.open()
    before = Tapping(older, "before")
    await before.begin()
    await before.more()
    await newer.open()
    await before.more()
    sessions = await before.end()
    await older.close()
    assert [await newer.session(session.id) for session in sessions] == sessions
    assert await newer.choice_counts(STORY, "whistle") == {"get-on": len(before.acknowledged)}
    await newer.close()


@pytest.mark.parametrize("migrations", [read_migrations(), postgres_migrations()], ids=["sqlite", "postgresql"])
def test_no_migration_asks_for_a_release_that_does_not_know_it(migrations: tuple[Migration, ...]) -> None:
    assert all(1 <= migration.oldest <= migration.number for migration in migrations)


def test_sqlite_takes_what_the_release_before_wrote(tmp_path: Path) -> None:
    """Its statements as they were: the columns that came since have values that say so."""
    with closing(sqlite3.connect(tmp_path / "bot.db", isolation_level=None)) as connection:
        migrate(connection, "bot.db", read_migrations())
        connection.execute("INSERT INTO event (platform, id) VALUES ('console', 'tap')")
        connection.execute(
            "INSERT INTO fact (session, revision, story, kind, scene, choice, at, took) "
            "VALUES (1, 0, 'last-train', 'choice', 'whistle', 'stay', 1000, 5)"
        )
        assert connection.execute("SELECT at FROM event").fetchall() == [(0,)]
        assert connection.execute("SELECT version, times FROM fact_of_day").fetchall() == [("", 1)]
        assert oldest_of(read_migrations()) == connection.execute("SELECT oldest FROM schema_version").fetchone()[0]
