"""A PostgreSQL database: a line that writes steps, one that writes the rest, one that loads, and a pool that reads."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from functools import partial
from typing import Any

import asyncpg

from bot.figures import Figures
from bot.store.batch import Batch, Failed, Together
from bot.store.errors import StoreError, Unstorable
from bot.store.postgres_diagnosis import cut_off, diagnose
from bot.store.postgres_group import Post
from bot.store.postgres_line import ANSWER_SECONDS, CONNECT_SECONDS, SERVER_SETTINGS, WRITER_SETTINGS, Connection, Line
from bot.store.postgres_queries import PostgresQueries
from bot.store.postgres_schema import migrate
from bot.store.postgres_target import Target
from bot.store.postgres_writing import Delivered, Job, Loading, Tidying, Writing, alone
from bot.store.records import Commit, Identity, Outcome, Session, Shown
from bot.store.schema import Migration
from bot.store.transaction import Cast, Load

READERS = 4
"""Connections that only read, at most. With the three lines and the ear it is eight for a process; apart is a ninth."""

OPENING_SECONDS = 120.0
"""How long opening may take, with a migration."""

APART_SECONDS = 120.0
"""How long a job apart may take: what it holds is waited for as long."""


class PostgresDatabase:
    """One database, for one process. `group` is the most jobs in one statement."""

    def __init__(
        self, target: Target, queries: PostgresQueries, group: int, figures: Figures, migrations: tuple[Migration, ...]
    ) -> None:
        self.target = target
        self._figures = figures
        self._queries = queries
        self._group = group
        self._migrations = migrations
        self._writing = Writing(queries.write_group)
        self._lines: list[Line] = []
        self._batches: dict[str, Batch] = {}
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None

    async def open(self) -> None:
        """Connect and migrate. After a `StoreError` nothing stays open."""
        try:
            writer = Line(self.target, "writer", WRITER_SETTINGS)
            self._lines.append(writer)
            await writer.lend(self._prepare, OPENING_SECONDS)
            tidying = Tidying(self._queries.delivered, self._queries.keep_shown)
            self._add("writer", writer, self._writing.together)
            self._add("aside", Line(self.target, "aside"), tidying.together)
            self._add("loader", Line(self.target, "loader"), Loading(self._queries.sessions).together)
            self._pool = asyncpg.create_pool(
                self.target.url,
                min_size=0,
                max_size=READERS,
                timeout=CONNECT_SECONDS,
                reset=_leave,
                server_settings={**SERVER_SETTINGS, "application_name": "cliffhanger reader"},
            )
            await self._pool
        except Exception as error:
            await self.close()
            raise diagnose(error, self.target) from error
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Finish every job, then disconnect."""
        for batch in self._batches.values():
            await batch.close()
        self._batches.clear()
        while self._lines:
            await self._lines.pop().close()
        pool, self._pool = self._pool, None
        if pool is not None:
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    await pool.close()
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
                pool.terminate()

    def commit(self, job: Commit | Post | Cast) -> Awaitable[Outcome]:
        """Write a step, cards or a vote; returns after it is durable. Raises `StoreError`."""
        trace, done = self._figures.trace, self._batch("writer").run(job)
        return done if trace is None else trace.around(done, "commit")

    async def write(self, job: Job) -> Any:
        """Do a job that adds cards or changes a room: in line with the steps. Raises `StoreError`."""
        return await self._batch("writer").run(job)

    async def aside(self, job: Job | Delivered | Shown) -> Any:
        """Do any other job that writes, which no step waits for. Raises `StoreError`."""
        return await self._batch("aside").run(job)

    async def apart(self, job: Job) -> Any:
        """Do a rare job that takes its time, on a line made for it, so that nothing stands behind it. Raises
        `StoreError`.
        """
        if self._pool is None:
            raise self._not_open()
        line = Line(self.target, "apart")
        try:
            result = await line.lend(partial(alone, job), APART_SECONDS)
        except Exception as error:
            result = Failed(error)
        finally:
            await line.close()
        if isinstance(result, Failed):
            self._figures.lines["apart"].failures += 1
            raise self._explain(result.error) from result.error
        return result

    async def session(self, id: int, owner: Identity | None) -> Session | None:
        """The session as it is durable now. Raises `StoreError`."""
        load = Load(id, owner)
        try:
            session: Session | None = await self._batch("loader").run(load)
        except StoreError as error:
            # A connection that was lost while it rested is found out only now, and reading twice does no harm.
            if error.__cause__ is None or not cut_off(error.__cause__):
                raise
            session = await self._batch("loader").run(load)
        return session

    async def rows(self, statement: str, *values: Any) -> list[asyncpg.Record]:
        """The rows of a statement that only reads; it sees everything written before. Raises `StoreError`."""
        if self._pool is None:
            raise self._not_open()
        try:
            try:
                return await self._fetch(statement, values)
            except Exception as error:
                if not cut_off(error):
                    raise
                return await self._fetch(statement, values)
        except Exception as error:
            self._figures.lines["pool"].failures += 1
            raise self._explain(error) from error

    async def _fetch(self, statement: str, values: Sequence[Any]) -> list[asyncpg.Record]:
        if self._pool is None:
            raise self._not_open()
        async with asyncio.timeout(ANSWER_SECONDS):
            return await self._pool.fetch(statement, *values)

    async def _prepare(self, connection: Connection) -> None:
        await migrate(connection, self.target, self._migrations)

    def _add(self, name: str, line: Line, together: Together) -> None:
        if line not in self._lines:
            self._lines.append(line)
        self._batches[name] = Batch(line, together, self._explain, self._group, self._figures.lines[name])

    def _batch(self, name: str) -> Batch:
        batch = self._batches.get(name)
        if batch is None:
            raise self._not_open()
        return batch

    def _not_open(self) -> StoreError:
        return StoreError(f"{self.target} is not open; open the store before it is used.")

    def _explain(self, error: Exception) -> StoreError | Unstorable:
        return diagnose(error, self.target)


async def _leave(connection: Any) -> None:
    """A reader leaves nothing behind: putting everything back would be a second round trip for each read."""
