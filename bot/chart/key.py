"""What stands around a creator's map: the story's title with what is wrong above, what the marks mean below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.chart.blueprint import Blueprint, BlueprintScene, Standing
from bot.chart.heat import warmth
from bot.chart.legend import Entry, back_again, ending
from bot.chart.letters import shortened
from bot.chart.look import EDGE, FAINT, INK, LIFTED, MARGIN, PAPER, SMALL, SOFT, TITLE
from bot.chart.shape import Block, Box, Colour, Label, Shape
from bot.chart.tile import GREEN, MOSS, clip_missing, impossible, percent

_STEPS = (0.001, 0.01, 0.1, 0.5, 1.0)
"""Shares of plays that the scale of heat shows."""


def heading(blueprint: Blueprint, scenes: Sequence[BlueprintScene], room: float) -> Block:
    """The story's title, and a line of counts."""
    title = shortened(blueprint.title or blueprint.story, room - 2 * MARGIN, TITLE)
    counts = {
        "scenes": len(scenes),
        "endings": sum(scene.ending for scene in scenes),
        "not reached": sum(scene.mark.standing is Standing.UNREACHED for scene in scenes),
        "impossible": sum(scene.mark.standing is Standing.IMPOSSIBLE for scene in scenes),
        "clip missing": sum(scene.mark.clip_missing for scene in scenes),
    }
    facts = " · ".join(f"{what} {count}" for what, count in counts.items() if count)
    return Block(
        74,
        (
            Label(MARGIN, 24, title, TITLE, PAPER, True, "start", blueprint.story, room - 2 * MARGIN),
            Label(MARGIN, 50, facts, SMALL, SOFT, anchor="start", most=room - 2 * MARGIN),
        ),
    )


def entries(scenes: Sequence[BlueprintScene], back: bool) -> Iterator[Entry]:
    """The marks that occur on these scenes; `back` when some way leads up again."""
    marks = [scene.mark for scene in scenes]
    reached = [mark for mark in marks if mark.standing not in (Standing.UNREACHED, Standing.IMPOSSIBLE)]
    if any(mark.share is not None for mark in reached):
        yield from (
            Entry(_Swatch(warmth(share), warmth(share)).shapes, f"{percent(share)} of plays") for share in _STEPS
        )
    if any(mark.share is None and mark.standing is Standing.VISITED for mark in reached):
        yield Entry(_Swatch(MOSS, GREEN).shapes, "visited")
    if any(mark.share is None and mark.standing is None for mark in reached):
        yield Entry(_Swatch(LIFTED, EDGE).shapes, "scene")
    if any(mark.standing is Standing.UNREACHED for mark in marks):
        yield Entry(_Swatch(INK, FAINT, dashed=True).shapes, "not reached")
    if any(mark.standing is Standing.IMPOSSIBLE for mark in marks):
        yield Entry(impossible, "impossible to reach")
    if any(mark.clip_missing for mark in marks):
        yield Entry(clip_missing, "clip missing")
    if any(scene.ending for scene in scenes):
        yield Entry(ending, "ending")
    if back:
        yield Entry(back_again, "leads back")


def _told(share: float) -> str:
    return f"{percent(share)} of plays" if share == 1 else percent(share)


@dataclass(frozen=True, slots=True)
class _Swatch:
    """A small tile in the colours of a mark."""

    fill: Colour
    stroke: Colour
    dashed: bool = False

    def shapes(self, x: float, y: float) -> Iterator[Shape]:
        yield Box(x, y, 26, 17, 5, self.fill, self.stroke, 1.4, self.dashed)
