"""A creator's map as a picture: the panels of all episodes hung in rows, a title above them, what marks mean below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.chart.blueprint import Blueprint
from bot.chart.key import entries, heading
from bot.chart.legend import explained
from bot.chart.look import MARGIN
from bot.chart.panel import Panel, panels_of
from bot.chart.shape import Pane, Picture

_GAP = 18.0
_RATIO = 1.45
"""Width to height of the whole, about: a screen."""
_LEAST = 560.0
Row = list[Panel]


def wall_of(blueprint: Blueprint) -> Picture:
    """The picture of a whole story. Runs the layout: not for an event loop's thread."""
    panels = panels_of(blueprint)
    rows = _best(panels)
    room = max(_LEAST, _across(rows) + 2 * MARGIN)
    scenes = [scene for episode in blueprint.episodes for scene in episode.scenes]
    top = heading(blueprint, scenes, room)
    bottom = explained(list(entries(scenes, any(panel.back for panel in panels))), room)
    panes = [top.pane(0, 0, room), *_hung(rows, top.height)]
    height = top.height + _down(rows)
    return Picture(blueprint.title, room, height + bottom.height, (*panes, bottom.pane(0, height, room)))


def _best(panels: Sequence[Panel]) -> list[Row]:
    """The rows in which the whole comes nearest to its shape; panels stay in order."""
    tries = [_rows(panels, sum(panel.width + _GAP for panel in panels[:count])) for count in range(1, len(panels) + 1)]
    return min(tries, key=lambda rows: max(_across(rows) / _RATIO, _down(rows)), default=[])


def _rows(panels: Iterable[Panel], most: float) -> list[Row]:
    rows: list[Row] = [[]]
    for panel in panels:
        if rows[-1] and sum(one.width + _GAP for one in rows[-1]) + panel.width > most:
            rows.append([])
        rows[-1].append(panel)
    return rows


def _across(rows: Iterable[Row]) -> float:
    return max((sum(panel.width + _GAP for panel in row) - _GAP for row in rows), default=0.0)


def _down(rows: Iterable[Row]) -> float:
    return sum(max(panel.height for panel in row) + _GAP for row in rows)


def _hung(rows: Iterable[Row], y: float) -> Iterator[Pane]:
    for row in rows:
        x = MARGIN
        for panel in row:
            yield Pane(x, y, panel.width, panel.height, 0.0, panel.shapes)
            x += panel.width + _GAP
        y += max(panel.height for panel in row) + _GAP
