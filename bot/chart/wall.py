"""A creator's map as a picture: the boards of all episodes on one wall, a title above, what the marks mean below."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.chart.blueprint import Blueprint
from bot.chart.board import Board
from bot.chart.key import entries, heading
from bot.chart.layout import Point
from bot.chart.legend import explained
from bot.chart.look import MARGIN
from bot.chart.panel import Panel, panels_of
from bot.chart.shape import Picture

_GAP = 16.0
_BROAD, _HIGH = 2.3, 0.8
"""Width to height of a wall, at most and at least: other shapes leave much of a screen empty."""
_LEAST = 560.0
_TRIES = 12
"""Widths of the wall that are tried."""
_ROOM = 30_000.0
"""What a scene takes of the picture, about, with its lines and what is left empty."""
_LEAST_STRIP = 1500.0
"""What is no higher is easier to follow in one piece."""
_HEIGHTS = (0.5, 0.7, 1.0, 1.4)
"""Heights of strips that are tried, as parts of the side of a square with room for all scenes."""


@dataclass(frozen=True, slots=True)
class Hung:
    """A board with its upper left corner on the wall."""

    board: Board
    x: float
    y: float

    @property
    def right(self) -> float:
        return self.x + self.board.width

    @property
    def bottom(self) -> float:
        return self.y + self.board.height


def wall_of(blueprint: Blueprint) -> Picture:
    """The picture of a whole story. Runs the layout: not for an event loop's thread."""
    panels = panels_of(blueprint)
    wall = _best(panels)
    across = max((hung.right for hung in wall), default=0.0)
    down = max((hung.bottom + _GAP for hung in wall), default=0.0)
    room = max(_LEAST, across + 2 * MARGIN)
    scenes = [scene for episode in blueprint.episodes for scene in episode.scenes]
    top = heading(blueprint, scenes, room)
    bottom = explained(list(entries(scenes, any(panel.back for panel in panels))), room)
    left, end = (room - across) / 2, top.height + down
    panes = [pane for hung in wall for pane in hung.board.panes(left + hung.x, top.height + hung.y)]
    ends = (top.pane(0, 0, room), bottom.pane(0, end, room))
    return Picture(blueprint.title, room, end + bottom.height, (*panes, *ends))


def _best(panels: Sequence[Panel]) -> list[Hung]:
    """Of walls of several widths, with strips of several heights, the one on which the least is empty."""
    square = math.sqrt(_ROOM * max(1, sum(len(panel.episode.scenes) for panel in panels)))
    heights = sorted({max(_LEAST_STRIP, square * part) for part in _HEIGHTS})
    tries = [_hung(boards, wide) for height in heights for boards, wide in _widths(panels, height)]
    return min(tries, key=_extent, default=[])


def _widths(panels: Sequence[Panel], most: float) -> Iterator[tuple[list[Board], float]]:
    """The boards of the panels with each width of the wall to be tried."""
    boards = [Board.of(panel, most) for panel in panels]
    widest = max((board.width for board in boards), default=0.0)
    together = sum(board.width + _GAP for board in boards)
    yield from ((boards, widest + (together - widest) * (number / _TRIES) ** 2 + 1) for number in range(_TRIES + 1))


def _extent(wall: Sequence[Hung]) -> float:
    """The area that a wall takes of a picture, with what its shape would leave empty on a screen."""
    wide, high = max((hung.right for hung in wall), default=1.0), max((hung.bottom for hung in wall), default=1.0)
    return max(wide, high * _HIGH) * max(high, wide / _BROAD)


def _hung(boards: Iterable[Board], width: float) -> list[Hung]:
    """Each board as high up as it can hang beside and below those before it, and there as far to the left."""
    wall: list[Hung] = []
    line: list[Point] = [(0.0, 0.0)]
    for board in boards:
        spots = [(_top(line, x, x + board.width), x) for x, _ in line if x + board.width <= width]
        y, x = min(spots)
        wall.append(Hung(board, x, y))
        line = _lowered(line, x, x + board.width + _GAP, y + board.height + _GAP)
    return wall


def _top(line: Iterable[Point], left: float, right: float) -> float:
    """Where, between two sides, the wall is free from there down. `line` has its steps: from this side on, at this
    height."""
    steps = [*line, (math.inf, 0.0)]
    return max(y for (x, y), (end, _) in pairwise(steps) if x < right + _GAP and end > left)


def _lowered(line: Sequence[Point], left: float, right: float, y: float) -> list[Point]:
    """The line with a board under it between two sides."""
    behind = next(height for x, height in reversed(line) if x <= right)
    return [
        *(step for step in line if step[0] < left),
        (left, y),
        (right, behind),
        *(one for one in line if one[0] > right),
    ]
