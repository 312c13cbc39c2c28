"""A panel on its board: framed, under the episode's name, and in strips side by side where it is long."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from bot.chart.chart import readable
from bot.chart.letters import shortened, width
from bot.chart.look import HEADING, INK, LIFTED, PAPER, RAISED, SMALL, SOFT
from bot.chart.panel import Panel
from bot.chart.shape import Box, Curve, Label, Pane, Shape, shifted, sides, touches

_HEADER, _PADDING = 44.0, 20.0
_EDGE = 9.0
"""Around a panel, so that no mark on a corner is cut off."""
_NAME = 320.0


@dataclass(frozen=True, slots=True)
class Strip:
    """The part of a panel between two heights, as wide as what is in it. Its shapes are those of the panel."""

    top: float
    bottom: float
    left: float
    width: float
    shapes: tuple[Shape, ...]

    @staticmethod
    def of(panel: Panel, top: float, bottom: float) -> Strip:
        """The strip of a panel between two cuts."""
        shapes = tuple(shape for shape in panel.shapes if touches(shape, top, bottom))
        across = [sides(shape, top, bottom) for shape in shapes if _stands(shape, top, bottom)]
        left = min((left for left, _ in across), default=0.0) - _EDGE
        right = max((right for _, right in across), default=0.0) + _EDGE
        return Strip(top, bottom, left, right - left, shapes)

    def pane(self, x: float, y: float) -> Pane:
        """The strip with its upper left corner at a point."""
        height = self.bottom - self.top
        ground = Box(self.width / 2, (self.top + self.bottom) / 2, self.width + 2, height + 2, 0, RAISED)
        shapes = (ground, *(shifted(shape, -self.left) for shape in self.shapes))
        return Pane(x, y, self.width, height, self.top, shapes)


def _stands(shape: Shape, top: float, bottom: float) -> bool:
    """Whether a shape must be seen whole, or a line passes with one of its points."""
    if isinstance(shape, Curve):
        return any(top <= y <= bottom for _, y in shape.points)
    return top <= shape.y <= bottom


@dataclass(frozen=True, slots=True)
class Board:
    """A framed panel; width and height with its frame."""

    panel: Panel
    strips: tuple[Strip, ...]
    width: float
    height: float

    @staticmethod
    def of(panel: Panel, most: float) -> Board:
        """The board of a panel, cut between rows into strips of like height, none much higher than `most`."""
        first, last = -_EDGE, panel.height + _EDGE
        count = max(1, round((last - first) / most))
        wanted = [first + (last - first) * number / count for number in range(1, count)]
        cuts = [min(panel.cuts, key=lambda cut: abs(cut - height)) for height in wanted if panel.cuts]
        strips = tuple(Strip.of(panel, top, bottom) for top, bottom in pairwise(sorted({first, *cuts, last})))
        wide = max(_across(strips), _title_width(panel)) + 2 * (_PADDING - _EDGE)
        high = max(strip.bottom - strip.top for strip in strips) + _HEADER + _PADDING - _EDGE
        return Board(panel, strips, wide, high)

    def panes(self, x: float, y: float) -> Iterator[Pane]:
        """The board with its upper left corner at a point."""
        frame = Box(self.width / 2, self.height / 2, self.width - 2, self.height - 2, 14, RAISED, LIFTED, 1.5)
        yield Pane(x, y, self.width, self.height, 0.0, (frame, *_title(self.panel)))
        left = x + (self.width - _across(self.strips)) / 2
        for strip in self.strips:
            yield strip.pane(left, y + _HEADER)
            left += strip.width + _PADDING


def _across(strips: tuple[Strip, ...]) -> float:
    return sum(strip.width + _PADDING for strip in strips) - _PADDING


def _title_width(panel: Panel) -> float:
    count = str(len(panel.episode.scenes))
    return width(_name(panel), HEADING) * 1.06 + 24 + width(count, SMALL)


def _name(panel: Panel) -> str:
    return shortened(panel.episode.title or readable(panel.episode.id), _NAME, HEADING)


def _title(panel: Panel) -> Iterator[Shape]:
    """The episode's name with the number of its scenes."""
    name, count = _name(panel), str(len(panel.episode.scenes))
    taken = width(name, HEADING) * 1.06
    yield Label(_PADDING, 22, name, HEADING, PAPER, True, "start", readable(panel.episode.id), taken)
    middle = _PADDING + taken + 12 + width(count, SMALL) / 2
    yield Box(middle, 22, width(count, SMALL) + 14, 20, 10, INK)
    yield Label(middle, 22, count, SMALL, SOFT)
