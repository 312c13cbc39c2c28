"""Which row of a map each scene stands in: always below the scenes that lead to it, and never too many side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

Pair = tuple[str, str]

GAP = 12.0
"""Between two plates of a row."""
LANE = 11.0
"""What a line takes that passes a row on its way down."""
_PATIENCE = 3
"""So many rows below the scene that leads to it, an end goes before the others."""


def ways_back(scenes: Sequence[str], pairs: Iterable[Pair]) -> set[Pair]:
    """The pairs that close a circle, found by walking down from the first scene on."""
    below = _below(pairs)
    back: set[Pair] = set()
    is_open: dict[str, bool] = {}
    for start in scenes:
        trail = [] if start in is_open else [(start, iter(below[start]))]
        is_open.setdefault(start, True)
        while trail:
            scene, left = trail[-1]
            to = next(left, None)
            if to is None:
                is_open[scene] = False
                trail.pop()
            elif is_open.get(to):
                back.add((scene, to))
            elif to not in is_open:
                is_open[to] = True
                trail.append((to, iter(below[to])))
    return back


def rows_of(scenes: Sequence[str], forward: Sequence[Pair], widths: Mapping[str, float], most: float) -> dict[str, int]:
    """A row per scene, counted from 0. `forward` has no circles; `widths` and `most` are in the drawing's units."""
    row = _depths(scenes, forward)
    at = 0
    while at <= max(row.values(), default=-1):
        over = _overflow(at, row, forward, widths, most)
        if over:
            _push_down(at, over, row, forward)
        at += 1
    return row


def _below(pairs: Iterable[Pair]) -> dict[str, list[str]]:
    below: dict[str, list[str]] = defaultdict(list)
    for start, to in pairs:
        below[start].append(to)
    return below


def _depths(scenes: Sequence[str], forward: Sequence[Pair]) -> dict[str, int]:
    """The longest way down to each scene."""
    below = _below(forward)
    waiting = dict.fromkeys(scenes, 0)
    for _, to in forward:
        waiting[to] += 1
    row = dict.fromkeys(scenes, 0)
    ready = [scene for scene in scenes if not waiting[scene]]
    for scene in ready:
        for to in below[scene]:
            row[to] = max(row[to], row[scene] + 1)
            waiting[to] -= 1
            if not waiting[to]:
                ready.append(to)
    return row


def _overflow(
    at: int, row: Mapping[str, int], forward: Sequence[Pair], widths: Mapping[str, float], most: float
) -> list[str]:
    """The scenes of a row that do not fit beside the others: ends rather than those that lead on, unless they wait."""
    leads_on = {start for start, _ in forward}
    waits = {scene for scene, its in row.items() if its == at}
    waits.difference_update(to for start, to in forward if row[start] > at - _PATIENCE)
    here = [scene for scene, its in row.items() if its == at]
    here.sort(key=lambda scene: (scene not in waits, scene not in leads_on))
    passing = {start for start, to in forward if row[start] < at < row[to]}
    room = most - LANE * len(passing)
    used, kept = 0.0, 0
    for scene in here:
        used += widths[scene] + GAP
        if kept and used - GAP > room:
            break
        kept += 1
    return here[kept:]


def _push_down(at: int, over: Iterable[str], row: dict[str, int], forward: Sequence[Pair]) -> None:
    """Moves scenes to the next row, and what they lead to as far down as it must go."""
    for scene in over:
        row[scene] = at + 1
    below = _below(forward)
    moved = list(over)
    for scene in moved:
        for to in below[scene]:
            if row[to] <= row[scene]:
                row[to] = row[scene] + 1
                moved.append(to)
