"""A group of jobs in one transaction, in the store's thread."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.record import record
from bot.store.batch import Failed
from bot.store.port import Commit, EventKey, Identity, Outcome, Session, VoteRow

Result = TypeVar("Result")

Job = Callable[[sqlite3.Connection], Result]
"""Something to do in a transaction. It may be done twice (undone in between), so it changes the database alone."""


@record(frozen=True, slots=True)
class Cast:
    """A vote to write, under its event."""

    event: EventKey
    vote: VoteRow


GROUPED = (Commit, Cast)
"""Jobs of which a group is written in a few statements, not one after the other."""


@dataclass(frozen=True, slots=True)
class Load:
    """The wish for a session, by id, and only if it is its owner's when one is given. A group's are read in one
    statement."""

    session: int
    owner: Identity | None


Loads = Callable[[Sequence[Load], sqlite3.Connection], list[Session | None]]
"""Finds the sessions that are wished for, in that order."""

Steps = Callable[[Sequence[Commit | Cast], sqlite3.Connection], list[Outcome]]
"""Writes the steps and the votes of a group."""


def write_together(steps: Steps, jobs: Sequence[Job[Any] | Commit | Cast], connection: sqlite3.Connection) -> list[Any]:
    """Do all jobs durably; one that raises is undone alone. Raises when the whole did not become durable.

    `steps` writes those jobs that are commits or votes, ahead of the others.
    """
    try:
        return _in_transaction(connection, lambda: _all(steps, jobs, connection))
    except Exception:
        if len(jobs) == 1:
            raise
    # Savepoints cost a third of the throughput, so they are set only once it is known that some job fails.
    return _in_transaction(connection, lambda: [_alone(steps, job, connection) for job in jobs])


def _in_transaction(connection: sqlite3.Connection, work: Callable[[], list[Any]]) -> list[Any]:
    try:
        connection.execute("BEGIN IMMEDIATE")
        results = work()
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return results


def _all(steps: Steps, jobs: Sequence[Job[Any] | Commit | Cast], connection: sqlite3.Connection) -> list[Any]:
    outcomes = iter(steps([job for job in jobs if isinstance(job, GROUPED)], connection))
    return [next(outcomes) if isinstance(job, GROUPED) else job(connection) for job in jobs]


def _alone(steps: Steps, job: Job[Any] | Commit | Cast, connection: sqlite3.Connection) -> Any:
    connection.execute("SAVEPOINT job")
    try:
        [result] = _all(steps, [job], connection)
    except Exception as error:
        # Some errors (a full disk may be one) make SQLite end the whole transaction by itself.
        if not connection.in_transaction:
            raise
        connection.execute("ROLLBACK TO job")
        result = Failed(error)
    connection.execute("RELEASE job")
    return result


def read_together(loads: Loads, jobs: Sequence[Job[Any] | Load], connection: sqlite3.Connection) -> list[Any]:
    """Do all jobs, each on what is durable when its turn comes; one that raises fails alone."""
    try:
        return _answers(loads, jobs, connection)
    except Exception:
        return [_answer(loads, job, connection) for job in jobs]


def _answers(loads: Loads, jobs: Sequence[Job[Any] | Load], connection: sqlite3.Connection) -> list[Any]:
    found = iter(loads([job for job in jobs if isinstance(job, Load)], connection))
    return [next(found) if isinstance(job, Load) else job(connection) for job in jobs]


def _answer(loads: Loads, job: Job[Any] | Load, connection: sqlite3.Connection) -> Any:
    try:
        [answer] = _answers(loads, [job], connection)
    except Exception as error:
        return Failed(error)
    return answer
