"""The one door, from event to durable step, against the same code with a commit per tap and against bare sqlite3.

A tap here is all of `App.handle`: load viewer and session, step, and commit event id, session, outbox card, agenda row
and facts, on a real SQLite file with write-ahead log and synchronous=FULL. 64 viewers tap at once, each waiting for
their own answer before the next tap.

- The peer is the same code with groups of one: a commit per tap.
- The floor is sqlite3 alone: the rows that ours wrote in a run before, already made, in one thread, 64 taps to a
  transaction, with the same tables and pragmas. It loads nothing, steps nothing and answers nobody.
- The event loop and the interpreter's settings are those of run_bot.py.
- Ours, the peer and the floor take turns, each on a fresh file on the same disk. Each ratio is of one turn about, and
  the median of the rounds counts: a shared machine is quicker in one second than in the next, for whoever is on.

Then the size of the file: one tap at a time (the time a viewer waits, undisturbed by others), turn about on a file with
1,000 sessions and on one with 1,000,000; medians. Each tap is in another session, drawn at random: a second tap in the
same one would find it in memory, which happens often among a thousand and never among a million, and says nothing
about the file.
"""

from __future__ import annotations

import gc
import statistics
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import astuple, dataclass
from pathlib import Path

from uvloop import run

from benchmarks.crowd import fill
from benchmarks.floor import write_floor
from benchmarks.players import Players, RecordingStore, in_turns, put_story
from benchmarks.result import Result, Row, conclude
from bot.interpreter import tune
from bot.store.port import Commit
from bot.store.sqlite import SQLiteStore

VIEWERS = 64
TAPS = 80
"""Taps of each viewer in a round."""

TAPS_ALONE = 6
"""The same for the peer, which needs longer; its rate does not depend on it."""

ROUNDS = 9
AT_LEAST_PEER = 3.0
AT_LEAST_FLOOR = 1 / 3

FEW, MANY = 1_000, 1_000_000
SINGLE_TAPS = 1_000
"""In each file: every session of the small one once."""
AT_MOST_SLOWER = 1.2


async def crowd_of_taps(store: SQLiteStore, stories: Path, taps: int) -> float:
    """Taps a second when all viewers tap at once."""
    async with Players(store, stories).playing() as players:
        await players.begin(VIEWERS)
        started = time.perf_counter()
        await players.tap_all(taps)
        seconds = time.perf_counter() - started
    return VIEWERS * taps / seconds


def recorded(path: Path, stories: Path) -> tuple[list[Commit], list[Commit]]:
    """What such a crowd has committed, the beginnings and the taps; not timed, since to keep it all takes time too."""
    store = RecordingStore(path)
    store.commits = []
    run(crowd_of_taps(store, stories, TAPS))
    return store.commits[:VIEWERS], store.commits[VIEWERS:]


@dataclass(frozen=True, slots=True)
class Round:
    """Taps a second of one turn about."""

    ours: float
    alone: float
    floor: float


def throughput(folder: Path, stories: Path) -> list[Round]:
    """The rounds."""
    begun, taps = recorded(folder / "recorded.db", stories)
    gc.freeze()
    rounds = []
    for number in range(ROUNDS):
        ours = run(crowd_of_taps(SQLiteStore(folder / f"ours-{number}.db"), stories, TAPS))
        alone = run(crowd_of_taps(SQLiteStore(folder / f"alone-{number}.db", 1), stories, TAPS_ALONE))
        rounds.append(Round(ours, alone, len(taps) / write_floor(folder / f"floor-{number}.db", begun, taps)))
    return rounds


async def latencies(folder: Path, stories: Path) -> tuple[float, float]:
    """Median seconds of a single tap: among few sessions, among many."""
    async with AsyncExitStack() as stack:
        crowds = []
        for viewers in (FEW, MANY):
            path = folder / f"{viewers}.db"
            crowds.append(await stack.enter_async_context(Players(SQLiteStore(path), stories).playing()))
            crowds[-1].sessions = fill(path, stories, viewers)
        few, many = await in_turns(SINGLE_TAPS, *crowds)
        return few, many


def measure() -> Result:
    """Everything, in a temporary folder on the disk that temporary folders are on."""
    tune()
    with tempfile.TemporaryDirectory(prefix="cliffhanger-") as name:
        folder = Path(name)
        put_story(folder / "stories")
        rounds = throughput(folder, folder / "stories")
        few, many = run(latencies(folder, folder / "stories"))
    return Result("A tap through the door, durable", _about(), tuple(_rows(rounds, few, many)))


def _rows(rounds: list[Round], few: float, many: float) -> list[Row]:
    over_alone = statistics.median(one.ours / one.alone for one in rounds)
    of_floor = statistics.median(one.ours / one.floor for one in rounds)
    ours, alone, floor = (statistics.median(column) for column in zip(*map(astuple, rounds), strict=True))
    slower = many / few
    return [
        Row("64 taps at once, ours", f"{ours:,.0f} taps/s", "1.00"),
        Row("the same with one commit per tap", f"{alone:,.0f} taps/s", f"ours is {over_alone:.2f} of it",
            f">= {AT_LEAST_PEER:.0f}", over_alone >= AT_LEAST_PEER),
        Row("the floor: the rows alone, bare sqlite3", f"{floor:,.0f} taps/s", f"ours is {of_floor:.2f} of it",
            f">= {AT_LEAST_FLOOR:.2f}", of_floor >= AT_LEAST_FLOOR),
        Row(f"one tap at a time, {FEW:,} sessions", f"median {few * 1000:.2f} ms", "1.00"),
        Row(f"one tap at a time, {MANY:,} sessions", f"median {many * 1000:.2f} ms", f"{slower:.2f}",
            f"<= {AT_MOST_SLOWER}", slower <= AT_MOST_SLOWER),
    ]  # fmt: skip


def _about() -> str:
    return (
        "All of `App.handle` (load, step, and commit event id, session, outbox card, agenda row and facts) on a SQLite "
        f"file with write-ahead log and synchronous=FULL; {VIEWERS} viewers at once, medians of {ROUNDS} rounds. "
        "The floor writes the very same rows, already made, 64 taps to a transaction. "
        f"Below, {SINGLE_TAPS:,} taps one at a time on either file, turn about, each in another session."
    )


if __name__ == "__main__":
    conclude(measure())
