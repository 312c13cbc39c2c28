"""An ear: hears what other workers tell, on a connection of its own, made anew when it was lost."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

import asyncpg
import structlog

from bot.store.postgres_diagnosis import diagnose
from bot.store.postgres_line import connect
from bot.store.postgres_target import Target

log = structlog.get_logger()

CHANNEL = "'cliffhanger' || coalesce(' ' || nullif(current_schema()::regnamespace::oid, 2200), '')"
"""Where all workers of a bot speak, in SQL: several bots may have a schema each in one database (2200 is `public`)."""

TELL = f"SELECT pg_notify({CHANNEL}, $1)"
"""Says something there."""

PATIENCE = 20.0
"""Seconds after which a silent connection is asked whether it still is one, and how long it may take to say so."""

PAUSE = 1.0
"""Seconds before a lost connection is made anew."""


class Ear:
    """One worker's. What is told while there is no connection is missed."""

    def __init__(self, target: Target, listener: Callable[[str], None]) -> None:
        self._target = target
        self._listener = listener

    async def run(self) -> None:
        """Listen until cancelled."""
        while True:
            try:
                await self._listen()
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
                log.warning("workers_unheard", error=str(diagnose(error, self._target)))
            await asyncio.sleep(PAUSE)

    async def _listen(self) -> None:
        connection = await connect(self._target, "cliffhanger ear", {})
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: lost.set())
        try:
            await connection.add_listener(await connection.fetchval(f"SELECT {CHANNEL}"), self._told)
            self._listener("")  # something may have been told before
            while not lost.is_set():
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(PATIENCE):
                        await lost.wait()
                await connection.execute("SELECT", timeout=PATIENCE)
        finally:
            with contextlib.suppress(Exception):
                connection.terminate()

    def _told(self, connection: object, process: int, channel: str, news: object) -> None:
        self._listener(str(news))
