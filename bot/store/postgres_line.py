"""A line to PostgreSQL: one connection, made anew when it was lost."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

import asyncpg

from bot.store.postgres_target import Target

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]
else:
    Connection = asyncpg.Connection

Result = TypeVar("Result")

CONNECT_SECONDS = 10.0
"""How long the server may take to let us in."""

ANSWER_SECONDS = 30.0
"""How long a piece of work may take, with connecting: after that the server counts as away."""

STATEMENT_MILLISECONDS = 20_000
"""When the server itself ends a statement: before we stop waiting, so that we hear how it ended."""

LOCK_MILLISECONDS = 10_000
"""How long a statement waits for what another worker holds."""

GONE_MILLISECONDS = 5_000
"""How long to wait for the end of a connection of ours that was lost."""

SERVER_SETTINGS = {
    "statement_timeout": str(STATEMENT_MILLISECONDS),
    "lock_timeout": str(LOCK_MILLISECONDS),
    "idle_in_transaction_session_timeout": str(STATEMENT_MILLISECONDS),
    "timezone": "UTC",
    # Every commit is on the server's disk before it is acknowledged, whatever the server's own default.
    "synchronous_commit": "on",
    "default_transaction_isolation": "read committed",
    # Every statement finds its rows by index. Planned once and for all while the tables are small, it must not read
    # them whole when they have grown; and no statement is long enough to be worth compiling.
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "jit": "off",
}

WRITER_SETTINGS = {
    # A bitmap would meet a session's dead agenda rows, one for each of its steps, again and again until they are swept
    # away; an index scan marks them as dead the first time it meets them.
    "enable_bitmapscan": "off",
}

END_PREDECESSORS = """
SELECT pg_terminate_backend(pid, $2) FROM pg_stat_activity
WHERE application_name = $1 AND pid <> pg_backend_pid() AND usename = current_user
"""


class Line:
    """One connection for one piece of work at a time. `close` it at the end."""

    def __init__(self, target: Target, name: str, settings: Mapping[str, str] | None = None) -> None:
        """`settings` are the server's, beside those that all lines have."""
        self._target = target
        self._settings = settings or {}
        self._name = f"cliffhanger {name} {secrets.token_hex(6)}"
        self._connection: Connection | None = None
        self._lost = False

    async def lend(self, work: Callable[[Connection], Awaitable[Result]], seconds: float | None = None) -> Result:
        """Run `work` with the connection. Raises what the driver raises, TimeoutError after so many seconds
        (`ANSWER_SECONDS`)."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS if seconds is None else seconds):
                return await work(await self._reach())
        except asyncpg.PostgresError:
            raise  # the connection heard how it ended, and stays good
        except BaseException:
            self._drop()
            raise

    async def close(self) -> None:
        """Disconnect; there is nothing under way."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                await connection.close(timeout=CONNECT_SECONDS)
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
                connection.terminate()

    async def _reach(self) -> Connection:
        if self._connection is not None and self._connection.is_closed():
            self._drop()
        if self._connection is None:
            self._connection = await connect(self._target, self._name, self._settings)
        if self._lost:
            # What was under way when the line was lost must not end after what follows: it ends first, or never.
            await self._connection.fetch(END_PREDECESSORS, self._name, GONE_MILLISECONDS)
            self._lost = False
        return self._connection

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            self._lost = True
            connection.terminate()


async def connect(target: Target, name: str, settings: Mapping[str, str]) -> Connection:
    """A connection of that name, set as all of ours are and as told. Raises what the driver raises."""
    return await asyncpg.connect(
        target.url,
        timeout=CONNECT_SECONDS,
        server_settings={**SERVER_SETTINGS, **settings, "application_name": name},
    )
