"""What keeps a long map short: an episode's name, an episode folded to one line, and the part around the viewer."""

from __future__ import annotations

from collections.abc import Iterator

from bot.chart.chart import readable
from bot.chart.letters import shortened, width
from bot.chart.look import EDGE, ENGLISH, FAINT, GOLD, HEADING, INK, LIFTED, MARGIN, PAPER, RAISED, SMALL, SOFT, Words
from bot.chart.section import Section
from bot.chart.shape import Block, Box, Label, Shape, Star

_HEADER, _BAR, _MORE = 40.0, 48.0, 34.0
_MARK = 22.0


def header(section: Section, room: float) -> Block:
    """The episode's name over its scenes."""
    name = shortened(section.episode.title, room - 2 * MARGIN, HEADING)
    rule = Box(room / 2, 6, room - 2 * MARGIN, 1, 0, LIFTED)
    label = Label(MARGIN, 22, name, HEADING, SOFT, True, "start", readable(section.episode.id), room - 2 * MARGIN)
    return Block(_HEADER, (rule, label))


def bar(section: Section, room: float) -> Block:
    """A whole episode in one line: its name, how many scenes were seen, endings found, and left unseen."""
    scenes = [scene for _, scene in section.scenes]
    counts = {
        "seen": sum(scene.seen for scene in scenes),
        "ending": sum(scene.ending is not None for scene in scenes),
        "unseen": sum(not scene.seen for scene in scenes),
    }
    y = _BAR / 2
    shapes: list[Shape] = [Box(room / 2, y, room - 2 * MARGIN, _BAR - 8, 10, RAISED, LIFTED, 1.2)]
    x = room - MARGIN - 12
    for mark, count in reversed(counts.items()):
        if count:
            shapes.append(Label(x, y, str(count), SMALL, SOFT, anchor="end"))
            x -= width(str(count), SMALL) + _MARK / 2 + 3
            shapes += _mark(mark, x, y)
            x -= _MARK / 2 + 10
    space = x - MARGIN - 12
    name = shortened(section.episode.title, space, SMALL)
    shapes.append(Label(MARGIN + 12, y, name, SMALL, PAPER, True, "start", readable(section.episode.id), space))
    return Block(_BAR, tuple(shapes))


def window(section: Section, words: Words, room: float, most: float, left_out: int = 0) -> list[Block]:
    """The section, or as many of its rows around the viewer as fit in that height, with what is left out counted.

    `left_out` are scenes of it that were never laid out.
    """
    x = (room - section.width) / 2
    first, *_, last = section.edges
    if last - first <= most:
        return [Block(last - first, section.shapes, first, x), *more(left_out, words, room)]
    middle = section.height if section.here is None else section.here
    top = max(first, min(middle - (most - 2 * _MORE) * 0.6, last - most + _MORE))
    start = min(edge for edge in section.edges if edge >= top)
    end = max(edge for edge in section.edges if edge <= start + most - 2 * _MORE or edge == section.edges[1])
    shown = [Block(end - start, section.shapes, start, x)]
    above, below = section.between(first, start), section.between(end, last) + left_out
    return [*more(above, words, room), *shown, *more(below, words, room)]


def more(count: int, words: Words, room: float) -> Iterator[Block]:
    """A line that says how many scenes are not shown there; nothing for none."""
    if count:
        text, other = words.more.format(count=count), ENGLISH.more.format(count=count)
        pill = Box(room / 2, _MORE / 2, room - 2 * MARGIN, _MORE - 8, 13, RAISED, EDGE, 1.0, dashed=True)
        yield Block(_MORE, (pill, Label(room / 2, _MORE / 2, f"⋯ {text}", SMALL, SOFT, otherwise=other)))


def _mark(mark: str, x: float, y: float) -> Iterator[Shape]:
    if mark == "ending":
        yield Star(x, y, 8, GOLD, GOLD)
    elif mark == "seen":
        yield Box(x, y, 18, 12, 4, LIFTED, EDGE, 1.3)
    else:
        yield Box(x, y, 18, 18, 9, INK, FAINT, 1.3, dashed=True)
        yield Label(x, y, "?", SMALL - 2, SOFT, bold=True)
