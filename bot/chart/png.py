"""A picture of a map as PNG, for chats. Pillow is loaded by the first one."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.chart.arrow import head, shaft, star
from bot.chart.layout import Point
from bot.chart.letters import bare
from bot.chart.look import INK
from bot.chart.shape import Box, Curve, Label, Pane, Picture, Shape, Star, touches

if TYPE_CHECKING:
    from PIL.Image import Image as Bitmap
    from PIL.ImageDraw import ImageDraw

    from bot.chart.font import Fonts

MOST_WIDE = 1280
MOST_LONG = 2560
"""Pixels of a phone's picture: what Telegram keeps of a photo, so that nobody shrinks it for us."""
MOST_PIXELS = 9_000_000
"""Of a sheet: drawn in less than two seconds."""
WALL_PIXELS = 16_000_000
"""Of a whole story for its creator, who looks at it on a screen and comes closer."""
MOST_BOTH = 10_000
"""Width and height of a photo together: https://core.telegram.org/bots/api#sendphoto"""
LEAST_SCALE = 1.5

_FINER = 2
"""Lines are drawn so many times larger, a band at a time, and then made smaller: that smooths them."""
_BAND = 512
_STEPS = 14


def png_of(picture: Picture, fonts: Fonts, most_pixels: int = MOST_PIXELS) -> bytes:
    """The picture as the bytes of a PNG file, within the limits of chats' photos."""
    from PIL import Image

    scale = scale_of(picture, most_pixels)
    width, height = math.ceil(picture.width * scale), math.ceil(picture.height * scale)
    image = Image.new("RGB", (width, height), INK)
    for pane in picture.panes:
        _draw_pane(image, pane, scale, fonts)
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=6)
    return file.getvalue()


def scale_of(picture: Picture, most_pixels: int = MOST_PIXELS) -> float:
    """Pixels to a unit."""
    width, height = picture.width, picture.height
    sharp = max(LEAST_SCALE, MOST_LONG / max(height, width))
    area = math.sqrt(most_pixels / (width * height))
    narrow = MOST_WIDE / width if height > width * 0.5 and width < MOST_WIDE / LEAST_SCALE else area
    return min(sharp, area, narrow, (MOST_BOTH - 2) / (width + height))


def _draw_pane(image: Bitmap, pane: Pane, scale: float, fonts: Fonts) -> None:
    left, top = round(pane.x * scale), round(pane.y * scale)
    width, height = math.ceil(pane.width * scale), math.ceil(pane.height * scale)
    for start in range(0, height, _BAND):
        band = _band(pane, width, start, min(_BAND, height - start), scale)
        image.paste(band, (left, top + start))
    from PIL import ImageDraw

    pen = ImageDraw.Draw(image)
    for shape in pane.shapes:
        if isinstance(shape, Label) and pane.top <= shape.y < pane.top + pane.height:
            _write(pen, shape, (left + shape.x * scale, top + (shape.y - pane.top) * scale), scale, fonts)


def _band(pane: Pane, width: int, start: int, height: int, scale: float) -> Bitmap:
    """A strip of a pane from its pixel row `start` on, without its texts."""
    from PIL import Image, ImageDraw

    fine = scale * _FINER
    band = Image.new("RGB", (width * _FINER, height * _FINER), INK)
    pen = _Pen(ImageDraw.Draw(band), fine, pane.top + start / scale)
    for shape in pane.shapes:
        if touches(shape, pen.top, pen.top + height / scale):
            pen.draw(shape)
    return band.resize((width, height), Image.Resampling.BOX)


class _Pen:
    """Draws shapes on a band, `fine` pixels to a unit, that begins at the height `top`."""

    def __init__(self, pen: ImageDraw, fine: float, top: float) -> None:
        self._pen = pen
        self._fine = fine
        self.top = top

    def draw(self, shape: Shape) -> None:
        if isinstance(shape, Curve):
            self._curve(shape)
        elif isinstance(shape, Box):
            self._box(shape)
        elif isinstance(shape, Star):
            outline = self._at(star(shape.x, shape.y, shape.radius))
            self._pen.polygon(outline, fill=shape.fill, outline=shape.stroke, width=self._thick(1.2))

    def _curve(self, curve: Curve) -> None:
        points = list(_flat(shaft(curve)))
        lines = _dashes(points, 3 * curve.width, 2.5 * curve.width) if curve.dashed else [points]
        for line in lines:
            self._pen.line(self._at(line), fill=curve.colour, width=self._thick(curve.width), joint="curve")
        if curve.arrow:
            self._pen.polygon(self._at(head(curve)), fill=curve.colour)

    def _box(self, box: Box) -> None:
        half, tall = box.width / 2, box.height / 2
        (left, top), (right, bottom) = self._at([(box.x - half, box.y - tall), (box.x + half, box.y + tall)])
        outline = None if box.dashed else box.stroke
        self._pen.rounded_rectangle(
            (left, top, max(right, left), max(bottom, top)),
            min(box.radius * self._fine, (right - left) / 2, (bottom - top) / 2),
            fill=box.fill,
            outline=outline,
            width=self._thick(box.line),
        )
        if box.dashed and box.stroke:
            for line in _dashes(_outline(box), 4, 3.5):
                self._pen.line(self._at(line), fill=box.stroke, width=self._thick(box.line))

    def _at(self, points: Iterable[Point]) -> list[Point]:
        return [(x * self._fine, (y - self.top) * self._fine) for x, y in points]

    def _thick(self, width: float) -> int:
        return max(1, round(width * self._fine))


def _flat(points: tuple[Point, ...]) -> Iterator[Point]:
    """Bézier curves as a line of short straight pieces."""
    yield points[0]
    for first in range(0, len(points) - 3, 3):
        a, b, c, d = points[first : first + 4]
        for step in range(1, _STEPS + 1):
            t = step / _STEPS
            u = 1 - t
            parts = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
            yield tuple(
                sum(part * point[axis] for part, point in zip(parts, (a, b, c, d), strict=True)) for axis in (0, 1)
            )  # type: ignore[misc]


def _dashes(points: list[Point], dash: float, gap: float) -> Iterator[list[Point]]:
    """The pieces of a line that are drawn when it is dashed."""
    drawn, left = [points[0]], dash
    on = True
    for start, end in pairwise(points):
        length = math.dist(start, end)
        done = 0.0
        while length - done > left:
            done += left
            at = (start[0] + (end[0] - start[0]) * done / length, start[1] + (end[1] - start[1]) * done / length)
            if on:
                yield [*drawn, at]
            drawn, on = [at], not on
            left = dash if on else gap
        left -= length - done
        drawn.append(end)
    if on and len(drawn) > 1:
        yield drawn


def _outline(box: Box) -> list[Point]:
    """A rounded rectangle as a closed line."""
    radius = min(box.radius, box.width / 2, box.height / 2)
    points = []
    for corner, (right, down) in enumerate(((1, -1), (1, 1), (-1, 1), (-1, -1))):
        x, y = box.x + right * (box.width / 2 - radius), box.y + down * (box.height / 2 - radius)
        for step in range(9):
            angle = math.pi / 2 * (corner - 1 + step / 8)
            points.append((x + radius * math.cos(angle), y + radius * math.sin(angle)))
    return [*points, points[0]]


_ANCHORS = {"start": "lm", "middle": "mm", "end": "rm"}


def _write(pen: ImageDraw, label: Label, at: Point, scale: float, fonts: Fonts) -> None:
    """The text, a little smaller where it would be too wide; its stand-in where no font has its letters."""
    pixels = round(label.size * scale)
    for text in (label.text, bare(label.text), label.otherwise):
        font = fonts.fitting(text, pixels, label.bold) if text.strip() else None
        if font is None:
            continue
        most = label.most * scale
        takes = pen.textlength(text, font=font)
        if takes > most:
            font = fonts.fitting(text, max(min(8, pixels), int(pixels * most / takes)), label.bold) or font
        pen.text(at, text, fill=label.colour, font=font, anchor=_ANCHORS[label.anchor])
        return
