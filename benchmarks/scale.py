"""Many: several workers on one PostgreSQL, millions of sessions, a whole day; and what else could keep them.

A tap here is all of `App.handle`, as in door.py. PostgreSQL is a server of its own on this machine, with fsync and
synchronous_commit on, and is what SQLite is in door.py. A worker is a process with the crew of run_bot.py, and with
viewers of its own in it; nothing is delivered. Workers, PostgreSQL and peers share two cores, so that several workers
cannot be much faster here than one. How they would be on more cores is told by the CPU time of a tap, in the worker and
in the server: whether it grows with the number of workers. Others on the machine only add to it, so the least counts.

The peers, each with the same number of viewers at once, on the same disk, with the tale of bots/tale.py:

- DBOS (bots/workflow.py), a durable workflow for each session, on the same PostgreSQL. A tap is a message with a key,
  so that it counts once, and is over when the next scene can be read as an event of the workflow. It does more than
  ours in that any Python code may stand in a workflow, and goes on after a crash where it stood. It does less: no
  outbox, no timer for each choice, no facts, no counts, no check that the button belongs to the revision.
- aiogram's RedisStorage (bots/places.py), on a Valkey with appendfsync always: the viewer's state and data are read and
  written. It does much less: four calls of which a crash may do some, no event's key, no outbox, no timer, no facts. It
  is here as a floor of sorts: what it costs to keep a place and nothing else.

The size: one tap at a time in a database with 1,000 sessions and in one with 5,000,000 on the same server, turn about,
each tap in another session drawn at random; medians. In the large one nearly every tap is the first since the last
checkpoint to touch its pages, which are then written to the log whole; that is part of what is measured.

The day: see soak.py. Memory, open files, connections, locks, rows and tables must not grow from its first quarter to
its last; neither must what is kept of what happened, which is trimmed meanwhile.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from uvloop import run

from benchmarks.door import crowd_of_taps
from benchmarks.players import put_story
from benchmarks.result import Result, Row, conclude
from benchmarks.rivals import Rival, look_for_them, storage, workflows
from benchmarks.server import change, database, postmaster, running
from benchmarks.sizes import tap_in_both
from benchmarks.soak import Day, live
from benchmarks.worker import Shift, work_together
from bot.interpreter import tune
from bot.store.sqlite import SQLiteStore
from tests.fakes.postgres import PostgresServer

VIEWERS = 64
"""At once: of each worker, and of each peer."""

WORKERS = (1, 2, 4)
SECONDS = 3.0
"""Of taps, in each round."""

ROUNDS = 3
TAPS = 80
"""Of each viewer on SQLite, in each round."""

RIVAL_SECONDS = 6.0
DAY_SECONDS = 80.0

AT_LEAST_RIVAL = 3.0
AT_LEAST_ONE = 1.0
"""Four workers on two cores, against one: together they must at least not be slower."""

AT_MOST_WORK = 1.25
AT_MOST_GROWTH = 1.1
AT_MOST_TABLES = 1.25
AT_MOST_ROWS = 1.5
"""Rows and tables breathe with those who come and with what cleans up; what was left lying in a whole day would be many
times what is there.
"""

AT_MOST_LOCKS = 4
"""Locks more than before, at the quietest moment of a quarter: what is never let go of is held then too."""


def crowds(server: PostgresServer, folder: Path, stories: Path) -> tuple[float, dict[int, Shift]]:
    """Taps a second on SQLite, and what each number of workers did; over all rounds."""
    sqlite, shifts = list[float](), {workers: list[Shift]() for workers in WORKERS}
    for number in range(ROUNDS):
        sqlite.append(run(crowd_of_taps(SQLiteStore(folder / f"{number}.db"), stories, TAPS)))
        for workers in WORKERS:
            url = database(server, f"crowd_{number}_{workers}")
            shifts[workers].append(work_together(workers, url, stories, VIEWERS, SECONDS, postmaster(server)))
    return statistics.median(sqlite), {workers: _middle(done) for workers, done in shifts.items()}


def _middle(shifts: Sequence[Shift]) -> Shift:
    """The median of the rates, and the least CPU time of each kind: what others do on the machine only adds to that."""
    return Shift(
        statistics.median(one.taps for one in shifts), min(one.cpu for one in shifts), min(one.server for one in shifts)
    )


def day(server: PostgresServer, stories: Path) -> Day:
    """In a process of its own, so that its memory is nobody else's."""
    change(server, "autovacuum_naptime = '1s'")
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        return alone.submit(live, database(server, "day"), stories, DAY_SECONDS).result()


def measure() -> Result:
    """Everything, in temporary folders on the disk that temporary folders are on."""
    tune()
    look_for_them()
    with tempfile.TemporaryDirectory(prefix="cliffhanger-") as name, running() as server:
        folder, stories = Path(name), Path(name) / "stories"
        put_story(stories)
        sqlite, shifts = crowds(server, folder, stories)
        durable = workflows(database(server, "rival"), VIEWERS, RIVAL_SECONDS)
        kept = storage(folder, VIEWERS, RIVAL_SECONDS)
        lived = day(server, stories)
        sizes = tap_in_both(server, stories)
    return Result("Many: workers, millions, a day", _about(), (
        Row("SQLite, one process", f"{sqlite:,.0f} taps/s"),
        *_workers(shifts),
        *_rivals(shifts[1], durable, kept),
        *sizes.rows(),
        *_day(lived),
    ))  # fmt: skip


def _workers(shifts: dict[int, Shift]) -> list[Row]:
    one, most = shifts[1], shifts[WORKERS[-1]]
    rows = []
    for workers, shift in shifts.items():
        ratio, last = shift.taps / one.taps, shift is most
        rows.append(Row(
            f"PostgreSQL, {workers} workers" if workers > 1 else "PostgreSQL, one worker",
            f"{shift.taps:,.0f} taps/s", f"{ratio:.2f}",
            f">= {AT_LEAST_ONE:g}" if last else "", ratio >= AT_LEAST_ONE if last else None,
        ))  # fmt: skip
    for workers, shift in shifts.items():
        work, last = (shift.cpu + shift.server) / (one.cpu + one.server), shift is most
        rows.append(Row(
            f"CPU of a tap with {workers}",
            f"{shift.cpu * 1e6:.0f} µs in the worker, {shift.server * 1e6:.0f} µs in PostgreSQL", f"{work:.2f}",
            f"<= {AT_MOST_WORK}" if last else "", work <= AT_MOST_WORK if last else None,
        ))  # fmt: skip
    return rows


def _rivals(ours: Shift, durable: Rival, kept: Rival) -> list[Row]:
    ratio = ours.taps / durable.taps
    return [
        Row("DBOS, a workflow for each session", f"{durable.taps:,.0f} taps/s, median {durable.median * 1000:.0f} ms, "
            f"{durable.cpu * 1e6:,.0f} µs CPU in its process", f"ours, one worker, is {ratio:.1f} of it",
            f">= {AT_LEAST_RIVAL:.0f}", ratio >= AT_LEAST_RIVAL),
        Row("aiogram's RedisStorage alone", f"{kept.taps:,.0f} taps/s, median {kept.median * 1000:.0f} ms, "
            f"{kept.cpu * 1e6:,.0f} µs CPU in its process", f"ours, one worker, is {ours.taps / kept.taps:.2f} of it"),
    ]  # fmt: skip


def _day(lived: Day) -> list[Row]:
    did = lived.did
    before, after = lived.quarters("locks", min)
    waiting = sum(sample.waiting > 0 for sample in lived.samples)
    return [
        Row(f"a day in {DAY_SECONDS:.0f} s", f"{did['begin']:,} sessions begun, {did['choice']:,} taps, "
            f"{did['timeout']:,} clocks run out, {did['shown']:,} cards shown, {did['forgotten']:,} viewers forgotten, "
            f"{did['trimmed']:,} ids and facts trimmed"),
        *(_flat(lived, *held) for held in HELD),
        Row("held: locks, at the quietest moment", f"{before:.0f}, {after:.0f}", f"{after - before:+.0f}",
            f"<= +{AT_MOST_LOCKS}", after - before <= AT_MOST_LOCKS),
        Row("looks at which somebody waited for a lock", f"{waiting} of {len(lived.samples)}"),
    ]  # fmt: skip


HELD = (
    ("memory, MB", "megabytes", 1, AT_MOST_GROWTH),
    ("open files", "handles", 1, AT_MOST_GROWTH),
    ("connections", "connections", 1, AT_MOST_GROWTH),
    ("rows of those who are there", "rows", 1, AT_MOST_ROWS),
    ("their tables, MB", "bytes", 1_000_000, AT_MOST_TABLES),
    ("ids of events, and facts", "kept_rows", 1, AT_MOST_ROWS),
    ("their tables, MB", "kept_bytes", 1_000_000, AT_MOST_TABLES),
)
"""(what it is called, its name in a `Sample`, by what it is divided, how much more it may be in the last quarter)."""


def _flat(lived: Day, what: str, name: str, unit: int, most: float) -> Row:
    before, after = lived.quarters(name)
    growth = after / before
    return Row(
        f"held: {what}, first quarter and last", f"{before / unit:,.1f}, {after / unit:,.1f}", f"{growth:.2f}",
        f"<= {most}", growth <= most,
    )  # fmt: skip


def _about() -> str:
    return (
        f"All of `App.handle`, {VIEWERS} viewers at once for each worker and each peer, on a PostgreSQL of its own on "
        f"this machine, synchronous_commit on; medians of {ROUNDS} rounds of {SECONDS:g} s, of CPU times the least. "
        "Workers, PostgreSQL and peers share the machine's cores. Below, one tap at a time in two databases on one "
        "server; then a day, its clock sped up, the medians of its first quarter and its last."
    )


if __name__ == "__main__":
    conclude(measure())
