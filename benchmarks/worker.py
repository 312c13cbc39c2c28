"""Workers on one PostgreSQL, each a process of its own: `App` in a crew, driven by viewers of its own."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from threading import Barrier

import uvloop

from benchmarks.players import PLATFORM, Players
from benchmarks.start import cpu_seconds
from bot.crew import Clock, Crew, Lanes
from bot.interpreter import tune
from bot.store.postgres import PostgresStore

PATIENCE = 60.0
"""Seconds in which every worker must be ready."""

RAMP = 0.5
"""Seconds of taps before the clock starts: statements are prepared, and every line is connected."""


@dataclass(frozen=True, slots=True)
class Shift:
    """What workers did together. `cpu` is a tap's in their processes, `server` in PostgreSQL's: seconds both."""

    taps: float
    """A second."""
    cpu: float
    server: float


@dataclass(frozen=True, slots=True)
class Part:
    """What one of them did until its last tap was answered: its own CPU seconds, and the server's, for all of them."""

    taps: int
    seconds: float
    cpu: float
    server: float


def work_together(workers: int, url: str, stories: Path, viewers: int, seconds: float, postmaster: int) -> Shift:
    """So many workers, each with so many viewers, begin at once and tap for so long."""
    spawning = get_context("spawn")
    with spawning.Manager() as manager, ProcessPoolExecutor(workers, mp_context=spawning) as pool:
        ready = manager.Barrier(workers)
        begun = [
            pool.submit(_work, ready, url, stories, f"{workers}-{number}-", viewers, seconds, postmaster)
            for number in range(workers)
        ]
        parts = [one.result() for one in begun]
    taps = sum(part.taps for part in parts)
    took = max(part.seconds for part in parts)
    return Shift(taps / took, sum(part.cpu for part in parts) / taps, parts[0].server / taps)


def _work(
    ready: Barrier, url: str, stories: Path, name: str, viewers: int, seconds: float, postmaster: int
) -> Part:  # fmt: skip
    return uvloop.run(_tap(ready, url, stories, name, viewers, seconds, postmaster))


@asynccontextmanager
async def manned(url: str, stories: Path, name: str) -> AsyncIterator[tuple[Players, Lanes]]:
    """A worker as run_bot.py makes one for a seat: with its beat, its ear, and its share of a platform's lanes."""
    store = PostgresStore(url)
    crew = Crew(store, Clock())
    async with (
        Players(store, stories, name, crew).playing() as players,
        crew.running(),
        crew.sharing(PLATFORM) as lanes,
    ):
        yield players, lanes


async def _tap(
    ready: Barrier, url: str, stories: Path, name: str, viewers: int, seconds: float, postmaster: int
) -> Part:  # fmt: skip
    async with manned(url, stories, name) as (players, _):
        await players.begin(viewers)
        await players.tap_until(time.perf_counter() + RAMP)
        tune()
        await asyncio.to_thread(ready.wait, PATIENCE)
        before, used, server = sum(players.revisions.values()), time.process_time(), server_seconds(postmaster)
        began = time.perf_counter()
        await players.tap_until(began + seconds)
        took, worked, served = (
            time.perf_counter() - began, time.process_time() - used, server_seconds(postmaster) - server
        )  # fmt: skip
        return Part(sum(players.revisions.values()) - before, took, worked, served)


def server_seconds(postmaster: int) -> float:
    """CPU time that a PostgreSQL has used so far in all its processes: those that run, and those that have ended,
    which the first one has counted (fields 16 and 17 of /proc/<pid>/stat).
    """
    fields = Path(f"/proc/{postmaster}/stat").read_text().rpartition(")")[2].split()
    ended = (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")
    running = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    try:
        return ended + sum(cpu_seconds(process) for process in (postmaster, *map(int, running)))
    except (FileNotFoundError, ProcessLookupError):
        return server_seconds(postmaster)  # one of them has ended just now, and is counted with those
