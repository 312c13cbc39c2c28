"""Where a room parted, as two columns side by side: the choice each took, what it decided, and where they met."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chart.chart import readable
from bot.chart.decision import MARK, RAIL, RIGHT, SEAM, WHOLE, Lane, rail
from bot.chart.letters import broken, shortened
from bot.chart.look import EMBER, GOLD, INK, LIFTED, PAPER, PHONE, SMALL, SOFT, TIDE
from bot.chart.recap_words import ENGLISH_RECAP, Names, RecapWords
from bot.chart.shape import Block, Box, Colour, Curve, Label, Shape, lowered
from bot.watch.recap import Split

_MIDDLE = PHONE / 2 + 8
LEFT_LANE = Lane(RAIL, PHONE / 2 - 6, EMBER)
RIGHT_LANE = Lane(_MIDDLE + 4, RIGHT, TIDE)
_HEAD, _MEET = 46.0, 66.0
_LINE = 17.0

Column = Sequence[Block]
"""One side's decisions and its ending, from the top."""


def opening(split: Split, scene: str, names: Names, words: RecapWords) -> Block:
    """The line that parts, and the choice that each side took."""
    shapes: list[Shape] = [
        _sway(LEFT_LANE.x, 0, RIGHT_LANE.x, _HEAD, TIDE),
        rail(LEFT_LANE.x, -SEAM, _HEAD, EMBER),
        Label(RIGHT, 18, words.split, SMALL, SOFT, True, "end", ENGLISH_RECAP.split, PHONE / 2),
    ]
    plates = [
        _plate(lane, names.choice(scene, choice), readable(choice), _HEAD)
        for lane, choice in ((LEFT_LANE, split.main.choice), (RIGHT_LANE, split.other.choice))
    ]
    tall = max(height for height, _ in plates)
    for lane, (_, plate) in zip((LEFT_LANE, RIGHT_LANE), plates, strict=True):
        shapes += [rail(lane.x, _HEAD - SEAM, _HEAD + tall + SEAM, lane.colour), *plate]
    return Block(_HEAD + tall, tuple(shapes))


def columns(left: Column, right: Column, left_goes_on: bool, right_goes_on: bool) -> Block:
    """Both sides at one height. The rail of a side that goes on runs through, else down to its last mark."""
    heights = [sum(block.height for block in column) for column in (left, right)]
    tall = max(heights)
    shapes: list[Shape] = []
    for lane, column, goes_on in ((LEFT_LANE, left, left_goes_on), (RIGHT_LANE, right, right_goes_on)):
        end = tall + SEAM if goes_on else last_mark(column)
        shapes.append(rail(lane.x, -SEAM, end, lane.colour))
        y = 0.0
        for block in column:
            shapes += [lowered(shape, y) for shape in block.shapes]
            y += block.height
    return Block(tall, tuple(shapes))


def last_mark(column: Column) -> float:
    """How far down the last mark of a column sits: its rail ends there."""
    return sum(block.height for block in column[:-1]) + MARK if column else 0.0


def meeting(met: str, names: Names, words: RecapWords) -> Block:
    """Both lines are one again, at the scene where they met."""
    scene = shortened(names.scene(met), WHOLE.room, SMALL)
    tall = _MEET + _LINE
    shapes: list[Shape] = [
        _sway(RIGHT_LANE.x, -SEAM, LEFT_LANE.x, _MEET - 20, TIDE),
        rail(LEFT_LANE.x, -SEAM, tall + SEAM, EMBER),
        Box(WHOLE.x, _MEET - 18, 15, 15, 7.5, GOLD, INK, 2.0),
        Label(WHOLE.left, _MEET - 18, words.met, SMALL, GOLD, True, "start", ENGLISH_RECAP.met, WHOLE.room),
        Label(WHOLE.left, _MEET - 18 + _LINE, scene, SMALL, PAPER, False, "start", readable(met), WHOLE.room),
    ]
    return Block(tall, tuple(shapes))


def _plate(lane: Lane, text: str, otherwise: str, top: float) -> tuple[float, list[Shape]]:
    """How high a side's choice stands, and its shapes below `top`."""
    lines = broken(text, lane.room - 16, SMALL, 3)
    height = len(lines) * _LINE + 14
    middle = lane.left + lane.room / 2
    shapes: list[Shape] = [Box(middle, top + height / 2, lane.room, height, 9, LIFTED, lane.colour, 1.6)]
    y = top + 7 + _LINE / 2
    for line in lines:
        shapes.append(Label(middle, y, line, SMALL, PAPER, True, otherwise=otherwise, most=lane.room - 8))
        y, otherwise = y + _LINE, " "
    return height + 10, shapes


def _sway(x: float, top: float, to: float, bottom: float, colour: Colour) -> Curve:
    """A line that crosses from rail to rail."""
    half = (top + bottom) / 2
    return Curve(((x, top), (x, half), (to, half), (to, bottom)), colour, 4.0)
