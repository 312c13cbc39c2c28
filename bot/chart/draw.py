"""The map as a file: SVG for browsers, PNG for chats. Pure, and safe in any thread; too slow for an event loop's."""

from __future__ import annotations

from bot.chart.chart import Chart
from bot.chart.look import ENGLISH, Words
from bot.chart.sheet import Frame, picture_of
from bot.chart.svg import svg_of

__all__ = ["Frame", "Words", "png", "svg"]


def svg(chart: Chart, words: Words = ENGLISH, frame: Frame = Frame.PHONE) -> str:
    """The map as SVG text."""
    return svg_of(picture_of(chart, words, frame))


def png(
    chart: Chart, words: Words = ENGLISH, frame: Frame = Frame.PHONE, fonts: tuple[str, ...] | None = None
) -> bytes:
    """The map as PNG bytes. `fonts` are files or names to try before Pillow's own; None: what systems usually have."""
    from bot.chart.font import Fonts
    from bot.chart.png import png_of

    return png_of(picture_of(chart, words, frame), Fonts(fonts))
