"""A day of one worker, its clock sped up: sessions begun, tapped, timed out, delivered and forgotten, all the while.

What a worker and its database hold on to is looked at every second; the first quarter of the day is then compared with
the last. Before the day begins, as many viewers come as a worker remembers at most, so that what fills up to a bound is
full; what they left in the database is taken away, and it settles for a while. Facts are kept for an eighth of the day;
ids of events go sooner, for the server dates them by a clock that is not sped up. PostgreSQL cleans up once a second,
and from 500 dead rows on in each table, for its clock should be faster too.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import uvloop

from benchmarks.players import PLATFORM, Players
from benchmarks.start import megabytes
from benchmarks.visits import Visits
from benchmarks.worker import manned
from bot.agenda import Agenda
from bot.crew import Lanes
from bot.delivery.delivery import Delivery
from bot.delivery.parcel import Note, Parcel
from bot.interpreter import tune
from bot.logs import set_up
from bot.recent import MOST
from bot.retention import Kept, Retention
from bot.rooms import Rooms
from bot.store.port import Shown
from bot.store.postgres import PostgresStore

DAY = 86_400.0
SEND = 0.02
"""Seconds that a platform takes to show a card."""

LOOK = 1.0
SETTLE = 15.0
"""Seconds: longer than facts are kept."""

WARM = MOST + MOST // 10

LIVING = ("viewer", "identity", "session", "place", "agenda", "outbox", "shown")
"""Tables whose rows go with their viewers."""

KEPT = ("event", "fact", "fact_day")
"""Tables that keep what happened, for a while."""

DAYS_KEPT = Kept(events=1, facts=1, troubles=1, cards=1)
KEPT_FOR = round(DAY * 1000 / 8)
"""Milliseconds of the day: the clock of who trims is ahead by what is missing to a whole one."""

REST, PAUSE = 1.0, 0.5
"""How long who trims rests after each piece, in times of what that took, and seconds between two sweeps: less than in a
day of its full length.
"""

HELD = """
SELECT
    (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()),
    (SELECT count(*) FROM pg_locks WHERE pid <> pg_backend_pid() AND granted),
    (SELECT count(*) FROM pg_locks WHERE NOT granted)
"""
BYTES = "SELECT sum(pg_total_relation_size(name::regclass))::bigint FROM unnest($1::text[]) AS name"
FACTS = "SELECT kind, sum(times)::bigint FROM fact_of_day GROUP BY kind"


@dataclass(frozen=True, slots=True)
class Sample:
    """What is held at one moment. `waiting`: locks that somebody waits for; `rows`, `bytes` are the living tables'."""

    megabytes: float
    handles: float
    connections: float
    locks: float
    waiting: float
    rows: float
    bytes: float
    kept_rows: float
    kept_bytes: float


@dataclass(frozen=True, slots=True)
class Day:
    """What a day came to. `did` counts what happened."""

    samples: Sequence[Sample]
    did: Counter[str]

    def quarters(self, name: str, of: Callable[[Sequence[float]], float] = statistics.median) -> tuple[float, float]:
        """One of a sample's figures in the first quarter, and in the last: its median, or what else is asked for."""
        values = [float(getattr(sample, name)) for sample in self.samples]
        quarter = max(1, len(values) // 4)
        return of(values[:quarter]), of(values[-quarter:])


def live(url: str, stories: Path, seconds: float) -> Day:
    """A whole day in so many seconds, in the process that calls it."""
    set_up("ERROR")
    return uvloop.run(_live(url, stories, seconds))


async def _live(url: str, stories: Path, seconds: float) -> Day:
    did: Counter[str] = Counter()
    began, speed = time.time(), DAY / seconds

    def clock() -> int:
        return round((began + (time.time() - began) * speed) * 1000)

    async with manned(url, stories, "day-") as (players, lanes), at_work(players, lanes, clock, did):
        visits, connection = Visits(players, clock), await asyncpg.connect(url)
        try:
            await visits.pass_through(WARM)
            for table in (*LIVING, *KEPT):
                await connection.execute(f"ALTER TABLE {table} SET (autovacuum_vacuum_threshold = 500)")
                await connection.execute(f"DELETE FROM {table}")
                await connection.execute(f"VACUUM {table}")
            tune()
            return await _observed(connection, visits, seconds, did)
        finally:
            await connection.close()


async def _observed(
    connection: asyncpg.Connection[asyncpg.Record], visits: Visits, seconds: float, did: Counter[str]
) -> Day:  # fmt: skip
    coming, samples = asyncio.create_task(visits.keep_coming(SETTLE + seconds)), []
    await asyncio.sleep(SETTLE)
    did.clear()
    facts = {row[0]: row[1] for row in await connection.fetch(FACTS)}
    forgotten = visits.forgotten
    while not coming.done():
        samples.append(await _sample(connection))
        await asyncio.wait([coming], timeout=LOOK)
    await coming
    for kind, times in await connection.fetch(FACTS):
        did[kind] = times - facts.get(kind, 0)
    did["forgotten"] = visits.forgotten - forgotten
    return Day(samples, did)


async def _sample(connection: asyncpg.Connection[asyncpg.Record]) -> Sample:
    [(connections, locks, waiting)] = await connection.fetch(HELD)
    living, kept = [await _weighed(connection, tables) for tables in (LIVING, KEPT)]
    handles = len(os.listdir("/proc/self/fd"))
    return Sample(megabytes(os.getpid()), handles, connections, locks, waiting, *living, *kept)


async def _weighed(connection: asyncpg.Connection[asyncpg.Record], tables: Sequence[str]) -> tuple[int, int]:
    """Rows and bytes of them all."""
    rows = [await connection.fetchval(f"SELECT count(*) FROM {table}") for table in tables]
    return sum(rows), await connection.fetchval(BYTES, tables)


@asynccontextmanager
async def at_work(
    players: Players, lanes: Lanes, clock: Callable[[], int], did: Counter[str]
) -> AsyncIterator[None]:  # fmt: skip
    """The agenda, a delivery and who trims, as run_bot.py and an adapter have them; the platform takes every card."""
    app = players.app
    assert isinstance(app.store, PostgresStore)
    ahead = round(DAY * 1000) - KEPT_FOR
    retention = Retention(app.store, DAYS_KEPT, [PLATFORM], lambda: clock() + ahead, rest=REST)

    async def show(address: str, parcel: Parcel | Note) -> None:
        assert isinstance(parcel, Parcel)
        await asyncio.sleep(SEND)
        await app.store.keep_shown(Shown(PLATFORM, address, parcel.session, parcel.revision, b"{}", clock()))
        did["shown"] += 1

    delivery = app.deliveries[PLATFORM] = Delivery(app.store, PLATFORM, show, lanes=lanes)

    async def trim() -> None:
        while True:
            did["trimmed"] += (swept := await retention.sweep()).facts + swept.events
            await asyncio.sleep(PAUSE)

    works = delivery.run(), Agenda(app, Rooms(app), clock).run(), trim()
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
