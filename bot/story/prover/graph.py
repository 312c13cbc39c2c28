"""States and the turns between them: shortest ways, ways out, and how long a play can be."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple


class Arc(NamedTuple):
    """A turn to another state, by its number."""

    to: int
    seconds: float


Arcs = Sequence[Sequence[Arc]]
"""Of each state, by its number."""


def leading_to(arcs: Arcs, goals: Iterable[int]) -> set[int]:
    """The states from which a goal can be reached, goals included."""
    back: list[list[int]] = [[] for _ in arcs]
    for number, ways in enumerate(arcs):
        for arc in ways:
            back[arc.to].append(number)
    reached = set(goals)
    frontier = list(reached)
    while frontier:
        fresh = [number for number in back[frontier.pop()] if number not in reached]
        reached.update(fresh)
        frontier += fresh
    return reached


def distances(arcs: Arcs, starts: Iterable[tuple[int, float]], *, timed: bool) -> dict[int, float]:
    """How far each state is at least: in seconds when `timed`, else in turns."""
    heap = [(far, number) for number, far in starts]
    heapq.heapify(heap)
    settled: dict[int, float] = {}
    while heap:
        far, number = heapq.heappop(heap)
        if number not in settled:
            settled[number] = far
            for arc in arcs[number]:
                heapq.heappush(heap, (far + (arc.seconds if timed else 1), arc.to))
    return settled


def longest(arcs: Arcs, starts: Iterable[int], within: set[int]) -> int | None:
    """Turns of the longest walk that stays within these states; None where it can go in circles."""
    near = distances(
        [[arc for arc in ways if arc.to in within] for ways in arcs], [(n, 0) for n in starts], timed=False
    )
    ways_on = {number: {arc.to for arc in arcs[number] if arc.to in within} for number in near if number in within}
    try:
        order = list(TopologicalSorter(ways_on).static_order())
    except CycleError:
        return None
    most: dict[int, int] = {}
    for number in order:
        most[number] = max((most[to] + 1 for to in ways_on[number]), default=0)
    return max((most[number] for number in starts if number in most), default=0)
