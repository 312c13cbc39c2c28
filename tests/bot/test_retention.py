"""What is not kept for ever goes after its time, the figures stay what they were, and a year makes no table larger."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from pathlib import Path

import asyncpg
import pytest

from bot.play.fact import Fact
from bot.retention import DAY, Kept, Retention
from bot.store.port import Commit, EventKey, OutboxCard, Outcome, Session, Store, Trouble
from bot.store.postgres import PostgresStore
from bot.store.sqlite import SQLiteStore
from tests.bot.store.steps import STORY, after, begin, event, step
from tests.fakes.house import Clock

Ask = Callable[[str], Awaitable[list[tuple[object, ...]]]]

FIGURES = "SELECT kind, scene, choice, sum(times), sum(timed), sum(took) FROM fact_of_day GROUP BY kind, scene, choice"
WEEKS = 52
VIEWERS = 8
KEPT = Kept(events=30, facts=90, troubles=90, cards=30)


class Home:
    """A store, and a way to ask its database behind its back."""

    def __init__(self, store: Store, ask: Ask) -> None:
        self.store = store
        self.ask = ask

    async def count(self, table: str) -> int:
        [[count]] = await self.ask(f"SELECT count(*) FROM {table}")
        assert isinstance(count, int)
        return count


def in_file(path: Path) -> Ask:
    async def ask_file(statement: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            return connection.execute(statement).fetchall()

    return ask_file


def at_server(connection: asyncpg.Connection[asyncpg.Record]) -> Ask:
    async def ask_server(statement: str) -> list[tuple[object, ...]]:
        return [tuple(row) for row in await connection.fetch(statement)]

    return ask_server


@pytest.fixture
async def sqlite_home(tmp_path: Path) -> AsyncIterator[Home]:
    home = Home(SQLiteStore(tmp_path / "bot.db"), in_file(tmp_path / "bot.db"))
    await home.store.open()
    yield home
    await home.store.close()


@pytest.fixture
async def postgres_home(new_database: str) -> AsyncIterator[Home]:
    connection = await asyncpg.connect(new_database)
    home = Home(PostgresStore(new_database), at_server(connection))
    await home.store.open()
    yield home
    await home.store.close()
    await connection.close()


@pytest.fixture(params=["sqlite_home", "postgres_home"])
def home(request: pytest.FixtureRequest) -> Home:
    made: Home = request.getfixturevalue(request.param)
    return made


@pytest.fixture
def clock() -> Clock:
    return Clock(time.time_ns() // 1_000_000)


def sweeper(home: Home, clock: Clock, *served: str, kept: Kept = KEPT) -> Retention:
    return Retention(home.store, kept, served, clock, rest=0)


def tap(session: Session, key: EventKey, at: int, choice: str) -> Commit:
    """A tap at that time, which leads to an ending now and then."""
    facts = [Fact("choice", "whistle", choice, at, 100)]
    if session.revision % 4 == 0:
        facts.append(Fact("ending", "alone", None, at, None))
    return step(session, key, facts=tuple(facts))


async def test_a_year_of_taps_leaves_no_larger_tables_and_the_same_figures(home: Home, clock: Clock) -> None:
    store, retention = home.store, sweeper(home, clock)
    sessions = [await begin(store, str(number)) for number in range(VIEWERS)]
    most = {"event": 0, "fact": 0}
    for week in range(WEEKS):
        keys = [event(f"{week}.{number}") for number in range(VIEWERS)]
        made = [
            tap(session, key, clock.now, "stay" if number % 4 else "get-on")
            for number, (session, key) in enumerate(zip(sessions, keys, strict=True))
        ]
        assert set(await asyncio.gather(*map(store.commit, made))) == {Outcome.COMMITTED}
        sessions = list(map(after, sessions))
        # The database dates them by its own clock.
        await home.ask(f"UPDATE event SET at = {clock.now} WHERE id LIKE '{week}.%'")
        before = sorted(await home.ask(FIGURES), key=repr)
        await retention.sweep()
        assert sorted(await home.ask(FIGURES), key=repr) == before
        most = {table: max(largest, await home.count(table)) for table, largest in most.items()}
        clock.advance(7 * 24 * 3600)

    # Five weeks of events and thirteen of facts, an ending in every fourth of them; and what began it.
    assert most["event"] <= VIEWERS * (5 + 1)
    assert most["fact"] <= VIEWERS * (13 + 4)
    figures = {(row[0], row[2]): row[3] for row in await home.ask(FIGURES)}
    taps = WEEKS * VIEWERS
    assert figures == {("choice", "get-on"): taps // 4, ("choice", "stay"): taps * 3 // 4, ("ending", ""): taps // 4}
    assert await store.choice_counts(STORY, "whistle") == {"get-on": taps // 4, "stay": taps * 3 // 4}
    assert await store.ending_counts(STORY) == {"alone": taps // 4}
    assert [await store.session(session.id) for session in sessions] == sessions


async def test_a_fact_is_counted_by_day_with_its_version_and_its_time(home: Home, clock: Clock) -> None:
    store, midnight = home.store, clock.now // DAY * DAY
    session = await begin(store)
    for at in (midnight - 1, midnight, midnight + 1):
        await store.commit(step(session, facts=(Fact("choice", "whistle", "stay", at, 40),)))
        session = after(session, version="v2")
    await sweeper(home, clock, kept=Kept(facts=-1)).sweep()
    days = await home.ask("SELECT day, version, choice, times, timed, took FROM fact_day ORDER BY day")
    day = midnight // DAY
    assert days == [(day - 1, "v1", "stay", 1, 1, 40), (day, "v2", "stay", 2, 2, 80)]


async def test_what_several_pieces_hold_goes_whole_and_what_is_young_stays(home: Home, clock: Clock) -> None:
    store = home.store
    await home.ask(
        "INSERT INTO event (platform, id, at, home) SELECT 'old', i::text, 1, i FROM generate_series(1, 1234) AS i"
        if isinstance(store, PostgresStore)
        else "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1234) "
        "INSERT INTO event (platform, id, at) SELECT 'old', i, 1 FROM n"
    )
    key = event("young")
    await store.post(key, [])
    swept = await sweeper(home, clock).sweep()
    assert swept.events == 1234
    assert await home.count("event") == 1
    assert await store.seen(key)


async def test_an_event_that_an_older_release_wrote_is_kept_its_time_from_now(home: Home, clock: Clock) -> None:
    key = event("of old")
    await home.store.post(key, [])
    await home.ask("UPDATE event SET at = 0")
    retention = sweeper(home, clock)
    await retention.sweep()
    assert await home.ask("SELECT at FROM event") == [(clock.now,)]
    clock.advance(29 * 24 * 3600)
    await retention.sweep()
    assert await home.store.seen(key)
    clock.advance(2 * 24 * 3600)
    assert (await retention.sweep()).events == 1
    assert not await home.store.seen(key)


async def test_cards_of_a_platform_that_is_gone_go_after_a_time_and_no_others(home: Home, clock: Clock) -> None:
    store = home.store
    cards = [OutboxCard(platform, "chat", 0, 0, b"card") for platform in ("telegram", "discord", "pigeon")]
    await store.post(None, cards)
    both, telegram = sweeper(home, clock, "telegram", "discord"), sweeper(home, clock, "telegram")
    assert (await both.sweep()).cards == 0
    clock.advance(20 * 24 * 3600)
    assert (await telegram.sweep()).cards == 0
    clock.advance(11 * 24 * 3600)
    assert (await telegram.sweep()).cards == 2
    assert len(await store.pending("telegram", 0, 9)) == 1
    assert await home.count("outbox") == 1


async def test_old_troubles_go(home: Home, clock: Clock) -> None:
    old, young = event("old"), event("young")
    await home.store.set_aside(Trouble(old, "an error", clock.now - 91 * DAY))
    await home.store.set_aside(Trouble(young, "an error", clock.now - 89 * DAY))
    assert (await sweeper(home, clock).sweep()).troubles == 1
    assert [trouble.event for trouble in await home.store.troubles(9)] == [young]


async def test_two_that_sweep_at_once_count_every_fact_once(home: Home, clock: Clock) -> None:
    store = home.store
    session = await begin(store)
    for at in range(30):
        fact = Fact("choice", "whistle", "stay", at * DAY, 1)
        await store.commit(step(session, facts=(fact, fact, fact)))
        session = after(session)
    swept = await asyncio.gather(*(sweeper(home, clock).sweep() for _ in range(3)))
    assert sum(one.facts for one in swept) == 90
    assert [row[3] for row in await home.ask(FIGURES)] == [90]


async def test_who_is_not_alone_leaves_everything_and_says_what_it_serves(home: Home, clock: Clock) -> None:
    await home.store.set_aside(Trouble(event("old"), "an error", 1))
    await Retention(home.store, KEPT, ["telegram"], clock, alone=lambda: False).sweep()
    assert len(await home.store.troubles(9)) == 1
    assert await home.ask("SELECT platform, at FROM served") == [("telegram", clock.now)]


async def test_a_database_that_is_at_fault_is_waited_for(
    home: Home, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.retention.FIRST_AFTER", 0)
    monkeypatch.setattr("bot.retention.EVERY", 0.01)
    await home.store.set_aside(Trouble(event("old"), "an error", 1))
    await home.store.close()
    running = asyncio.create_task(sweeper(home, clock).run())
    await asyncio.sleep(0.05)
    assert not running.done()
    await home.store.open()
    while await home.store.troubles(9):
        await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.wait([running])
