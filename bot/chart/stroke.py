"""A way on the map as it is drawn: thick and bright where the viewer walked it, dashed where it leads up again."""

from __future__ import annotations

from collections.abc import Iterator

from bot.chart.layout import Line, Node, Point
from bot.chart.look import EMBER, THREAD
from bot.chart.shape import Curve, Shape


def way_shapes(line: Line, walked: bool = False) -> Iterator[Shape]:
    """The line between two scenes."""
    yield Curve(line.points, EMBER if walked else THREAD, 4.0 if walked else 1.6, line.back, arrow=True)


def loop_shapes(spot: Point, node: Node, walked: bool = False) -> Iterator[Shape]:
    """A way back into the same scene: a little bow at the plate's right side."""
    x, y = spot[0] + node.width / 2, spot[1]
    points = ((x - 1, y - 9), (x + 14, y - 14), (x + 14, y + 14), (x, y + 9))
    yield Curve(points, EMBER if walked else THREAD, 2.0, True, arrow=True)
