"""The creator's map of a whole story, as SVG and as PNG: the time until the file is there, all of it.

Each picture lays the story out anew, in a process of Graphviz, whose CPU time counts. The floor of the PNG is Pillow
writing the same pixels once more, and does not know what to draw; the SVG has none. Medians of interleaved rounds.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from io import BytesIO
from statistics import median

from PIL import Image

from benchmarks.generated import generated, scaled
from benchmarks.result import Result, Row, conclude
from bot.chart.blueprint import blueprint_of
from bot.chart.draw import blueprint_png, blueprint_svg
from bot.studio.marks import marks_of

SIZES = (25, 100, 250, 1000)
SEED = 1
ROUNDS = 3


def measure() -> Result:
    """Three rows for each size."""
    return Result("The map of a whole story", _about(), tuple(row for scenes in SIZES for row in _rows(scenes)))


def _rows(scenes: int) -> tuple[Row, ...]:
    story = generated(scaled(scenes), SEED)
    blueprint = blueprint_of(story, marks_of(story, None, (), story.scenes.keys()))
    drawn = blueprint_png(blueprint)
    with Image.open(BytesIO(drawn)) as image:
        image.load()
        size = f"{image.width:,} x {image.height:,}"
        vector, pixels, floor = [], [], []
        for _ in range(ROUNDS):
            vector.append(spent(lambda: blueprint_svg(blueprint)))
            pixels.append(spent(lambda: blueprint_png(blueprint)))
            floor.append(spent(lambda: image.save(BytesIO(), "PNG", optimize=False)))
    named = f"{scenes:,} scenes"
    return (
        Row(f"{named}, SVG", f"{_seconds(vector)}, {len(blueprint_svg(blueprint).encode()) / 1000:,.0f} KB"),
        Row(f"{named}, PNG", f"{_seconds(pixels)}, {len(drawn) / 1000:,.0f} KB, {size}", _ratio(pixels, floor)),
        Row("the floor: Pillow, the same pixels", _seconds(floor), "1.00"),
    )


def spent(work: Callable[[], object]) -> float:
    """CPU seconds, those of processes that were waited for included."""
    started = sum(os.times()[:4])
    work()
    return sum(os.times()[:4]) - started


def _seconds(spans: Sequence[float]) -> str:
    return f"{median(spans):.2f} s"


def _ratio(ours: Sequence[float], floor: Sequence[float]) -> str:
    return f"{median(ours) / median(floor):.2f}"


def _about() -> str:
    return (
        "`blueprint_svg` and `blueprint_png` of generated stories with loops everywhere, layout included; CPU time "
        f"with that of Graphviz, medians of {ROUNDS} interleaved rounds. The floor writes the finished pixels once "
        "more."
    )


if __name__ == "__main__":
    conclude(measure())
