"""Group commit: who shares a transaction, who waits for what, and who is told what."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from bot.store.batch import Batch, Failed
from bot.store.errors import StoreError
from bot.store.line import Line
from bot.store.port import Commit, Outcome
from bot.store.transaction import Cast, write_together


def no_steps(commits: Sequence[Commit | Cast], connection: sqlite3.Connection) -> list[Outcome]:
    return []


def explain(error: Exception) -> Exception:
    return StoreError(str(error))


def add(value: int, connection: sqlite3.Connection) -> int:
    connection.execute("INSERT INTO number VALUES (?)", (value,))
    return value


def numbers(connection: sqlite3.Connection) -> list[int]:
    return [value for (value,) in connection.execute("SELECT value FROM number ORDER BY rowid")]


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[Line]:
    line = Line(str(tmp_path / "numbers.db"))
    await line.reach()
    await line.lend(
        lambda connection: connection.executescript(
            "CREATE TABLE parent (id INTEGER PRIMARY KEY);"
            "CREATE TABLE number (value UNIQUE);"
            "CREATE TABLE child (parent REFERENCES parent DEFERRABLE INITIALLY DEFERRED);"
            "PRAGMA foreign_keys = ON;"
        )
    )
    yield line
    await line.close()


class Recorded:
    """Writes groups, and remembers how large each was."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def __call__(self, jobs: Sequence[Any], connection: sqlite3.Connection) -> list[Any]:
        self.sizes.append(len(jobs))
        return write_together(no_steps, jobs, connection)


async def test_jobs_that_wait_together_share_a_transaction(line: Line) -> None:
    recorded = Recorded()
    batch = Batch(line, recorded, explain)
    assert await asyncio.gather(*(batch.run(partial(add, value)) for value in range(20))) == list(range(20))
    assert recorded.sizes == [20]
    assert await line.lend(numbers) == list(range(20))


@pytest.mark.parametrize(("group", "sizes"), [(1, [1] * 7), (3, [3, 3, 1])])
async def test_a_group_has_a_largest_size(line: Line, group: int, sizes: list[int]) -> None:
    recorded = Recorded()
    batch = Batch(line, recorded, explain, group)
    await asyncio.gather(*(batch.run(partial(add, value)) for value in range(7)))
    assert recorded.sizes == sizes


async def test_a_job_that_fails_is_undone_alone(line: Line) -> None:
    def half(connection: sqlite3.Connection) -> None:
        add(100, connection)
        raise ValueError("half way")

    batch = Batch(line, Recorded(), explain)
    jobs = [partial(add, 1), half, partial(add, 2), partial(add, 1), partial(add, 3)]
    results = await asyncio.gather(*(batch.run(job) for job in jobs), return_exceptions=True)
    assert [type(result) for result in results] == [int, StoreError, int, StoreError, int]
    assert await line.lend(numbers) == [1, 2, 3]


async def test_when_the_commit_itself_fails_nobody_is_told_it_was_done(line: Line) -> None:
    def orphan(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO child VALUES (1)")  # noticed by COMMIT, not before

    batch = Batch(line, Recorded(), explain)
    jobs = [partial(add, 1), orphan, partial(add, 2)]
    results = await asyncio.gather(*(batch.run(job) for job in jobs), return_exceptions=True)
    assert [type(result) for result in results] == [StoreError] * 3
    assert await line.lend(numbers) == []
    assert await batch.run(partial(add, 4)) == 4


async def test_each_caller_gets_an_error_of_its_own(line: Line) -> None:
    def broken(jobs: Sequence[Any], connection: sqlite3.Connection) -> list[Any]:
        raise sqlite3.OperationalError("gone")

    batch = Batch(line, broken, explain)
    results = await asyncio.gather(*(batch.run(None) for _ in range(3)), return_exceptions=True)
    assert [str(result) for result in results] == ["gone"] * 3
    assert len({id(result) for result in results}) == 3


async def test_a_caller_that_gives_up_does_not_disturb_the_others(line: Line) -> None:
    recorded = Recorded()
    batch = Batch(line, recorded, explain)
    started, go_on = Event(), Event()

    def slow(connection: sqlite3.Connection) -> int:
        started.set()
        go_on.wait()
        return add(0, connection)

    tasks = [asyncio.ensure_future(batch.run(job)) for job in (slow, partial(add, 1))]
    await asyncio.to_thread(started.wait)
    later = [asyncio.ensure_future(batch.run(partial(add, value))) for value in (2, 3, 4)]
    await asyncio.sleep(0)
    tasks[1].cancel()
    later[1].cancel()
    go_on.set()
    results = await asyncio.gather(*tasks, *later, return_exceptions=True)
    assert [result for result in results if isinstance(result, int)] == [0, 2, 4]
    # The one that was under way is done all the same; the one that still waited is not done at all.
    assert await line.lend(numbers) == [0, 1, 2, 4]


async def test_closing_finishes_the_jobs_that_wait_and_takes_no_more(line: Line) -> None:
    batch = Batch(line, Recorded(), explain, group=2)
    tasks = [asyncio.ensure_future(batch.run(partial(add, value))) for value in range(5)]
    await asyncio.sleep(0)
    await batch.close()
    assert [task.result() for task in tasks] == list(range(5))
    with pytest.raises(StoreError, match="closed"):
        await batch.run(partial(add, 9))


async def test_when_the_loop_is_torn_down_nobody_waits_for_ever(line: Line) -> None:
    batch = Batch(line, Recorded(), explain)
    started, go_on = Event(), Event()

    def slow(connection: sqlite3.Connection) -> None:
        started.set()
        go_on.wait()

    caller = asyncio.ensure_future(batch.run(slow))
    await asyncio.to_thread(started.wait)
    runner = batch._runner
    assert runner is not None
    runner.cancel()
    await asyncio.wait([caller, runner])
    assert caller.cancelled()
    go_on.set()
    assert await batch.run(partial(add, 1)) == 1


async def test_a_transaction_that_sqlite_ended_by_itself_fails_as_a_whole(line: Line) -> None:
    def end(connection: sqlite3.Connection) -> None:
        connection.execute("ROLLBACK")
        raise sqlite3.OperationalError("full")

    def together(jobs: Sequence[Any], connection: sqlite3.Connection) -> list[Any]:
        return write_together(no_steps, jobs, connection)

    batch = Batch(line, together, explain)
    jobs = [partial(add, 1), end, partial(add, 2)]
    results = await asyncio.gather(*(batch.run(job) for job in jobs), return_exceptions=True)
    assert [str(result) for result in results] == ["full"] * 3
    assert await line.lend(numbers) == []
    assert not isinstance(results[0], Failed)
