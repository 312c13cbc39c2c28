"""A scene on the map: a plate with its title, a star over an ending, a dashed question mark for what was not seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.chart.chart import ChartScene, readable
from bot.chart.layout import Node
from bot.chart.letters import broken, wide
from bot.chart.look import DARK_GOLD, DOT, EMBER, GOLD, INK, LEADING, LINES, LOOKS, PADDING, PAPER, PLATE, STAR, TEXT
from bot.chart.shape import Box, Label, Shape, Star

_RING = 5.0
"""How far the ring of "you are here" stands off its plate."""


@dataclass(frozen=True, slots=True)
class Plate:
    """A scene's plate, not yet placed."""

    scene: ChartScene
    lines: tuple[str, ...]
    width: float
    height: float
    walked: bool

    @staticmethod
    def of(scene: ChartScene, walked: bool) -> Plate:
        """The plate of a scene; `walked` when the viewer's present path leads through it."""
        if not scene.title:
            return Plate(scene, (), DOT, DOT, walked)
        room = PLATE - 2 * PADDING
        lines = tuple(broken(scene.ending_title or scene.title, room, TEXT, LINES))
        height = len(lines) * LEADING + 2 * PADDING + (2 * STAR + 4 if scene.ending else 0)
        return Plate(scene, lines, PLATE, height, walked)

    @property
    def node(self) -> Node:
        """What the layout must know of it."""
        ring = 2 * _RING if self.scene.here else 0.0
        return Node(self.scene.id, self.width + ring, self.height + ring)

    def shapes(self, x: float, y: float) -> Iterator[Shape]:
        """The plate around a point."""
        scene, look = self.scene, LOOKS[self.scene.tone]
        radius = 10.0 if self.lines else self.height / 2
        stroke = GOLD if scene.ending else EMBER if self.walked else look.stroke
        fill, ink = (PAPER, INK) if scene.here else (look.fill, look.text)
        if scene.here:
            yield Box(x, y, self.width + 2 * _RING, self.height + 2 * _RING, radius + _RING, None, EMBER, 3.0)
        line = 2.0 if self.walked or scene.ending else 1.3
        yield Box(x, y, self.width, self.height, radius, fill, None if scene.here else stroke, line, look.dashed)
        if not self.lines:
            yield Label(x, y, look.mark, TEXT + 4, ink, bold=True)
            return
        top = y - self.height / 2 + PADDING
        if scene.ending:
            gold = DARK_GOLD if scene.here else GOLD
            yield Star(x, top + STAR, STAR + 1, gold, gold)
            top += 2 * STAR + 4
        yield from self._words(x, top, ink)

    def _words(self, x: float, top: float, ink: str) -> Iterator[Shape]:
        room = PLATE - PADDING
        instead = broken(readable(self.scene.id), room, TEXT, len(self.lines))
        instead += [""] * (len(self.lines) - len(instead))
        for index, line in enumerate(self.lines):
            height = top + (index + 0.5) * LEADING
            bold = self.scene.here or (self.walked and not wide(line))
            yield Label(x, height, line, TEXT, ink, bold, otherwise=instead[index] or " ", most=room)
