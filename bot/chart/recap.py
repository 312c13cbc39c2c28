"""The picture of an evening that a group played: one column for a phone, two where the room parted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from bot.chart.chart import readable
from bot.chart.decision import MARK, SEAM, WHOLE, Density, Lane, Row, rail
from bot.chart.finale import badge, closed
from bot.chart.letters import broken, clean
from bot.chart.look import MARGIN, PAPER, PHONE, SMALL, SOFT, THREAD, TIDE, TITLE
from bot.chart.parting import LEFT_LANE, RIGHT_LANE, columns, meeting, opening
from bot.chart.recap_words import ENGLISH_RECAP, Names, RecapWords
from bot.chart.shape import Block, Colour, Label, Picture, Shape
from bot.chart.sheet import PHONE_LENGTH
from bot.watch.course import Decided
from bot.watch.recap import Branch, Recap, Split, Stretch
from bot.watch.verdict import BY_VOTES

_MORE = 26.0
_STAR = 26.0
"""How far down in a badge its star sits."""


def recap_picture(recap: Recap, names: Names, words: RecapWords = ENGLISH_RECAP, date: str = "") -> Picture:
    """The picture. A long evening is drawn tighter; of one that is longer still the clearest votes are only counted.

    `date` stands in the heading, in whatever form. Nobody who voted is named in it.
    """
    blocks = _fitting(recap, names, words, [_heading(recap, names, words, date)])
    y, panes = 0.0, []
    for block in blocks:
        panes.append(block.pane(0, y, PHONE))
        y += block.height
    return Picture(names.title, PHONE, y, tuple(panes))


def _fitting(recap: Recap, names: Names, words: RecapWords, heading: list[Block]) -> list[Block]:
    """The roomiest column that a phone shows without shrinking it."""
    most = PHONE_LENGTH * PHONE
    for density in Density:
        blocks = [*heading, *_Column(recap, names, words, density).blocks()]
        if _height(blocks) <= most:
            return blocks
    clearest = _clearest(recap)
    few, many = 0, len(clearest)
    while few < many:
        middle = (few + many) // 2
        column = _Column(recap, names, words, Density.TIGHT, frozenset(clearest[:middle]))
        few, many = (few, middle) if _height([*heading, *column.blocks()]) <= most else (middle + 1, many)
    return [*heading, *_Column(recap, names, words, Density.TIGHT, frozenset(clearest[:few])).blocks()]


def _clearest(recap: Recap) -> list[Decided]:
    """What may be left out: those not decided by votes, then the clearest first.

    The first of all, the closest and those on which the room parted stay.
    """
    stay = {*(recap.closest if len(recap.closest) == 1 else ()), *recap.stretches[0].decided[:1]}
    stay |= {stretch.decided[-1] for stretch in recap.stretches if stretch.split and stretch.decided}
    rest = [one for stretch in recap.stretches for one in stretch.everything if one not in stay]
    return sorted(rest, key=lambda one: (one.why in BY_VOTES, -abs(one.margin)))


@dataclass(frozen=True, slots=True)
class _Column:
    """The decisions and what they led to, from the top. Those `left_out` are only counted."""

    recap: Recap
    names: Names
    words: RecapWords
    density: Density
    left_out: Collection[Decided] = ()

    def blocks(self) -> list[Block]:
        together: list[Block] = []
        for stretch in self.recap.stretches:
            together += self._stretch(stretch, begins=not together)
        *_, last = self.recap.stretches
        if last.split is None:
            together += self._ending(self.recap.ending, WHOLE)
        unseen = [ending for ending in self.recap.endings if not ending.reached]
        return [*together, Block(14.0, ()), *([closed(unseen, self.words, PHONE)] if unseen else [])]

    def _stretch(self, stretch: Stretch, begins: bool) -> Iterator[Block]:
        parting = stretch.decided[-1] if stretch.split and stretch.decided else None
        rows = list(self._rows(stretch.decided, WHOLE, lambda row: row.block(self.density, _rival(row, stretch))))
        over = stretch.split is None and self.recap.ending is None
        for number, block in enumerate(rows):
            top = MARK if begins and not number else -SEAM
            end = MARK if over and number == len(rows) - 1 else block.height + SEAM
            yield _railed(block, WHOLE, top, end)
        if stretch.split is not None:
            yield from self._split(stretch.split, parting.scene if parting else "", stretch)

    def _split(self, split: Split, scene: str, stretch: Stretch) -> Iterator[Block]:
        goes_on = split.met is not None or stretch is not self.recap.stretches[-1]
        yield opening(split, scene, self.names, self.words)
        left, right = self._side(split.main, LEFT_LANE), self._side(split.other, RIGHT_LANE)
        yield columns(left, right, goes_on, split.met is not None)
        if split.met is not None:
            yield meeting(split.met, self.names, self.words)

    def _side(self, branch: Branch, lane: Lane) -> list[Block]:
        rows = self._rows(branch.decided, lane, lambda row: row.narrow(lane))
        return [*rows, *self._ending(branch.ending, lane)]

    def _rows(self, decided: Sequence[Decided], lane: Lane, draw: Callable[[Row], Block]) -> Iterator[Block]:
        for left_out, group in groupby(decided, key=lambda one: one in self.left_out):
            run = list(group)
            if left_out and len(run) > 1:
                yield _more(len(run), self.words, lane)
            else:
                # To say that a single one is left out would take its place.
                yield from (draw(Row.of(one, self.names, self.words, self.recap.closest == (one,))) for one in run)

    def _ending(self, scene: str | None, lane: Lane) -> list[Block]:
        made = next((ending for ending in self.recap.endings if ending.scene == scene), None)
        if made is None:
            return []
        block = badge(made, self.names, self.words, lane)
        return [_railed(block, lane, -SEAM, _STAR)]


def _heading(recap: Recap, names: Names, words: RecapWords, date: str) -> Block:
    """When it was, the story's title, and how much was decided."""
    room = PHONE - 2 * MARGIN
    over, other = (" · ".join(filter(None, (one.title, clean(date)))) for one in (words, ENGLISH_RECAP))
    shapes: list[Shape] = [Label(MARGIN, 22, over, SMALL, SOFT, False, "start", other, room)]
    y, stand_in = 38.0, readable(names.story.id)
    for line in broken(names.title, room, TITLE, 2):
        shapes.append(Label(MARGIN, y + TITLE * 0.62, line, TITLE, PAPER, True, "start", stand_in, room))
        y, stand_in = y + TITLE * 1.25, " "
    count = sum(len(stretch.everything) for stretch in recap.stretches)
    text, other = (one.decided.format(count=count) for one in (words, ENGLISH_RECAP))
    shapes.append(Label(MARGIN, y + 14, text, SMALL, SOFT, False, "start", other, room))
    return Block(y + 38, tuple(shapes))


def _rival(row: Row, stretch: Stretch) -> Colour:
    """The runner-up's colour: the others' where it is what they took when the room parted on this vote."""
    decided, split = row.decided, stretch.split
    parted = split is not None and decided == stretch.decided[-1] and decided.runner_up == split.other.choice
    return TIDE if parted else THREAD


def _railed(block: Block, lane: Lane, top: float, end: float) -> Block:
    """The block with its piece of the lane's rail under its marks."""
    return replace(block, shapes=(rail(lane.x, top, end, lane.colour), *block.shapes)) if end > top else block


def _more(count: int, words: RecapWords, lane: Lane) -> Block:
    narrow = lane is not WHOLE
    text, other = (f"⋯ {count if narrow else one.more.format(count=count)}" for one in (words, ENGLISH_RECAP))
    return Block(_MORE, (Label(lane.left, _MORE / 2, text, SMALL, SOFT, False, "start", other, lane.room),))


def _height(blocks: Sequence[Block]) -> float:
    return sum(block.height for block in blocks)
