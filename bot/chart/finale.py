"""How an evening ended: a badge for each ending that was reached, closed cards for those that still wait."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.chart.chart import readable
from bot.chart.decision import Lane
from bot.chart.letters import broken
from bot.chart.look import FAINT, GOLD, HEADING, INK, LIFTED, MARGIN, PAPER, SMALL, SOFT, THREAD
from bot.chart.recap_words import ENGLISH_RECAP, Names, RecapWords
from bot.chart.shape import Block, Box, Label, Shape, Star
from bot.watch.recap import Ending

MOST_CLOSED = 8
"""Closed cards that are drawn; the last of more says how many others there are."""
_ACROSS = 4
_CARD, _GAP = 54.0, 8.0
_LINE, _SMALL_LINE = 20.0, 17.0


def badge(ending: Ending, names: Names, words: RecapWords, lane: Lane) -> Block:
    """The ending at the end of a lane: its title, and how many come to it. The star sits on the lane's rail."""
    room = lane.room - 20
    title = broken(names.ending(ending.scene), room, HEADING, 3)
    share = broken(words.share.format(percent=ending.percent), room, SMALL, 4) if ending.percent else []
    height = 20 + len(title) * _LINE + len(share) * _SMALL_LINE
    y = 8 + height / 2
    shapes: list[Shape] = [Box(lane.left + lane.room / 2, y, lane.room, height, 10, LIFTED, GOLD, 2.0)]
    y = 8 + 10 + _LINE / 2
    shapes.append(Star(lane.x, y, 10, GOLD, GOLD))
    other = readable(ending.scene)
    for line in title:
        shapes.append(Label(lane.left + 10, y, line, HEADING, PAPER, True, "start", other, room))
        y, other = y + _LINE, " "
    y -= (_LINE - _SMALL_LINE) / 2
    other = f"{ending.percent}%"
    for line in share:
        shapes.append(Label(lane.left + 10, y, line, SMALL, SOFT, anchor="start", otherwise=other, most=room))
        y, other = y + _SMALL_LINE, " "
    return Block(height + 22, tuple(shapes))


def closed(endings: Sequence[Ending], words: RecapWords, room: float) -> Block:
    """The endings nobody of this group has seen, without a word about them but how many come to them."""
    text, other = (one.unseen.format(count=len(endings)) for one in (words, ENGLISH_RECAP))
    shapes: list[Shape] = [Box(room / 2, 0.5, room - 2 * MARGIN, 1, 0, LIFTED)]
    shapes.append(Label(MARGIN, 24, text, SMALL, SOFT, anchor="start", otherwise=other, most=room - 2 * MARGIN))
    wide = (room - 2 * MARGIN - (_ACROSS - 1) * _GAP) / _ACROSS
    drawn = endings[:MOST_CLOSED]
    for number, ending in enumerate(drawn):
        x = MARGIN + wide / 2 + number % _ACROSS * (wide + _GAP)
        y = 44 + _CARD / 2 + number // _ACROSS * (_CARD + _GAP)
        others = len(endings) - number if number == MOST_CLOSED - 1 and len(endings) > MOST_CLOSED else 0
        shapes += _card(ending, x, y, wide, others)
    rows = -(-len(drawn) // _ACROSS)
    return Block(44 + rows * (_CARD + _GAP) + 8, tuple(shapes))


def _card(ending: Ending, x: float, y: float, wide: float, others: int) -> Iterator[Shape]:
    yield Box(x, y, wide, _CARD, 9, INK, FAINT if not others else THREAD, 1.3, dashed=True)
    if others:
        yield Label(x, y, f"+{others}", HEADING, SOFT, bold=True)
        return
    yield Label(x, y - 9 if ending.percent else y, "?", HEADING + 2, SOFT, bold=True)
    if ending.percent:
        yield Label(x, y + 13, f"{ending.percent}%", SMALL, SOFT)
