"""Millions of sessions, each just begun, made by the PostgreSQL server itself: tables without indexes first."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from hashlib import md5
from pathlib import Path
from typing import overload

import asyncpg

from benchmarks.players import NOW, PLATFORM, STORY
from bot.play.dice import seeded
from bot.play.event import Begin
from bot.play.state import pack
from bot.play.step import step
from bot.story.reader import read_folder

LANES = 2
"""Tables filled at once: one for each core."""

ID = "(('x' || substr(md5('{0}-' || n), 1, 16))::bit(64)::bigint & 4611686018427387903)"
"""An id of 62 bits that looks drawn at random, and that `Throng` can make again."""

SESSION, VIEWER, USER = ID.format("session"), ID.format("viewer"), "'throng-' || n"

ROWS = {
    "session": f"""(id, viewer, story, version, seed, revision, state, address, updated)
        SELECT {SESSION}, {VIEWER}, $2, $3, {SESSION}, 0, $4, $5 || ':' || {USER}, $6 FROM generate_series(1, $1) AS n""",
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

BULK = ("SET maintenance_work_mem = '1GB'", "SET statement_timeout = 0")


class Throng(Sequence[tuple[str, int]]):
    """(user, session id) of each of so many, made when it is asked for."""

    def __init__(self, viewers: int) -> None:
        self._viewers = viewers

    def __len__(self) -> int:
        return self._viewers

    @overload
    def __getitem__(self, place: int) -> tuple[str, int]: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[tuple[str, int]]: ...
    def __getitem__(self, place: int | slice) -> tuple[str, int] | Sequence[tuple[str, int]]:
        if isinstance(place, slice):
            return [self[one] for one in range(self._viewers)[place]]
        number = range(1, self._viewers + 1)[place]
        digest = md5(f"session-{number}".encode(), usedforsecurity=False).digest()
        return f"throng-{number}", int.from_bytes(digest[:8]) & ((1 << 62) - 1)

    def __iter__(self) -> Iterator[tuple[str, int]]:
        return (self[place] for place in range(self._viewers))


async def fill(url: str, stories: Path, viewers: int) -> Throng:
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
    return Throng(viewers)


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
                drop = f"DROP INDEX {name}" if constraint is None else f"ALTER TABLE {table} DROP CONSTRAINT {constraint}"
                await connection.execute(drop)
            await connection.execute(f"INSERT INTO {table} {rows}", *values)
            for _, made, constraint, told in keys:
                add = made if constraint is None else f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {told}"
                await connection.execute(add)
        await connection.execute(f"VACUUM ANALYZE {table}")
    finally:
        await connection.close()
