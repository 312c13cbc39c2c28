"""The outlines that both SVG and PNG need: an arrow's head and a star."""

from __future__ import annotations

import math

from bot.chart.layout import Point
from bot.chart.shape import Curve

_POINTS = 5
_WAIST = 0.42


def shaft(curve: Curve) -> tuple[Point, ...]:
    """The line without the length of its head, so that the tip stays sharp."""
    if not curve.arrow:
        return curve.points
    tip, left, right = head(curve)
    x, y = ((left[0] + right[0]) / 2 - tip[0]) * 0.8, ((left[1] + right[1]) / 2 - tip[1]) * 0.8
    (near_x, near_y), (end_x, end_y) = curve.points[-2:]
    return *curve.points[:-2], (near_x + x, near_y + y), (end_x + x, end_y + y)


def head(curve: Curve) -> tuple[Point, ...]:
    """The head at the end of a line."""
    x, y = curve.points[-1]
    back = next(((one, two) for one, two in curve.points[-2::-1] if math.hypot(x - one, y - two) > 0.5), (x, y - 1))
    angle = math.atan2(y - back[1], x - back[0])
    length, half = 5.0 + 1.3 * curve.width, 2.6 + 0.9 * curve.width
    foot = (x - length * math.cos(angle), y - length * math.sin(angle))
    side = (half * math.sin(angle), -half * math.cos(angle))
    return (x, y), (foot[0] + side[0], foot[1] + side[1]), (foot[0] - side[0], foot[1] - side[1])


def star(x: float, y: float, radius: float) -> tuple[Point, ...]:
    """A star of five points standing upright."""
    corners = []
    for corner in range(2 * _POINTS):
        angle = math.pi * corner / _POINTS - math.pi / 2
        reach = radius * (_WAIST if corner % 2 else 1.0)
        corners.append((x + reach * math.cos(angle), y + reach * math.sin(angle)))
    return tuple(corners)
