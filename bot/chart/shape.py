"""What a picture of a map is made of, before it is SVG or PNG. Units are a phone's pixels; y grows downwards."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.chart.layout import Point

Colour = str
"""`#rrggbb`"""


@dataclass(frozen=True, slots=True)
class Curve:
    """A line of Bézier curves: its first point and three more for each curve. `arrow` gives it a head."""

    points: tuple[Point, ...]
    colour: Colour
    width: float
    dashed: bool = False
    arrow: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with round corners, by its middle; a circle when `radius` is half its sides. `scene` is the id of the
    scene that it stands for, which an SVG tells whoever looks for it.
    """

    x: float
    y: float
    width: float
    height: float
    radius: float
    fill: Colour | None = None
    stroke: Colour | None = None
    line: float = 1.0
    dashed: bool = False
    scene: str = ""


@dataclass(frozen=True, slots=True)
class Star:
    """A star of five points, by its middle; hollow without `fill`."""

    x: float
    y: float
    radius: float
    fill: Colour | None
    stroke: Colour


@dataclass(frozen=True, slots=True)
class Label:
    """A line of text around the height `y`. `otherwise` stands in where no font on the machine has its letters."""

    x: float
    y: float
    text: str
    size: float
    colour: Colour
    bold: bool = False
    anchor: str = "middle"
    """`start`, `middle` or `end`: what of the text is at `x`."""
    otherwise: str = ""
    most: float = 1000.0
    """Wider than this it must not become."""


Shape = Curve | Box | Star | Label

_ROOM = 12.0
"""Around a shape, for thick lines and arrows' heads."""


def touches(shape: Shape, top: float, bottom: float) -> bool:
    """Whether anything of a shape may be seen between two heights."""
    if isinstance(shape, Curve):
        heights = [y for _, y in shape.points]
        return max(heights) + _ROOM >= top and min(heights) - _ROOM <= bottom
    reach = shape.radius if isinstance(shape, Star) else shape.height if isinstance(shape, Box) else shape.size
    return shape.y + reach + _ROOM >= top and shape.y - reach - _ROOM <= bottom


def sides(shape: Shape, top: float, bottom: float) -> tuple[float, float]:
    """How far to the left and to the right a shape goes between two heights; of lines, their points are looked at."""
    if isinstance(shape, Curve):
        across = [x for x, y in shape.points if top <= y <= bottom] or [shape.points[0][0]]
        return min(across), max(across)
    reach = shape.width / 2 if isinstance(shape, Box) else shape.radius if isinstance(shape, Star) else 0.0
    return shape.x - reach, shape.x + reach


@dataclass(frozen=True, slots=True)
class Pane:
    """A window of the picture at `x`, `y` through which a part of some shapes is seen, from their height `top` on."""

    x: float
    y: float
    width: float
    height: float
    top: float
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A whole drawing. `title` is for those who cannot see it."""

    title: str
    width: float
    height: float
    panes: tuple[Pane, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a column, `height` high: its shapes from their height `top` on, moved `x` to the right."""

    height: float
    shapes: tuple[Shape, ...]
    top: float = 0.0
    x: float = 0.0

    def pane(self, x: float, y: float, width: float) -> Pane:
        """The block as it stands in the picture."""
        shapes = self.shapes if not self.x else tuple(shifted(shape, self.x) for shape in self.shapes)
        return Pane(x, y, width, self.height, self.top, shapes)


def shifted(shape: Shape, x: float) -> Shape:
    """The shape so much further to the right."""
    if isinstance(shape, Curve):
        return replace(shape, points=tuple((one + x, two) for one, two in shape.points))
    return replace(shape, x=shape.x + x)


def lowered(shape: Shape, y: float) -> Shape:
    """The shape so much further down."""
    if isinstance(shape, Curve):
        return replace(shape, points=tuple((one, two + y) for one, two in shape.points))
    return replace(shape, y=shape.y + y)
