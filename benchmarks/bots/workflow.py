"""DBOS: a durable workflow for each session, which waits for its next tap and goes on, as its documentation shows.

Runs in the peers' environment: `python -m benchmarks.bots.workflow <database> <viewers> <seconds>` prints what it did.
"""

from __future__ import annotations

import asyncio
import json
import logging
import statistics
import sys
import time
from itertools import chain, count

import uvloop
from dbos import DBOS, DBOSConfig

from benchmarks.bots.tale import FIRST, SCENES

TOPIC = "tap"
PATIENCE = 3_600.0
"""Seconds a workflow waits for a tap: longer than it is measured."""

CONNECTIONS = 20
"""DBOS's own default, said here since it decides much."""


@DBOS.workflow()
async def play() -> None:
    """One session: each scene is told as an event of the workflow, under the number of taps before it."""
    scene = FIRST
    for revision in count():
        await DBOS.set_event_async(str(revision), scene)
        choice = await DBOS.recv_async(TOPIC, PATIENCE)
        if choice not in SCENES[scene].choices:
            return
        scene = SCENES[scene].to


async def view(until: float) -> list[float]:
    """One viewer: taps as soon as the next scene is known to be durable. Seconds of each tap."""
    playing = await DBOS.start_workflow_async(play)
    session, waits = playing.workflow_id, list[float]()
    scene = await DBOS.get_event_async(session, "0")
    for revision in count(1):
        began = time.perf_counter()
        if began > until:
            return waits
        choice = next(iter(SCENES[scene].choices))
        await DBOS.send_async(session, choice, TOPIC, idempotency_key=f"{session}-{revision}")
        scene = await DBOS.get_event_async(session, str(revision))
        waits.append(time.perf_counter() - began)
    raise AssertionError("counting has no end")


async def measure(viewers: int, seconds: float) -> dict[str, float]:
    """Everybody plays for so long, after a second that is not timed."""
    DBOS.launch()
    warm = time.perf_counter() + 1
    await asyncio.gather(*(view(warm) for _ in range(viewers)))
    began, used = time.perf_counter(), time.process_time()
    played = await asyncio.gather(*(view(began + seconds) for _ in range(viewers)))
    took, worked = time.perf_counter() - began, time.process_time() - used
    waits = list(chain.from_iterable(played))
    return {"taps": len(waits) / took, "cpu": worked / len(waits), "median": statistics.median(waits)}


def main() -> None:
    """Measure and print; the workflows that wait end with the process, and would go on with the next."""
    url, viewers, seconds = sys.argv[1:]
    config: DBOSConfig = {
        "name": "tale", "system_database_url": url, "sys_db_pool_size": CONNECTIONS, "log_level": "ERROR",
        "run_admin_server": False,
    }  # fmt: skip
    DBOS(config=config)
    logging.getLogger("dbos").setLevel(logging.ERROR)
    print(json.dumps(uvloop.run(measure(int(viewers), float(seconds)))), flush=True)


if __name__ == "__main__":
    main()
