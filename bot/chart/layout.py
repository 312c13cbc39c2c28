"""Where the scenes of a map stand and how the lines between them run: rows from the top, laid out by Graphviz."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import structlog

from bot.chart.rows import GAP, Pair, rows_of, ways_back

LAYOUT_SECONDS = 3.0
"""After that long a plain layout of our own has to do. 250 scenes take a tenth of a second."""

_PROGRAM = Path(__file__).with_name("dot.py")
_INCH = 72.0
"""Graphviz counts in inches; a unit of the drawing is a point."""
_BETWEEN_ROWS = 30.0
_PARTS = (0.72, 0.48)
"""Of the width, for the plates, when all of it was too much: lines that bend around them need room too."""
_TOLERANCE = 1.06
_MOST_RETRIED = 80
"""Nodes; in fewer, longer rows a larger graph gets no narrower, only slow."""
_EFFORT = 2.0
"""Of Graphviz' optimisers; more makes hostile graphs slow and others no better."""

Point = tuple[float, float]
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Node:
    """Something to place, with its size in the drawing's units."""

    id: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Graph:
    """What is laid out in one piece. `walked` are the pairs that should run straight."""

    nodes: tuple[Node, ...]
    pairs: tuple[Pair, ...]
    walked: frozenset[Pair] = frozenset()


@dataclass(frozen=True, slots=True)
class Line:
    """A line as Bézier curves: its first point and three more for each curve. `back` ones lead up again."""

    start: str
    to: str
    points: tuple[Point, ...]
    back: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """Centres of the nodes and the lines, y downwards from 0."""

    width: float
    height: float
    spots: Mapping[str, Point]
    lines: tuple[Line, ...]


def layouts(graphs: Sequence[Graph], most: float, seconds: float | None = None) -> list[Layout]:
    """One layout per graph, no wider than `most` where that can be. Runs Graphviz in a process of its own, for so many
    seconds, or `LAYOUT_SECONDS`."""
    patience = LAYOUT_SECONDS if seconds is None else seconds
    plans = [_Plan.of(graph, most) for graph in graphs]
    found = _drawn(plans, patience)
    if found is None:
        return [_plain(plan) for plan in plans]
    wide = [index for index, layout in enumerate(found) if _may_be_narrower(layout, most)]
    narrower = [_Plan.of(graphs[index], most * part) for index in wide for part in _PARTS]
    for number, layout in enumerate((narrower and _drawn(narrower, patience)) or []):
        index = wide[number // len(_PARTS)]
        if most * _TOLERANCE < found[index].width > layout.width:
            found[index] = layout
    return found


def _may_be_narrower(layout: Layout, most: float) -> bool:
    return layout.width > most * _TOLERANCE and len(layout.spots) <= _MOST_RETRIED


def _drawn(plans: Sequence[_Plan], seconds: float) -> list[Layout] | None:
    """Graphviz' layouts; None, and a word in the log, when it is missing, fails or takes too long."""
    try:
        drawn = _run([_dot_text(plan) for plan in plans], seconds)
        return [_read(plan, text) for plan, text in zip(plans, drawn, strict=True)]
    except (OSError, subprocess.SubprocessError, ValueError, KeyError, IndexError) as error:
        _log.warning("map_laid_out_plainly", reason=f"Graphviz could not: {type(error).__name__}")
        return None


@dataclass(frozen=True, slots=True)
class _Plan:
    """A graph with its rows decided. `down` has each pair as drawn, from the upper to the lower row, and the way."""

    graph: Graph
    rows: Mapping[str, int]
    down: tuple[tuple[Pair, Pair], ...]

    @staticmethod
    def of(graph: Graph, most: float) -> _Plan:
        scenes = [node.id for node in graph.nodes]
        pairs = [pair for pair in graph.pairs if pair[0] != pair[1]]
        back = ways_back(scenes, pairs)
        forward = [pair for pair in pairs if pair not in back]
        rows = rows_of(scenes, forward, {node.id: node.width for node in graph.nodes}, most)
        down = [(pair[::-1] if rows[pair[1]] < rows[pair[0]] else pair, pair) for pair in pairs]
        return _Plan(graph, rows, tuple(down))


def _run(texts: list[str], seconds: float) -> list[str]:
    done = subprocess.run(  # noqa: S603 - our own program, and only numbers from the story
        [sys.executable, "-I", str(_PROGRAM)],
        input=json.dumps(texts).encode(),
        capture_output=True,
        timeout=seconds,
        check=True,
    )
    drawn: list[str] = json.loads(done.stdout)
    return drawn


def _dot_text(plan: _Plan) -> str:
    """The graph in the DOT language, nodes by number: nothing that an author wrote gets there."""
    number = {node.id: index for index, node in enumerate(plan.graph.nodes)}
    text = [
        f"digraph {{ nodesep={GAP / _INCH:.4f}; ranksep={_BETWEEN_ROWS / _INCH:.4f};"
        f" nslimit={_EFFORT}; nslimit1={_EFFORT}; mclimit={_EFFORT}; searchsize=30;"
        ' node [shape=box, fixedsize=true, label=""]; edge [arrowhead=none];'
    ]
    text += [
        f"{number[node.id]} [width={node.width / _INCH:.4f}, height={node.height / _INCH:.4f}];"
        for node in plan.graph.nodes
    ]
    for (upper, lower), way in plan.down:
        length = plan.rows[lower] - plan.rows[upper]
        weight = 4 if way in plan.graph.walked else 1
        text.append(f"{number[upper]} -> {number[lower]} [minlen={length}, weight={weight}];")
    text += _same_rows(plan, number)
    return "".join([*text, "}"])


def _same_rows(plan: _Plan, number: Mapping[str, int]) -> list[str]:
    members: dict[int, list[str]] = defaultdict(list)
    for scene, row in plan.rows.items():
        members[row].append(scene)
    rows = [f"{{rank=same; {'; '.join(str(number[scene]) for scene in row)};}}" for row in members.values()]
    first = [members[row][0] for row in sorted(members)]
    links = [f"{number[one]} -> {number[two]} [style=invis, weight=0];" for one, two in pairwise(first)]
    return rows + links


def _read(plan: _Plan, text: str) -> Layout:
    """Graphviz' "plain" output: graph, node and edge lines of words; y upwards, in inches."""
    scenes = [node.id for node in plan.graph.nodes]
    size: Point = (0.0, 0.0)
    spots: dict[str, Point] = {}
    lines: dict[Pair, list[tuple[Point, ...]]] = defaultdict(list)
    for words in (line.split() for line in text.splitlines()):
        if words[0] == "graph":
            size = (float(words[2]) * _INCH, float(words[3]) * _INCH)
        elif words[0] == "node":
            spots[scenes[int(words[1])]] = _point(words[2], words[3], size)
        elif words[0] == "edge":
            pair = (scenes[int(words[1])], scenes[int(words[2])])
            ends = 4 + 2 * int(words[3])
            points = tuple(_point(x, y, size) for x, y in zip(words[4:ends:2], words[5:ends:2], strict=True))
            lines[pair].append(points)
    return Layout(*size, spots, tuple(_line(pair, way, lines[pair].pop()) for pair, way in plan.down))


def _point(x: str, y: str, size: Point) -> Point:
    return float(x) * _INCH, size[1] - float(y) * _INCH


def _line(pair: Pair, way: Pair, points: tuple[Point, ...]) -> Line:
    back = pair != way
    return Line(*way, points[::-1] if back else points, back)


def _plain(plan: _Plan) -> Layout:
    """Rows one below the other, each in the story's order, and straight lines: legible, not beautiful."""
    members: dict[int, list[Node]] = defaultdict(list)
    for node in plan.graph.nodes:
        members[plan.rows[node.id]].append(node)
    widths = {row: sum(node.width + GAP for node in nodes) - GAP for row, nodes in members.items()}
    width, y = max(widths.values(), default=0.0), 0.0
    spots: dict[str, Point] = {}
    for row in sorted(members):
        x, height = (width - widths[row]) / 2, max(node.height for node in members[row])
        for node in members[row]:
            spots[node.id] = (x + node.width / 2, y + height / 2)
            x += node.width + GAP
        y += height + _BETWEEN_ROWS
    sizes = {node.id: node.height for node in plan.graph.nodes}
    lines = tuple(_line(pair, way, _straight(pair, spots, sizes)) for pair, way in plan.down)
    return Layout(width, max(y - _BETWEEN_ROWS, 0.0), spots, lines)


def _straight(pair: Pair, spots: Mapping[str, Point], heights: Mapping[str, float]) -> tuple[Point, ...]:
    (x, y), (to_x, to_y) = (spots[scene] for scene in pair)
    y, to_y = y + heights[pair[0]] / 2, to_y - heights[pair[1]] / 2
    return (x, y), (x, (y + to_y) / 2), (to_x, (y + to_y) / 2), (to_x, to_y)
