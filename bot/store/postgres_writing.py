"""Writing a group of jobs: each whole or not at all, and one that cannot be written fails alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import asyncpg

from bot.store.batch import Failed
from bot.store.postgres_diagnosis import cut_off, outrun, refused
from bot.store.postgres_group import GROUPED, Grouped, arrange, waves
from bot.store.postgres_line import Connection
from bot.store.records import Outcome, Session, Shown
from bot.store.transaction import Load

Job = Callable[[Connection], Awaitable[Any]]
"""Something to do with a connection of its own for that time; each statement, or what it begins itself, is a
transaction."""

TRIES = 4
"""How often the same is tried when other workers are faster."""


class Writing:
    """Writes groups of steps, posts and votes in one statement, other jobs one after the other."""

    def __init__(self, write_group: str) -> None:
        self._write_group = write_group

    async def together(self, jobs: Sequence[Job | Grouped], connection: Connection) -> list[Any]:
        """What became of each job, in their order; `Failed` where it was nothing."""
        results: list[Any] = [None] * len(jobs)
        grouped = [place for place, job in enumerate(jobs) if isinstance(job, GROUPED)]
        for wave in waves([jobs[place] for place in grouped]):  # type: ignore[misc]
            places = [grouped[number] for number in wave]
            outcomes = await self._wave([jobs[place] for place in places], connection)  # type: ignore[misc]
            for place, outcome in zip(places, outcomes, strict=True):
                results[place] = outcome
        for place, job in enumerate(jobs):
            if not isinstance(job, GROUPED):
                results[place] = await alone(job, connection)
        return results

    async def _wave(self, jobs: Sequence[Grouped], connection: Connection) -> list[Any]:
        """Writes them together; where one cannot be written, each half by itself, until it is found."""
        try:
            results: list[Any] = await tried(lambda: self._send(jobs, connection))
            return results
        except asyncpg.PostgresError as error:
            if cut_off(error):
                raise
            if len(jobs) == 1 or not refused(error):
                return [Failed(error)] * len(jobs)
        half = len(jobs) // 2
        return [*await self._wave(jobs[:half], connection), *await self._wave(jobs[half:], connection)]

    async def _send(self, jobs: Sequence[Grouped], connection: Connection) -> list[Outcome]:
        arrays, order = arrange(jobs)
        answer = await connection.fetchval(self._write_group, *arrays.all())
        outcomes = [Outcome.CONFLICT] * len(jobs)
        for place, outcome in zip(order, answer, strict=True):
            outcomes[place] = OUTCOMES[outcome]
        return outcomes


OUTCOMES = {outcome.value: outcome for outcome in Outcome}


async def alone(job: Job, connection: Connection) -> Any:
    """Do one job; `Failed` when it did not work out, though the connection is good."""
    try:
        return await tried(lambda: job(connection))
    except asyncpg.PostgresError as error:
        if cut_off(error):
            raise
        return Failed(error)
    except ValueError as error:
        return Failed(error)


async def tried(work: Callable[[], Awaitable[Any]]) -> Any:
    """Do it, again when another worker was faster."""
    for _ in range(TRIES - 1):
        try:
            return await work()
        except asyncpg.PostgresError as error:
            if not outrun(error):
                raise
    return await work()


class Tidying:
    """Notes what was delivered and what is shown, a group of each in one statement; other jobs one after the other."""

    def __init__(self, delivered: str, keep_shown: str) -> None:
        self._delivered = delivered
        self._keep_shown = keep_shown

    async def together(self, jobs: Sequence[Job | Delivered | Shown], connection: Connection) -> list[Any]:
        """What became of each job, in their order."""
        gone = [id for job in jobs if isinstance(job, Delivered) for id in job.ids]
        noted = await alone(lambda line: line.execute(self._delivered, gone), connection) if gone else None
        results: list[Any] = []
        shown = [job for job in jobs if isinstance(job, Shown)]
        kept = await self._keep(shown, connection) if shown else None
        for job in jobs:
            if isinstance(job, Delivered):
                results.append(noted)
            elif isinstance(job, Shown):
                # Where one of many cannot be kept, each is kept by itself.
                results.append(kept if not isinstance(kept, Failed) else await self._keep([job], connection))
            else:
                results.append(await alone(job, connection))
        return results

    async def _keep(self, shown: Sequence[Shown], connection: Connection) -> Any:
        in_order = sorted(shown, key=lambda one: one.revision)
        last = {(one.address, one.platform, one.session): one for one in in_order}.values()
        columns = [
            [getattr(one, name) for one in last]
            for name in ("platform", "address", "session", "revision", "body", "at")
        ]
        return await alone(lambda line: line.execute(self._keep_shown, *columns), connection)


class Delivered:
    """The wish that these cards be gone."""

    __slots__ = ("ids",)

    def __init__(self, ids: Sequence[int]) -> None:
        self.ids = ids


class Loading:
    """Reads the sessions that a group wishes for in one statement."""

    def __init__(self, sessions: str) -> None:
        self._sessions = sessions

    async def together(self, loads: Sequence[Load], connection: Connection) -> list[Session | None]:
        """The sessions, in that order; None for those that are not there."""
        rows = await connection.fetch(
            self._sessions,
            [load.session for load in loads],
            [load.owner.platform if load.owner else None for load in loads],
            [load.owner.user if load.owner else None for load in loads],
        )
        found: list[Session | None] = [None] * len(loads)
        for number, *row in rows:
            found[number - 1] = Session(*row)
        return found
