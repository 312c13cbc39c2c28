"""A vote on Discord until its acknowledgement: ours, and the peers that such a bot would otherwise be.

100 rooms with 20 voters each, begun by /watch, on the project's own Discord over a real gateway and real HTTP. Every
voter presses again when told that the last press counts, each time for the other choice, so every press has to be
written; who is not answered within Discord's 3 s presses again. In all bots a vote is committed (SQLite, write-ahead
log, synchronous=FULL) before it is answered with an ephemeral message, and a room's card is edited once in 3 s at most.

- Ours is put together as run_bot.py does it: rooms with their rules, signed buttons, votes that survive a redelivery.
- discord.py alone, of the same version and with the same options that spare memory, on uvloop as ours: a persistent
  view for each room, as its documentation shows them, and once more one `DynamicItem` for all. Votes go through
  aiosqlite on one connection, where commits of handlers that run at once fall together. The better one counts.
- The floor: a WebSocket and POSTs on bare aiohttp, all votes that wait in one transaction.

The server has one core, together with the voters; the bot has the other one. The bots take turns, each figure is of the
round with most votes a second. After the load, all 2,000 press at once. Then the bot is ended and its file read: `lost`
are votes that were acknowledged and are not there, or not as acknowledged; `doubled` are those that are there twice.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import uvloop

from benchmarks.contest import CORES, Contender
from benchmarks.electorate import Electorate
from benchmarks.poll import OURS, Poll, choice_of, idle, polled
from benchmarks.result import Result, Row, conclude
from benchmarks.start import cpu_seconds

ROOMS = 100
VOTERS = 20
WARM = 1.0
SECONDS = 3.0
ROUNDS = 3
LOOK = 0.2

VIEW = Contender("discord.py, a persistent View for each room", "views")
DYNAMIC = Contender("discord.py, a DynamicItem for all", "views", ("dynamic",))
FLOOR = Contender("the floor: bare aiohttp, grouped commits", "bare")
PEERS = (VIEW, DYNAMIC)
CONTENDERS = (OURS, *PEERS, FLOOR)
TARGET = 3.0


@dataclass(frozen=True, slots=True)
class Load:
    """What a while of it measured. Seconds; `busy` is the share of its core that the server used."""

    rate: float
    p50: float
    p99: float
    cpu: float
    """CPU seconds of a vote in the bot."""
    server: float
    """The same in the server and its voters."""
    busy: float
    edits: int


@dataclass(frozen=True, slots=True)
class Turnout:
    """One run of one bot."""

    load: Load
    burst: float
    """Seconds until all of 2,000 at once were answered, and the 99th percentile of their waits."""
    burst_p99: float
    votes: int
    failed: int
    """Presses that were not answered in time."""
    deferred: int
    lost: int
    doubled: int
    violations: int


async def vote(contender: Contender, folder: Path) -> Turnout:
    """One run."""
    async with polled(contender, folder) as poll:
        crowds = await poll.rooms(ROOMS, VOTERS)
        load = await _load(poll, crowds)
        for crowd in crowds:
            crowd.end()
        await idle(crowds)
        burst, waits = await _burst(crowds)
        await poll.stop()
        lost, doubled = missed(poll, crowds)
        return Turnout(
            load, burst, percentile(waits, 99), sum(len(crowd.counted) for crowd in crowds),
            sum(crowd.failed for crowd in crowds), sum(crowd.deferred for crowd in crowds), lost, doubled,
            len(poll.server.violations) + sum(len(crowd.others) for crowd in crowds),
        )  # fmt: skip


async def _load(poll: Poll, crowds: Sequence[Electorate]) -> Load:
    """Everybody presses, and again, for so long."""
    for crowd in crowds:
        crowd.begin()
    await _wait(WARM, crowds)
    for crowd in crowds:
        crowd.waits = []
    began, edits, served, worked = time.perf_counter(), poll.edits(), time.process_time(), cpu_seconds(poll.process)
    await _wait(SECONDS, crowds)
    took, served = time.perf_counter() - began, time.process_time() - served
    worked = cpu_seconds(poll.process) - worked
    waits = [wait for crowd in crowds for wait in crowd.waits]
    if not waits:
        raise RuntimeError("not one vote was counted")
    votes = len(waits)
    return Load(
        votes / took, percentile(waits, 50), percentile(waits, 99), worked / votes, served / votes, served / took,
        poll.edits() - edits,
    )  # fmt: skip


async def _wait(seconds: float, crowds: Sequence[Electorate]) -> None:
    ends = time.perf_counter() + seconds
    while time.perf_counter() < ends:
        await asyncio.sleep(LOOK)
        for crowd in crowds:
            crowd.lose_patience()


async def _burst(crowds: Sequence[Electorate]) -> tuple[float, list[float]]:
    """All at once: seconds until the last answer, and the waits."""
    for crowd in crowds:
        crowd.waits = []
    began = time.perf_counter()
    for crowd in crowds:
        crowd.once()
    await idle(crowds)
    return time.perf_counter() - began, [wait for crowd in crowds for wait in crowd.waits]


def missed(poll: Poll, crowds: Sequence[Electorate]) -> tuple[int, int]:
    """(votes that were acknowledged and are not in the file as acknowledged, votes that are there twice)."""
    kept = poll.kept()
    wished = {voter: choice_of(which) for crowd in crowds for voter, which in crowd.wishes.items()}
    counted = sum(len(crowd.counted) for crowd in crowds)
    failed = sum(crowd.failed for crowd in crowds)
    lost = max(0, counted - kept.presses) + sum(kept.voted.get(voter) != choice for voter, choice in wished.items())
    return lost, kept.doubled + max(0, kept.presses - counted - failed)


def percentile(waits: Sequence[float], percent: int) -> float:
    """In seconds; 0 where there are none."""
    return sorted(waits)[len(waits) * percent // 100] if waits else 0.0


def measure() -> Result:
    """Everything, in a temporary folder on the disk that temporary folders are on."""
    with tempfile.TemporaryDirectory(prefix="cliffhanger-") as name:
        return uvloop.run(_measure(Path(name)))


async def _measure(folder: Path) -> Result:
    runs: dict[Contender, list[Turnout]] = {contender: [] for contender in CONTENDERS}
    os.sched_setaffinity(0, CORES[:1])
    try:
        for number in range(ROUNDS):
            for contender, done in runs.items():
                done.append(await vote(contender, folder / f"{number}-{CONTENDERS.index(contender)}"))
    finally:
        os.sched_setaffinity(0, CORES)
    best = {contender: max(done, key=lambda turnout: turnout.load.rate) for contender, done in runs.items()}
    server = best[FLOOR].load
    return Result("A vote on Discord", _about(), (
        *_rates(best),
        Row("the server's ceiling: one core, by its CPU time for a vote", f"{1 / server.server:,.0f} votes/s",
            f"{server.busy:.0%} of the core used with the floor, {best[OURS].load.busy:.0%} with ours"),
        *(_waits(contender, turnout) for contender, turnout in best.items()),
        *(_bursts(contender, turnout) for contender, turnout in best.items()),
        _kept(runs[OURS]),
    ))  # fmt: skip


def _rates(best: Mapping[Contender, Turnout]) -> list[Row]:
    ours = best[OURS].load.rate
    rows = [Row(OURS.name, f"{ours:,.0f} votes/s", "1.00")]
    better = max(PEERS, key=lambda peer: best[peer].load.rate)
    for peer in (*PEERS, FLOOR):
        rate = best[peer].load.rate
        said = f"ours is {ours / rate:.2f} of it"
        target = (f">= {TARGET:g}", ours / rate >= TARGET) if peer is better else ("", None)
        rows.append(Row(peer.name, f"{rate:,.0f} votes/s", said, *target))
    return rows


def _waits(contender: Contender, turnout: Turnout) -> Row:
    load = turnout.load
    return Row(
        f"press to acknowledgement, CPU, edits: {contender.name}",
        f"p50 {load.p50 * 1000:.0f} ms, p99 {load.p99 * 1000:.0f} ms; {load.cpu * 1000:.2f} CPU seconds per 1,000 "
        f"votes; {load.edits} edits in {SECONDS:g} s",
    )


def _bursts(contender: Contender, turnout: Turnout) -> Row:
    return Row(
        f"{ROOMS * VOTERS:,} presses at once: {contender.name}",
        f"answered in {turnout.burst:.2f} s, p99 {turnout.burst_p99 * 1000:.0f} ms; in the whole run "
        f"{turnout.failed} of {turnout.votes + turnout.failed} not answered within 3 s, "
        f"{turnout.deferred} deferred first",
    )


def _kept(runs: Sequence[Turnout]) -> Row:
    votes, lost = sum(run.votes for run in runs), sum(run.lost for run in runs)
    doubled, wrong = sum(run.doubled for run in runs), sum(run.violations for run in runs)
    said = f"{lost} lost, {doubled} doubled of {votes:,} acknowledged; {wrong} wrong calls or answers"
    return Row("the file counted again: ours", said, "", "none of all", not (lost or doubled or wrong))


def _about() -> str:
    return (
        f"{ROOMS} rooms with {VOTERS} voters each, who press again, for the other choice, when they are answered, on "
        f"the project's own Discord over a real gateway and real HTTP; best of {ROUNDS} rounds of {SECONDS:g} s. Every "
        "vote is committed before it is answered. The target is for the better one of the two bots on discord.py. "
        "Waits are those of a crowd that never pauses."
    )


if __name__ == "__main__":
    conclude(measure())
