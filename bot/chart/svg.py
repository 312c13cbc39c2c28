"""A picture of a map as SVG: safe whatever the story's titles say."""

from __future__ import annotations

import math
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from bot.chart.arrow import head, shaft, star
from bot.chart.layout import Point
from bot.chart.letters import clean
from bot.chart.look import INK
from bot.chart.shape import Box, Curve, Label, Pane, Picture, Shape, Star, touches

_FONTS = (
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei',"
    " 'Noto Sans CJK SC', sans-serif"
)


def svg_of(picture: Picture) -> str:
    """The picture as the text of an SVG file."""
    size = f'width="{math.ceil(picture.width)}" height="{math.ceil(picture.height)}"'
    box = f'viewBox="0 0 {picture.width:.0f} {picture.height:.0f}"'
    panes = "".join(part for pane in picture.panes for part in _pane(pane))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box} role="img" font-family="{_FONTS}">'
        f'<title>{escape(clean(picture.title))}</title><rect width="100%" height="100%" fill="{INK}"/>{panes}</svg>'
    )


def _pane(pane: Pane) -> Iterator[str]:
    view = f"0 {pane.top:.1f} {pane.width:.1f} {pane.height:.1f}"
    yield (
        f'<svg x="{pane.x:.1f}" y="{pane.y:.1f}" width="{pane.width:.1f}" height="{pane.height:.1f}" viewBox="{view}">'
    )
    for shape in pane.shapes:
        if touches(shape, pane.top, pane.top + pane.height):
            yield from _shape(shape)
    yield "</svg>"


def _shape(shape: Shape) -> Iterator[str]:
    if isinstance(shape, Curve):
        yield from _curve(shape)
    elif isinstance(shape, Box):
        yield _box(shape)
    elif isinstance(shape, Star):
        points = _points(star(shape.x, shape.y, shape.radius))
        yield f'<polygon points="{points}" fill="{shape.fill or "none"}" stroke="{shape.stroke}" stroke-width="1.2"/>'
    else:
        yield _label(shape)


def _curve(curve: Curve) -> Iterator[str]:
    start, *rest = (f"{x:.1f} {y:.1f}" for x, y in shaft(curve))
    dash = f' stroke-dasharray="{3 * curve.width:.1f} {2.5 * curve.width:.1f}"' if curve.dashed else ""
    yield (
        f'<path d="M{start}C{" ".join(rest)}" fill="none" stroke="{curve.colour}" stroke-width="{curve.width}"{dash}/>'
    )
    if curve.arrow:
        yield f'<polygon points="{_points(head(curve))}" fill="{curve.colour}"/>'


def _box(box: Box) -> str:
    place = f'x="{box.x - box.width / 2:.1f}" y="{box.y - box.height / 2:.1f}"'
    size = f'width="{box.width:.1f}" height="{box.height:.1f}" rx="{box.radius:.1f}"'
    stroke = f' stroke="{box.stroke}" stroke-width="{box.line}"' if box.stroke else ""
    dash = ' stroke-dasharray="4 3.5"' if box.dashed else ""
    scene = f" data-scene={quoteattr(box.scene)}" if box.scene else ""
    return f'<rect {place} {size} fill="{box.fill or "none"}"{stroke}{dash}{scene}/>'


def _label(label: Label) -> str:
    weight = ' font-weight="600"' if label.bold else ""
    place = f'x="{label.x:.1f}" y="{label.y + label.size * 0.35:.1f}" text-anchor="{label.anchor}"'
    font = f'font-size="{label.size:g}"{weight} fill={quoteattr(label.colour)}'
    return f"<text {place} {font}>{escape(clean(label.text))}</text>"


def _points(points: tuple[Point, ...]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
