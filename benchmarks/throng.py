"""Millions of sessions, each just begun, made by the PostgreSQL server itself: tables without indexes first."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from pathlib import Path

import asyncpg

from benchmarks.players import NOW, PLATFORM, SEED, STORY
from bot.play.dice import seeded
from bot.play.event import Begin
from bot.play.state import pack
from bot.play.step import step
from bot.story.reader import read_folder

LANES = 2
"""Tables filled at once: one for each core."""

ID = "(hashint8extended(n, {0}) & 4611686018427387903)"
"""An id of 62 bits that looks drawn at random, and that the server can tell again."""

SESSION, VIEWER, USER = ID.format(1), ID.format(2), "'throng-' || n"

ROWS = {
    "session": f"""(id, viewer, story, version, seed, revision, state, address, updated)
        SELECT {SESSION}, {VIEWER}, $2, $3, {SESSION}, 0, $4, $5 || ':' || {USER}, $6
        FROM generate_series(1, $1) AS n""",
    "event": f"""(home, platform, id, at)
        SELECT {SESSION}, $2, 'begin-' || n, $3 FROM generate_series(1, $1) AS n""",
    "fact": f"""(session, revision, number, story, kind, scene, at)
        SELECT {SESSION}, 0, 0, $2, 'begin', 'lamp', $3 FROM generate_series(1, $1) AS n""",
    "agenda": f"""(session, revision, kind, at, payload)
        SELECT {SESSION}, 0, 'timeout', $2, '' FROM generate_series(1, $1) AS n""",
    "identity": f"""("user", platform, viewer)
        SELECT {USER}, $2, {VIEWER} FROM generate_series(1, $1) AS n""",
    "place": f"""(viewer, story, session)
        SELECT {VIEWER}, $2, {SESSION} FROM generate_series(1, $1) AS n""",
    "viewer": f"(id) SELECT {VIEWER} FROM generate_series(1, $1) AS n",
}

KEYS = """
SELECT index.indexrelid::regclass::text, pg_get_indexdef(index.indexrelid), conname, pg_get_constraintdef(con.oid)
FROM pg_index AS index LEFT JOIN pg_constraint AS con ON con.conindid = index.indexrelid
WHERE index.indrelid = $1::regclass
"""

DRAWN = f"SELECT {USER}, {SESSION} FROM unnest($1::integer[]) AS n"

BULK = ("SET maintenance_work_mem = '1GB'", "SET statement_timeout = 0")


async def fill(url: str, stories: Path, viewers: int) -> None:
    """Put that many viewers into a database that has its tables and nobody in them."""
    story = read_folder(stories / STORY)
    begun = step(story, None, Begin(story.language), NOW, seeded(0, 0)).branch_state
    values: dict[str, Sequence[object]] = {
        "session": (story.id, story.version, pack(story, begun), PLATFORM, NOW),
        "event": (PLATFORM, NOW),
        "fact": (story.id, NOW),
        "agenda": (NOW,),
        "identity": (PLATFORM,),
        "place": (story.id,),
        "viewer": (),
    }
    free = asyncio.Semaphore(LANES)

    async def one(table: str, rows: str) -> None:
        async with free:
            await _fill(url, table, rows, (viewers, *values[table]))

    await asyncio.gather(*(one(table, rows) for table, rows in ROWS.items()))


async def drawn(url: str, viewers: int, wanted: int) -> list[tuple[str, int]]:
    """(user, session id) of so many of them, drawn at random."""
    numbers = random.Random(SEED).sample(range(1, viewers + 1), wanted)
    connection = await asyncpg.connect(url)
    try:
        return [(user, session) for user, session in await connection.fetch(DRAWN, numbers)]
    finally:
        await connection.close()


async def _fill(url: str, table: str, rows: str, values: Sequence[object]) -> None:
    """One table, in one transaction that begins by emptying it: where the server's log may be minimal, nothing of it
    goes there.
    """
    connection = await asyncpg.connect(url)
    try:
        for setting in BULK:
            await connection.execute(setting)
        async with connection.transaction():
            await connection.execute(f"TRUNCATE {table}")
            keys = await connection.fetch(KEYS, table)
            for name, _, constraint, _ in keys:
                drop = (
                    f"DROP INDEX {name}" if constraint is None else f"ALTER TABLE {table} DROP CONSTRAINT {constraint}"
                )
                await connection.execute(drop)
            await connection.execute(f"INSERT INTO {table} {rows}", *values)
            for _, made, constraint, told in keys:
                add = made if constraint is None else f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {told}"
                await connection.execute(add)
        await connection.execute(f"VACUUM ANALYZE {table}")
    finally:
        await connection.close()
