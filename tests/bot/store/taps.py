"""Taps a second on a PostgreSQL that flushes: `python -m tests.bot.store.taps [seconds]`.

Each of 64 viewers taps again as soon as the last tap is durable; a tap loads the session and commits one step with a
card, a timer and a fact. Ours is compared with a commit per tap: the same statement for one step at a time, on one
connection and on 16.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable

import asyncpg
import uvloop

from bot.store.port import Commit, Outcome, Session
from bot.store.postgres import PostgresStore
from bot.store.postgres_group import arrange
from bot.store.postgres_line import SERVER_SETTINGS, WRITER_SETTINGS
from bot.store.postgres_queries import read_postgres_queries
from tests.bot.store.steps import after, begin, card, chose, due, step
from tests.fakes.postgres import postgres, programs

VIEWERS = 64
CONNECTIONS = 16

Write = Callable[[Commit], Awaitable[object]]
Load = Callable[[int], Awaitable[Session | None]]


async def measure(sessions: list[Session], load: Load, write: Write, seconds: float) -> tuple[float, list[Session]]:
    """Taps a second, and where the sessions are then."""
    until = time.perf_counter() + seconds
    taps = 0

    async def viewer(session: Session) -> Session:
        nonlocal taps
        while time.perf_counter() < until:
            assert await load(session.id) == session
            then = after(session)
            made = step(session, cards=(card(session),), agenda=(due(then, 5_000),), facts=(chose("get-on"),))
            assert await write(made) in (Outcome.COMMITTED, "committed")
            session, taps = then, taps + 1
        return session

    there = await asyncio.gather(*map(viewer, sessions))
    return taps / seconds, there


async def main(url: str, seconds: float) -> None:
    store, alone = PostgresStore(url), PostgresStore(url, group=1)
    await store.open()
    await alone.open()
    sessions = [await begin(store, str(number)) for number in range(VIEWERS)]
    _, sessions = await measure(sessions, store.session, store.commit, 1)
    ours, sessions = await measure(sessions, store.session, store.commit, seconds)
    print(f"ours, {VIEWERS} in flight: {ours:29,.0f} taps/s", flush=True)
    single, sessions = await measure(sessions, alone.session, alone.commit, seconds)
    print(f"a commit per tap, one connection: {single:15,.0f} taps/s, ours is {ours / single:.1f} times that")
    crowd, sessions = await per_tap(url, sessions, store.session, seconds)
    print(f"a commit per tap, {CONNECTIONS} connections: {crowd:15,.0f} taps/s, ours is {ours / crowd:.1f} times that")
    await store.close()
    await alone.close()


async def per_tap(url: str, sessions: list[Session], load: Load, seconds: float) -> tuple[float, list[Session]]:
    """Each step in a statement of its own, on the next connection that is free."""
    statement = read_postgres_queries().write_group
    pool = asyncpg.create_pool(
        url, min_size=CONNECTIONS, max_size=CONNECTIONS, server_settings={**SERVER_SETTINGS, **WRITER_SETTINGS}
    )

    async def write(commit: Commit) -> object:
        arrays, _ = arrange([commit])
        return (await pool.fetchval(statement, *arrays.all()))[0]

    async with pool:
        return await measure(sessions, load, write, seconds)


if __name__ == "__main__":
    found = programs()
    assert found is not None, "needs PostgreSQL"
    with postgres(found, durable=True) as server:
        uvloop.run(main(server.url(), float(sys.argv[1]) if sys.argv[1:] else 5))
