"""What stands around a map: the story's title and its endings above, what the marks mean below."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.chart.chart import Chart, readable
from bot.chart.letters import broken, width
from bot.chart.look import (
    EDGE,
    EMBER,
    ENGLISH,
    FAINT,
    GOLD,
    INK,
    LIFTED,
    MARGIN,
    PAPER,
    SMALL,
    SOFT,
    THREAD,
    TITLE,
    Words,
)
from bot.chart.shape import Block, Box, Curve, Label, Shape, Star

_MOST_STARS = 12
_ICON = 30.0
_ROW = 27.0


@dataclass(frozen=True, slots=True)
class Entry:
    """A mark, drawn around a point, and what it means."""

    icon: Callable[[float, float], Iterator[Shape]]
    text: str
    otherwise: str = ""


def heading(chart: Chart, words: Words, room: float) -> Block:
    """The story's title, and a star for each ending: filled when found."""
    shapes: list[Shape] = []
    y = 6.0
    for line in broken(chart.title, room - 2 * MARGIN, TITLE, 2):
        other = readable(chart.story) if not shapes else " "
        shapes.append(Label(MARGIN, y + TITLE * 0.62, line, TITLE, PAPER, True, "start", other, room - 2 * MARGIN))
        y += TITLE * 1.25
    if chart.endings:
        shapes += _endings(chart, words, y + 14)
        y += 28
    return Block(y + 8, tuple(shapes))


def legend(words: Words, marks: frozenset[str], room: float) -> Block:
    """The marks that occur and what they mean; `marks` are names of `Words`' fields."""
    icons: dict[str, tuple[Callable[[float, float], Iterator[Shape]], str]] = {
        "here": (_here, words.here),
        "path": (_path, words.path),
        "seen": (_seen, words.seen),
        "unseen": (_unseen, words.unseen),
        "ending": (ending, words.ending),
        "back": (back_again, words.back),
    }
    entries = [Entry(icon, text, str(getattr(ENGLISH, name))) for name, (icon, text) in icons.items() if name in marks]
    return explained(entries, room)


def explained(entries: Sequence[Entry], room: float) -> Block:
    """Marks with their words, in as many rows as they need."""
    shapes: list[Shape] = [Box(room / 2, 0.5, room - 2 * MARGIN, 1, 0, LIFTED)]
    x, y = MARGIN, 26.0
    for entry in entries:
        takes = _ICON + 8 + width(entry.text, SMALL) + 16
        if x > MARGIN and x + takes - 16 > room - MARGIN:
            x, y = MARGIN, y + _ROW
        shapes += entry.icon(x + _ICON / 2, y)
        shapes.append(
            Label(
                x + _ICON + 8,
                y,
                entry.text,
                SMALL,
                SOFT,
                anchor="start",
                otherwise=entry.otherwise,
                most=min(width(entry.text, SMALL) * 1.1, room - MARGIN - x - _ICON - 8),
            )
        )
        x += takes
    return Block(y + 22, tuple(shapes))


def _endings(chart: Chart, words: Words, y: float) -> Iterator[Shape]:
    x = MARGIN
    if chart.endings <= _MOST_STARS:
        for number in range(chart.endings):
            found = number < chart.endings_found
            yield Star(x + 9, y, 8, GOLD if found else None, GOLD if found else FAINT)
            x += 20
    x += 8 if x > MARGIN else 0
    text = words.endings.format(found=chart.endings_found, total=chart.endings)
    other = ENGLISH.endings.format(found=chart.endings_found, total=chart.endings)
    yield Label(x, y, text, SMALL, SOFT, anchor="start", otherwise=other)


def _here(x: float, y: float) -> Iterator[Shape]:
    yield Box(x, y, 26, 19, 8, None, EMBER, 2.2)
    yield Box(x, y, 18, 11, 4, PAPER)


def _path(x: float, y: float) -> Iterator[Shape]:
    yield Curve(((x - 14, y), (x - 5, y), (x + 5, y), (x + 14, y)), EMBER, 4.0, arrow=True)


def _seen(x: float, y: float) -> Iterator[Shape]:
    yield Box(x, y, 25, 16, 5, LIFTED, EDGE, 1.3)


def _unseen(x: float, y: float) -> Iterator[Shape]:
    yield Box(x, y, 20, 20, 10, INK, FAINT, 1.3, dashed=True)
    yield Label(x, y, "?", 13, SOFT, bold=True)


def ending(x: float, y: float) -> Iterator[Shape]:
    """The mark of an ending."""
    yield Star(x, y, 9, GOLD, GOLD)


def back_again(x: float, y: float) -> Iterator[Shape]:
    """The mark of a way that leads up again."""
    yield Curve(((x - 14, y), (x - 5, y), (x + 5, y), (x + 14, y)), THREAD, 1.8, True, arrow=True)
