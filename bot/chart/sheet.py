"""The whole picture of a map: for a phone in one column of bounded length, or as a sheet of columns with everything."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from itertools import pairwise

from bot.chart.chart import Chart
from bot.chart.fold import bar, header, window
from bot.chart.legend import heading, legend
from bot.chart.look import ENGLISH, MARGIN, PHONE, Words
from bot.chart.near import near
from bot.chart.section import Section, sections_of
from bot.chart.shape import Block, Pane, Picture

PHONE_LENGTH = 4.6
"""A phone's picture is at most so many times as long as wide: chats shrink longer ones (to 2560 pixels) until nobody
can read them."""

_SPACE = 20.0
_GUTTER = 22.0
_SHEET_RATIO = 0.75
"""Width to height of a sheet, about."""


class Frame(Enum):
    """What a picture is for."""

    PHONE = "phone"
    """One column. Episodes far from the viewer are folded to a line when it grows too long."""
    SHEET = "sheet"
    """Everything, in columns: to be zoomed, or printed."""


def picture_of(chart: Chart, words: Words = ENGLISH, frame: Frame = Frame.PHONE) -> Picture:
    """The picture of a chart. Runs the layout: not for an event loop's thread."""
    chart, left_out = near(chart) if frame is Frame.PHONE else (chart, 0)
    sections = sections_of(chart)
    room = max([PHONE, *(section.width + 2 * MARGIN for section in sections)])
    top, bottom = heading(chart, words, room), legend(words, _marks(chart, sections), room)
    if frame is Frame.PHONE:
        left = PHONE_LENGTH * room - top.height - bottom.height
        columns = [[top, *_phone(sections, words, room, left, left_out), bottom]]
    else:
        columns = _columns([top, *_parts(sections, room), bottom], room)
    return Picture(chart.title, _width(len(columns), room), max(map(_height, columns)), tuple(_panes(columns, room)))


def _marks(chart: Chart, sections: Iterable[Section]) -> frozenset[str]:
    """The names of the legend's entries that this map needs."""
    marks = {
        "here": any(scene.here for scene in chart.scenes),
        "path": any(way.walked for way in chart.ways),
        "seen": any(scene.seen and not scene.ending for scene in chart.scenes),
        "unseen": any(not scene.seen for scene in chart.scenes),
        "ending": any(scene.ending for scene in chart.scenes),
        "back": any(section.back for section in sections),
    }
    return frozenset(name for name, occurs in marks.items() if occurs)


def _phone(sections: Sequence[Section], words: Words, room: float, left: float, left_out: int) -> list[Block]:
    """The viewer's episode, and of the others, nearest first, those that fit; the rest folded."""
    if not sections:
        return []
    several = len(sections) > 1
    now = next((index for index, section in enumerate(sections) if section.here is not None), len(sections) - 1)
    left -= len(sections) * bar(sections[now], room).height
    opened = {now: window(sections[now], words, room, max(left, room), left_out)}
    left -= _height(opened[now])
    for index in sorted(range(len(sections)), key=lambda index: abs(index - now)):
        takes = sections[index].height + _SPACE
        if index != now and takes <= left:
            opened[index] = [_whole(sections[index], room)]
            left -= takes
    blocks: list[Block] = []
    for index, section in enumerate(sections):
        if index in opened:
            blocks += [header(section, room)] if several else []
            blocks += [*opened[index], Block(_SPACE, ())]
        else:
            blocks.append(bar(section, room))
    return blocks


def _whole(section: Section, room: float) -> Block:
    return Block(section.edges[-1] - section.edges[0], section.shapes, section.edges[0], (room - section.width) / 2)


def _parts(sections: Sequence[Section], room: float) -> Iterator[Block]:
    """Every section, cut between its rows, so that it can go on in the next column."""
    for section in sections:
        if len(sections) > 1:
            yield header(section, room)
        for top, end in pairwise(section.edges):
            yield Block(end - top, section.shapes, top, (room - section.width) / 2)
        yield Block(_SPACE, ())


def _columns(blocks: Sequence[Block], room: float) -> list[list[Block]]:
    """The blocks in columns of like height, in as many as give the sheet its shape."""
    total = _height(blocks)
    count = max(1, round(math.sqrt(total * _SHEET_RATIO / room)))
    columns: list[list[Block]] = [[]]
    for block in blocks:
        if len(columns) < count and _height(columns[-1]) + block.height > total / count * 1.02:
            columns.append([])
        columns[-1].append(block)
    return columns


def _width(columns: int, room: float) -> float:
    return columns * room + (columns - 1) * _GUTTER


def _height(blocks: Iterable[Block]) -> float:
    return sum(block.height for block in blocks)


def _panes(columns: Sequence[Sequence[Block]], room: float) -> Iterator[Pane]:
    for number, column in enumerate(columns):
        y = 0.0
        for block in _merged(column):
            yield block.pane(number * (room + _GUTTER), y, room)
            y += block.height


def _merged(blocks: Iterable[Block]) -> list[Block]:
    """Parts of one section that follow each other as one block again."""
    merged: list[Block] = []
    for block in blocks:
        before = merged[-1] if merged else None
        if before and before.shapes is block.shapes and before.top + before.height == block.top:
            merged[-1] = Block(before.height + block.height, block.shapes, before.top, block.x)
        else:
            merged.append(block)
    return merged
