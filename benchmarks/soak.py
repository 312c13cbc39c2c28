"""A day of one worker, its clock sped up: sessions begun, tapped, timed out, delivered and forgotten, all the while.

What a worker and its database hold on to is looked at every second; the first quarter of the day is then compared with
the last. Before the day begins, as many viewers come and go as a worker remembers at most, so that what fills up to a
bound is full. PostgreSQL sweeps once a second, for its clock should be faster too.
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
from bot.recent import MOST
from bot.rooms import Rooms
from bot.store.port import Shown

DAY = 86_400.0
SEND = 0.02
"""Seconds that a platform takes to show a card."""

LOOK = 1.0
WARM = MOST + MOST // 10

LIVING = ("viewer", "identity", "session", "place", "agenda", "outbox", "shown")
"""Tables whose rows go with their viewers."""

GROWING = ("event", "fact")
"""Tables that keep what happened."""

HELD = """
SELECT
    (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()),
    (SELECT count(*) FROM pg_locks WHERE pid <> pg_backend_pid() AND granted),
    (SELECT count(*) FROM pg_locks WHERE NOT granted)
"""
ROWS = f"SELECT {' + '.join(f'(SELECT count(*) FROM {table})' for table in LIVING)}"
BYTES = "SELECT name, pg_total_relation_size(name::regclass) FROM unnest($1::text[]) AS name"
FACTS = "SELECT kind, count(*) FROM fact GROUP BY kind"


@dataclass(frozen=True, slots=True)
class Sample:
    """What is held at one moment. `waiting`: locks that somebody waits for; rows and bytes are the living tables'."""

    megabytes: float
    handles: float
    connections: float
    locks: float
    waiting: float
    rows: float
    bytes: float


@dataclass(frozen=True, slots=True)
class Day:
    """What a day came to. `did` counts what happened; `grown` are the bytes that each growing table gained."""

    samples: Sequence[Sample]
    did: Counter[str]
    grown: dict[str, int]

    def quarters(self, name: str, of: Callable[[Sequence[float]], float] = statistics.median) -> tuple[float, float]:
        """One of a sample's figures in the first quarter, and in the last: its median, or what else is asked for."""
        values = [float(getattr(sample, name)) for sample in self.samples]
        quarter = max(1, len(values) // 4)
        return of(values[:quarter]), of(values[-quarter:])


def live(url: str, stories: Path, seconds: float) -> Day:
    """A whole day in so many seconds, in the process that calls it."""
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
            for table in LIVING:
                await connection.execute(f"DELETE FROM {table}")
            tune()
            did.clear()
            return await _observed(connection, visits, seconds, did)
        finally:
            await connection.close()


async def _observed(
    connection: asyncpg.Connection[asyncpg.Record], visits: Visits, seconds: float, did: Counter[str]
) -> Day:  # fmt: skip
    facts = {row[0]: row[1] for row in await connection.fetch(FACTS)}
    sizes = {row[0]: row[1] for row in await connection.fetch(BYTES, GROWING)}
    forgotten = visits.forgotten
    coming, samples = asyncio.create_task(visits.keep_coming(seconds)), []
    while not coming.done():
        samples.append(await _sample(connection))
        await asyncio.wait([coming], timeout=LOOK)
    await coming
    for kind, times in await connection.fetch(FACTS):
        did[kind] = times - facts.get(kind, 0)
    did["forgotten"] = visits.forgotten - forgotten
    grown = {table: size - sizes[table] for table, size in await connection.fetch(BYTES, GROWING)}
    return Day(samples, did, grown)


async def _sample(connection: asyncpg.Connection[asyncpg.Record]) -> Sample:
    [(connections, locks, waiting)] = await connection.fetch(HELD)
    rows = await connection.fetchval(ROWS)
    sizes = await connection.fetch(BYTES, LIVING)
    handles = len(os.listdir("/proc/self/fd"))
    return Sample(
        megabytes(os.getpid()), handles, connections, locks, waiting, rows, sum(size for _, size in sizes)
    )  # fmt: skip


@asynccontextmanager
async def at_work(
    players: Players, lanes: Lanes, clock: Callable[[], int], did: Counter[str]
) -> AsyncIterator[None]:  # fmt: skip
    """The agenda and a delivery, as run_bot.py and an adapter have them; the platform takes every card."""
    app = players.app

    async def show(address: str, parcel: Parcel | Note) -> None:
        assert isinstance(parcel, Parcel)
        await asyncio.sleep(SEND)
        await app.store.keep_shown(Shown(PLATFORM, address, parcel.session, parcel.revision, b"{}", clock()))
        did["shown"] += 1

    delivery = app.deliveries[PLATFORM] = Delivery(app.store, PLATFORM, show, lanes=lanes)
    tasks = [asyncio.create_task(delivery.run()), asyncio.create_task(Agenda(app, Rooms(app), clock).run())]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
