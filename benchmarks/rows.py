"""What a row of each table takes on PostgreSQL, after real plays: `python -m benchmarks.rows [viewers]`.

Viewers play the stories that ship with the bot to an ending, in Telegram; one in fifty is a group of twenty that votes.
Nothing is delivered, so that there are cards to be weighed. A row's bytes are those of the table with its indexes and
what lies free in them, as a running bot has it (pg_total_relation_size over the rows). The write-ahead log is that of
the taps alone; pages that were not touched since the last checkpoint go there whole, so a large database writes more.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.evenings import Evenings
from benchmarks.result import Result, Row, conclude
from benchmarks.server import database, running
from bot.store.postgres import PostgresStore
from tests.fakes.postgres import ask

VIEWERS = 3_000
VIEWERS_PER_ROOM = 50

SIZES = """
SELECT relname::text, n_live_tup, pg_total_relation_size(relid), pg_indexes_size(relid)
FROM pg_stat_user_tables WHERE n_live_tup > 0 ORDER BY relname
"""
LOG = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint"


@dataclass(frozen=True, slots=True)
class Weight:
    """A table: its rows, all its bytes, and those of its indexes."""

    table: str
    rows: int
    bytes: int
    indexes: int


@dataclass(frozen=True, slots=True)
class Weighed:
    """What so many plays and taps left behind. `log` is the write-ahead log of plays and taps, in bytes."""

    plays: int
    taps: int
    log: int
    tables: Sequence[Weight]


async def weigh(url: str, viewers: int) -> Weighed:
    """Play on an empty database, then weigh it."""
    store = PostgresStore(url)
    await store.open()
    try:
        evenings = Evenings(store)
        [[before]] = await ask(url, "CHECKPOINT", LOG)
        await evenings.play(viewers)
        [[after]] = await ask(url, LOG)
        await evenings.vote(max(1, viewers // VIEWERS_PER_ROOM))
    finally:
        await store.close()
    sizes = await ask(url, "VACUUM ANALYZE", SIZES)
    return Weighed(evenings.plays, evenings.taps, after - before, [Weight(*size) for size in sizes])


def measure(viewers: int = VIEWERS) -> Result:
    """On a PostgreSQL of its own, in a temporary folder."""
    with running() as server:
        weighed = asyncio.run(weigh(database(server, "rows"), viewers))
    return Result("Bytes of a row on PostgreSQL", _about(), tuple(_rows(weighed)))


def _rows(weighed: Weighed) -> list[Row]:
    taps = weighed.taps
    return [
        Row("plays, and taps", f"{weighed.plays:,}, {taps:,}", f"{taps / weighed.plays:.1f} a play"),
        Row("write-ahead log", f"{weighed.log / 1e6:,.1f} MB", f"{weighed.log / taps:,.0f} bytes a tap"),
        *(
            Row(
                one.table,
                f"{one.bytes / one.rows:,.0f} bytes a row, {one.indexes / one.rows:,.0f} of them indexes",
                f"{one.rows:,} rows",
            )
            for one in weighed.tables
        ),
    ]


def _about() -> str:
    return (
        "Viewers play the stories that ship with the bot to an ending; groups of twenty vote. Tables with their "
        "indexes and what lies free in them, over their rows."
    )


if __name__ == "__main__":
    conclude(measure(int(sys.argv[1]) if sys.argv[1:] else VIEWERS))
