"""A decision as a row of an evening's picture: what was chosen, how the votes lay, and what decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from bot.chart.chart import readable
from bot.chart.letters import broken, shortened, width
from bot.chart.look import EMBER, GOLD, INK, LIFTED, MARGIN, PAPER, PHONE, SMALL, SOFT, TEXT, THREAD
from bot.chart.recap_words import Names, RecapWords
from bot.chart.shape import Block, Box, Colour, Curve, Label, Shape
from bot.watch.course import Decided

RAIL = MARGIN + 7
"""Where the line of the story runs down at the left; texts begin right of it."""
INDENT = 20.0
RIGHT = PHONE - MARGIN
_BAR, _THIN = 9.0, 5.0
_LINE = 18.0
_DOT = 11.0
MARK = 12.0
"""How far down in a row its dot sits, about."""
SEAM = 1.0
"""So much longer than its block a line is that goes on in the next, so that no gap shows."""


class Density(Enum):
    """How much room a decision takes in the one column of those who are together."""

    ROOMY = "roomy"
    """With the runner-up by name."""
    TIGHT = "tight"
    """For long evenings."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A column of the picture: its rail at `x`, its texts up to `right`, and its colour."""

    x: float
    right: float
    colour: Colour

    @property
    def left(self) -> float:
        return self.x + INDENT

    @property
    def room(self) -> float:
        return self.right - self.left


WHOLE = Lane(RAIL, RIGHT, EMBER)


@dataclass(frozen=True, slots=True)
class Row:
    """A decision and what is said of it."""

    decided: Decided
    label: str
    runner_up: str
    remark: str

    @staticmethod
    def of(decided: Decided, names: Names, words: RecapWords, closest: bool) -> Row:
        """The row with its texts in the group's language. `closest`: it was the closest vote of all."""
        remarks = [words.why(decided.why, decided.voters), words.close if closest else ""]
        second = names.choice(decided.scene, decided.runner_up) if decided.runner_up else ""
        label = names.choice(decided.scene, decided.choice)
        return Row(decided, label, second, " · ".join(filter(None, remarks)))

    def block(self, density: Density, rival: Colour = THREAD) -> Block:
        """The row across the whole picture; the runner-up has the colour `rival`."""
        return self._roomy(rival) if density is Density.ROOMY else self._tight(rival)

    def narrow(self, lane: Lane) -> Block:
        """The row in a column of its own, for one side of a room that parted."""
        lines = broken(self.label, lane.room, SMALL, 2)
        shapes: list[Shape] = [*dot(lane, 12)]
        y = 12.0
        for line in lines:
            shapes.append(_text(lane.left, y, line, SMALL, PAPER, lane.room, readable(self.decided.choice)))
            y += _LINE
        share = self._share(lane.right, y, SMALL, lane.colour)
        shapes += [*bar(self.decided, lane, y, _THIN, 46 if share else 0), *share]
        for line in broken(self.remark, lane.room, SMALL, 2) if self.remark else ():
            y += _LINE - 1
            shapes.append(_text(lane.left, y, line, SMALL, SOFT, lane.room))
        return Block(y + 16, tuple(shapes))

    def _roomy(self, rival: Colour) -> Block:
        lane, decided = WHOLE, self.decided
        shapes: list[Shape] = [*dot(lane, 13), *self._share(lane.right, 13, TEXT, lane.colour)]
        shapes.append(self._label(lane.room - 48, 13, TEXT))
        shapes += bar(decided, lane, 30, _BAR, 0, rival)
        if not self.runner_up and not self.remark:
            return Block(48.0, tuple(shapes))
        left = lane.room
        if self.remark:
            shapes.append(Label(lane.right, 47, self.remark, SMALL, GOLD, anchor="end", most=lane.room))
            left -= width(self.remark, SMALL) + 12
        if self.runner_up and left > _LINE * 3:
            share = f"{decided.runner_up_percent}%"
            second = f"{shortened(self.runner_up, left - width(share, SMALL) - 8, SMALL)}  {share}"
            other = f"{readable(decided.runner_up or '')}  {share}"
            shapes.append(_text(lane.left, 47, second, SMALL, SOFT if rival == THREAD else rival, left, other))
        return Block(66.0, tuple(shapes))

    def _tight(self, rival: Colour) -> Block:
        lane = WHOLE
        shapes: list[Shape] = [*dot(lane, 11), *self._share(lane.right, 11, SMALL, lane.colour)]
        share = 44 if self.decided.voters else 0
        left = lane.room - share
        if self.remark:
            shapes.append(Label(lane.right - share, 11, self.remark, SMALL, GOLD, anchor="end", most=left / 2))
            left -= min(width(self.remark, SMALL), left / 2) + 10
        shapes.append(self._label(left, 11, SMALL))
        shapes += bar(self.decided, lane, 23, _THIN, 0, rival)
        return Block(30.0, tuple(shapes))

    def _label(self, room: float, y: float, size: float) -> Label:
        text = shortened(self.label, room, size)
        return Label(WHOLE.left, y, text, size, PAPER, True, "start", readable(self.decided.choice), room)

    def _share(self, right: float, y: float, size: float, colour: Colour) -> list[Shape]:
        """Nothing where nobody voted."""
        if not self.decided.voters:
            return []
        return [Label(right, y, f"{self.decided.percent}%", size, colour, True, "end")]


def dot(lane: Lane, y: float) -> Iterator[Shape]:
    """The mark of a decision on its rail."""
    yield Box(lane.x, y, _DOT, _DOT, _DOT / 2, INK, lane.colour, 3.0)


def rail(x: float, top: float, bottom: float, colour: Colour) -> Curve:
    """A piece of the line down the picture."""
    third = (bottom - top) / 3
    return Curve(((x, top), (x, top + third), (x, bottom - third), (x, bottom)), colour, 4.0)


def bar(decided: Decided, lane: Lane, y: float, thick: float, short: float, rival: Colour = THREAD) -> Iterator[Shape]:
    """The shares of the winner and the runner-up, side by side; the rest is left dark. It ends `short` of the right."""
    whole = lane.room - short
    yield Box(lane.left + whole / 2, y, whole, thick, thick / 2, LIFTED)
    first = whole * decided.percent / 100
    second = whole * decided.runner_up_percent / 100
    gap = 2.0 if first and second else 0.0
    for start, length, colour in ((0.0, first, lane.colour), (first + gap, second - gap, rival)):
        if length > 0:
            yield Box(lane.left + start + length / 2, y, length, thick, min(thick, length) / 2, colour)


def _text(x: float, y: float, text: str, size: float, colour: Colour, most: float, otherwise: str = "") -> Label:
    return Label(x, y, text, size, colour, anchor="start", otherwise=otherwise, most=most)
