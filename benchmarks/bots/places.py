"""aiogram's RedisStorage alone: for each tap the state and data of a viewer are read, and written, as in bots/fsm.py.

Runs in the peers' environment: `python -m benchmarks.bots.places <storage> <viewers> <seconds>` prints what it did.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
from itertools import chain

import uvloop
from aiogram.fsm.storage.base import StorageKey
from aiogram.fsm.storage.redis import RedisStorage

from benchmarks.bots.tale import FIRST, SCENES

BOT = 1


async def view(storage: RedisStorage, viewer: int, until: float) -> list[float]:
    """One viewer: taps as soon as the last tap is on the disk. Seconds of each tap."""
    key, waits = StorageKey(bot_id=BOT, chat_id=viewer, user_id=viewer), list[float]()
    await storage.set_state(key, FIRST)
    while (began := time.perf_counter()) < until:
        scene = await storage.get_state(key)
        data = await storage.get_data(key)
        await storage.set_data(key, {"taps": data.get("taps", 0) + 1})
        await storage.set_state(key, SCENES[str(scene)].to)
        waits.append(time.perf_counter() - began)
    return waits


async def measure(storage: RedisStorage, viewers: int, seconds: float) -> dict[str, float]:
    """Everybody taps for so long."""
    began, used = time.perf_counter(), time.process_time()
    played = await asyncio.gather(*(view(storage, one, began + seconds) for one in range(viewers)))
    took, worked = time.perf_counter() - began, time.process_time() - used
    await storage.close()
    waits = list(chain.from_iterable(played))
    return {"taps": len(waits) / took, "cpu": worked / len(waits), "median": statistics.median(waits)}


def main() -> None:
    """Measure and print."""
    url, viewers, seconds = sys.argv[1:]
    print(json.dumps(uvloop.run(measure(RedisStorage.from_url(url), int(viewers), float(seconds)))), flush=True)


if __name__ == "__main__":
    main()
