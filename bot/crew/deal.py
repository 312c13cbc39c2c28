"""Dealing: which worker is to have which lane. Every worker deals for itself, and comes to the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from zlib import crc32

from bot.store.lane import LANES


def dealt(workers: Collection[int], me: int) -> frozenset[int]:
    """The lanes of worker `me`: as many as anybody has, give or take one, and nearly all stay where they were when
    somebody comes or goes.
    """
    most = -(-LANES // len(workers))
    loads: Counter[int] = Counter()
    mine = set()
    for lane in range(LANES):
        # Each lane has its own order of preference among the workers (rendezvous hashing).
        ranked = sorted(workers, key=lambda worker: (crc32(f"{lane} {worker}".encode()), worker))
        taker = next(worker for worker in ranked if loads[worker] < most)
        loads[taker] += 1
        if taker == me:
            mine.add(lane)
    return frozenset(mine)
