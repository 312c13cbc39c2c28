"""A scene on a creator's map: its id, how many plays came there as heat, and a corner for what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.chart.blueprint import BlueprintScene, Mark, Standing
from bot.chart.heat import ink_on, warmth
from bot.chart.layout import Node
from bot.chart.letters import shortened, width
from bot.chart.look import DARK_GOLD, EDGE, FAINT, GOLD, INK, LIFTED, PAPER, SOFT, TIDE
from bot.chart.shape import Box, Colour, Curve, Label, Shape, Star

WIDTH = 128.0
_TEXT, _LEADING = 13.5, 16.5
_NOTE = 12.5
_PADDING = 8.0
_LINES = 3
_CORNER = 8.0
_HAIR, _FEW = 0.001, 0.1
"""Shares below which there is nothing to tell apart, and one place after the point is told."""
NO_WAY, GREEN, MOSS = "#e26aa5", "#6fc79a", "#1f3a30"
"""Proven impossible; visited, where nothing was counted."""


@dataclass(frozen=True, slots=True)
class Coat:
    """A tile's colours."""

    fill: Colour
    stroke: Colour
    text: Colour
    dashed: bool = False


def coat_of(mark: Mark) -> Coat:
    """How a scene looks by what is known of it."""
    if mark.standing is Standing.IMPOSSIBLE:
        return Coat(INK, NO_WAY, NO_WAY)
    if mark.standing is Standing.UNREACHED:
        return Coat(INK, FAINT, SOFT, dashed=True)
    if mark.share is not None:
        fill = warmth(mark.share)
        return Coat(fill, fill, ink_on(fill))
    return Coat(MOSS, GREEN, PAPER) if mark.standing is Standing.VISITED else Coat(LIFTED, EDGE, PAPER)


@dataclass(frozen=True, slots=True)
class Tile:
    """A scene's tile, not yet placed."""

    scene: BlueprintScene
    lines: tuple[str, ...]

    @staticmethod
    def of(scene: BlueprintScene) -> Tile:
        """The tile of a scene; its id is broken after hyphens."""
        return Tile(scene, tuple(_broken(scene.id)))

    @property
    def node(self) -> Node:
        """What the layout must know of it."""
        note = _LEADING if self._note else 0.0
        star = 2 * _CORNER + 2 if self.scene.ending else 0.0
        return Node(self.scene.id, WIDTH, len(self.lines) * _LEADING + note + star + 2 * _PADDING)

    def shapes(self, x: float, y: float) -> Iterator[Shape]:
        """The tile around a point."""
        node, mark = self.node, self.scene.mark
        coat = coat_of(mark)
        found = self.scene.ending and mark.standing not in (Standing.UNREACHED, Standing.IMPOSSIBLE)
        stroke, line = (GOLD, 2.0) if found else (coat.stroke, 1.4)
        yield Box(x, y, WIDTH, node.height, 9, coat.fill, stroke, line, coat.dashed, self.scene.id)
        top = y - node.height / 2 + _PADDING
        if self.scene.ending:
            gold = DARK_GOLD if coat.text == INK else GOLD
            yield Star(x, top + _CORNER, _CORNER + 1, gold, gold)
            top += 2 * _CORNER + 2
        for words in self.lines:
            yield Label(x, top + _LEADING / 2, words, _TEXT, coat.text, most=WIDTH - _PADDING)
            top += _LEADING
        if self._note:
            yield Label(x, top + _LEADING / 2, self._note, _NOTE, coat.text, bold=True, most=WIDTH - _PADDING)
        yield from self._corners(x + WIDTH / 2 - 3, y - node.height / 2 + 3)

    @property
    def _note(self) -> str:
        mark = self.scene.mark
        if mark.plays is None or mark.share is None or mark.standing is Standing.IMPOSSIBLE:
            return ""
        return f"{mark.plays:,} · {percent(mark.share)}" if mark.plays else "never"

    def _corners(self, x: float, y: float) -> Iterator[Shape]:
        if self.scene.mark.clip_missing:
            yield from clip_missing(x, y)
            x -= 2 * _CORNER + 3
        if self.scene.mark.standing is Standing.IMPOSSIBLE:
            yield from impossible(x, y)


def clip_missing(x: float, y: float) -> Iterator[Shape]:
    """The mark of a scene whose clip is not there: a small frame without a picture."""
    yield Box(x, y, 2 * _CORNER, 2 * _CORNER, _CORNER, TIDE, INK, 1.5)
    yield Box(x, y, 8, 6, 1, INK)


def impossible(x: float, y: float) -> Iterator[Shape]:
    """The mark of a scene that cannot be reached: a cross."""
    yield Box(x, y, 2 * _CORNER, 2 * _CORNER, _CORNER, NO_WAY, INK, 1.5)
    for down in (3.2, -3.2):
        yield Curve(((x - 3.2, y - down), (x - 1, y - down / 3), (x + 1, y + down / 3), (x + 3.2, y + down)), INK, 1.8)


def percent(share: float) -> str:
    """A share in few letters: never 0% of what did occur, and never 100% of what did not always."""
    if 0 < share < _HAIR:
        return "<0.1%"
    if 1 - _HAIR < share < 1:
        return ">99.9%"
    exact = f"{share:.1%}"
    return exact if (share < _FEW or share > 1 - _FEW) and not exact.endswith(".0%") else f"{share:.0%}"


def _broken(id: str) -> list[str]:
    """An id in at most so many lines, each as full as it can be."""
    room = WIDTH - 2 * _PADDING
    lines = [""]
    parts = id.split("-")
    for number, part in enumerate(parts):
        piece = part if number == len(parts) - 1 else f"{part}-"
        if lines[-1] and width(lines[-1] + piece, _TEXT) > room:
            lines.append("")
        lines[-1] += piece
    if len(lines) > _LINES:
        lines = [*lines[: _LINES - 1], "".join(lines[_LINES - 1 :])]
    return [shortened(line, room, _TEXT) for line in lines]
