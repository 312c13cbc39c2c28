"""The map and the recap as files: SVG for browsers, PNG for chats. Safe in any thread; too slow for an event loop's."""

from __future__ import annotations

from threading import BoundedSemaphore

from bot.chart.blueprint import Blueprint
from bot.chart.chart import Chart
from bot.chart.look import ENGLISH, Words
from bot.chart.png import MOST_PIXELS, WALL_PIXELS
from bot.chart.recap import recap_picture
from bot.chart.recap_words import ENGLISH_RECAP, Names, RecapWords
from bot.chart.shape import Picture
from bot.chart.sheet import Frame, picture_of
from bot.chart.svg import svg_of
from bot.chart.wall import wall_of
from bot.watch.recap import Recap

__all__ = ["Frame", "Names", "RecapWords", "Words", "blueprint_png", "blueprint_svg", "png", "recap_png", "svg"]

MOST_AT_ONCE = 2
"""Pictures that are drawn at the same time, each up to two seconds of a core; whoever wants another waits in its
thread."""

_drawing = BoundedSemaphore(MOST_AT_ONCE)


def svg(chart: Chart, words: Words = ENGLISH, frame: Frame = Frame.PHONE) -> str:
    """The map as SVG text."""
    with _drawing:
        return svg_of(picture_of(chart, words, frame))


def png(
    chart: Chart, words: Words = ENGLISH, frame: Frame = Frame.PHONE, fonts: tuple[str, ...] | None = None
) -> bytes:
    """The map as PNG bytes. `fonts` are files or names to try before Pillow's own; None: what systems usually have."""
    with _drawing:
        return _file(picture_of(chart, words, frame), fonts)


def blueprint_svg(blueprint: Blueprint) -> str:
    """A creator's map of a whole story as SVG text."""
    with _drawing:
        return svg_of(wall_of(blueprint))


def blueprint_png(blueprint: Blueprint, fonts: tuple[str, ...] | None = None) -> bytes:
    """The same as PNG bytes; `fonts` as in `png`."""
    with _drawing:
        return _file(wall_of(blueprint), fonts, WALL_PIXELS)


def recap_png(
    recap: Recap,
    names: Names,
    words: RecapWords = ENGLISH_RECAP,
    date: str = "",
    fonts: tuple[str, ...] | None = None,
) -> bytes:
    """A group's evening as PNG bytes; `date` and `fonts` as in `recap_picture` and `png`."""
    with _drawing:
        return _file(recap_picture(recap, names, words, date), fonts)


def _file(picture: Picture, fonts: tuple[str, ...] | None, most_pixels: int = MOST_PIXELS) -> bytes:
    from bot.chart.font import Fonts
    from bot.chart.png import png_of

    return png_of(picture, Fonts(fonts), most_pixels)
