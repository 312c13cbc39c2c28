"""A layer being painted: shapes in the picture's own units, drawn finer than they are shown, so edges are smooth."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from math import cos, hypot, pi, sin

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from bot.clips.make.words import Colour

WIDTH, HEIGHT = 540, 960
BLEED = 60
"""How far beyond the frame a layer is painted, for the camera to move in; stage pixels."""
FINE = 2

Point = tuple[float, float]
Points = Sequence[Point]
Box = tuple[float, float, float, float]
STAGE: Box = (-BLEED, -BLEED, WIDTH + BLEED, HEIGHT + BLEED)


def curve(points: Points, closed: bool = True, steps: int = 8) -> list[Point]:
    """A smooth line through every point (Catmull-Rom)."""
    ends = np.array(points, dtype=float)
    padded = np.vstack([ends[-1], ends, ends[:2]] if closed else [ends[0], ends, ends[-1]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    found: list[Point] = []
    for i in range(len(padded) - 3):
        a, b, c, d = padded[i : i + 4]
        bend = 2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - 3 * c + d - a) * t**3
        found += [(float(x), float(y)) for x, y in bend / 2]
    return found if closed else [*found, (float(ends[-1][0]), float(ends[-1][1]))]


def ring(x: float, y: float, rx: float, ry: float | None = None, turn: float = 0, sides: int = 40) -> list[Point]:
    """The outline of an ellipse, or of a regular shape with few sides; `turn` in turns."""
    ry = rx if ry is None else ry
    angles = [2 * pi * (i / sides + turn) for i in range(sides)]
    return [(x + rx * cos(angle), y + ry * sin(angle)) for angle in angles]


def mirror(points: Points, x: float = 0) -> list[Point]:
    """The same outline seen in a mirror standing at `x`."""
    return [(2 * x - px, py) for px, py in points]


@lru_cache(maxsize=4)
def falloff(size: int = 160) -> Image.Image:
    """A soft round light: brightest in the middle, nothing at the rim."""
    line = np.linspace(-1, 1, size)
    distance = np.sqrt(line[:, None] ** 2 + line[None, :] ** 2)
    light = np.clip(1 - distance, 0, 1)
    return Image.fromarray((255 * (0.35 * light + 0.65 * light**3)).astype(np.uint8))


class Canvas:
    """A transparent layer covering `box` (own units), `scale` pixels to a unit; shapes are drawn `wide` times wider."""

    def __init__(self, box: Box = STAGE, scale: float = 1.0, wide: float = 1.0) -> None:
        self.box = box
        self._wide = wide
        self.scale = scale
        self._unit = scale * FINE
        size = (round((box[2] - box[0]) * scale), round((box[3] - box[1]) * scale))
        self.image = Image.new("RGBA", (max(1, size[0]) * FINE, max(1, size[1]) * FINE))
        self._draw = ImageDraw.Draw(self.image)

    def _at(self, points: Points) -> list[Point]:
        x0, y0, unit = self.box[0], self.box[1], self._unit
        return [((x * self._wide - x0) * unit, (y - y0) * unit) for x, y in points]

    def mask(self, points: Points) -> Image.Image:
        """The outline filled with white, as large as the layer."""
        mask = Image.new("L", self.image.size)
        ImageDraw.Draw(mask).polygon(self._at(points), fill=255)
        return mask

    def stamp(self, mask: Image.Image, colour: Colour, alpha: float = 1.0) -> None:
        """Colour through a mask made by `mask`."""
        if alpha < 1:
            mask = mask.point([round(value * alpha) for value in range(256)])
        area = mask.getbbox()
        if area is None:
            return
        piece = mask.crop(area)
        paint = Image.new("RGBA", piece.size, (*colour, 0))
        paint.putalpha(piece)
        self.image.alpha_composite(paint, (area[0], area[1]))

    def polygon(self, points: Points, colour: Colour, alpha: float = 1.0) -> None:
        """A filled outline with corners."""
        if alpha >= 1:
            self._draw.polygon(self._at(points), fill=(*colour, 255))
            return
        spots = self._at(points)
        left = max(0, int(min(x for x, _ in spots)))
        top = max(0, int(min(y for _, y in spots)))
        right = min(self.image.width, int(max(x for x, _ in spots)) + 2)
        bottom = min(self.image.height, int(max(y for _, y in spots)) + 2)
        if right <= left or bottom <= top:
            return
        piece = Image.new("L", (right - left, bottom - top))
        ImageDraw.Draw(piece).polygon([(x - left, y - top) for x, y in spots], fill=round(255 * alpha))
        paint = Image.new("RGBA", piece.size, (*colour, 0))
        paint.putalpha(piece)
        self.image.alpha_composite(paint, (left, top))

    def blob(self, points: Points, colour: Colour, alpha: float = 1.0) -> None:
        """A filled outline with smooth bends."""
        self.polygon(curve(points), colour, alpha)

    def rect(
        self, x0: float, y0: float, x1: float, y1: float, colour: Colour, alpha: float = 1.0, round_: float = 0
    ) -> None:
        """A rectangle, its corners rounded by `round_`."""
        if not round_:
            self.polygon([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], colour, alpha)
            return
        r = min(round_, abs(x1 - x0) / 2, abs(y1 - y0) / 2)
        corners = [(x1 - r, y1 - r, 0.0), (x0 + r, y1 - r, 0.25), (x0 + r, y0 + r, 0.5), (x1 - r, y0 + r, 0.75)]
        outline = [
            (x + r * cos(2 * pi * (start + i / 24)), y + r * sin(2 * pi * (start + i / 24)))
            for x, y, start in corners
            for i in range(7)
        ]
        self.polygon(outline, colour, alpha)

    def oval(self, x: float, y: float, rx: float, ry: float, colour: Colour, alpha: float = 1.0) -> None:
        """An ellipse by its middle and half-widths."""
        self.polygon(ring(x, y, rx, ry), colour, alpha)

    def line(self, points: Points, width: float, colour: Colour, alpha: float = 1.0) -> None:
        """A line with round joints, `width` in units."""
        for (ax, ay), (bx, by) in pairwise(points):
            length = hypot(bx - ax, by - ay) or 1
            nx, ny = (by - ay) / length * width / 2, (ax - bx) / length * width / 2
            self.polygon(
                [(ax + nx, ay + ny), (bx + nx, by + ny), (bx - nx, by - ny), (ax - nx, ay - ny)], colour, alpha
            )
        if width * self._unit > 3 and alpha >= 1:
            for x, y in points:
                self.oval(x, y, width / 2, width / 2, colour)

    def gradient(self, stops: Sequence[Colour], box: Box | None = None) -> None:
        """From the first colour at the top to the last at the bottom; the whole layer without a box."""
        box = box or self.box
        (x0, y0), (x1, y1) = self._at([(box[0], box[1]), (box[2], box[3])])
        rows = max(1, round(y1) - round(y0))
        spread = np.linspace(0, len(stops) - 1, rows)
        columns = [np.interp(spread, range(len(stops)), [stop[channel] for stop in stops]) for channel in range(3)]
        strip = Image.fromarray(np.stack(columns, axis=-1)[:, None, :].round().astype(np.uint8))
        self.image.paste(strip.resize((max(1, round(x1) - round(x0)), rows)), (round(x0), round(y0)))

    def fade(self, box: Box, colour: Colour, start: float, end: float) -> None:
        """A veil of one colour over a box, from opacity `start` at its top to `end` at its bottom."""
        (x0, y0), (x1, y1) = self._at([(box[0], box[1]), (box[2], box[3])])
        strip = Image.fromarray((np.linspace(start, end, max(2, round(y1 - y0)))[:, None] * 255).astype(np.uint8))
        mask = Image.new("L", self.image.size)
        mask.paste(strip.resize((max(1, round(x1 - x0)), strip.height)), (round(x0), round(y0)))
        self.stamp(mask, colour)

    def glow(self, x: float, y: float, rx: float, colour: Colour, alpha: float = 0.6, ry: float | None = None) -> None:
        """A soft light lying on what is painted so far."""
        ry = rx if ry is None else ry
        (left, top), (right, bottom) = self._at([(x - rx, y - ry), (x + rx, y + ry)])
        size = (max(1, round(right - left)), max(1, round(bottom - top)))
        mask = Image.new("L", self.image.size)
        mask.paste(falloff().resize(size, Image.Resampling.BILINEAR), (round(left), round(top)))
        self.stamp(mask, colour, alpha)

    def hole(self, points: Points) -> None:
        """Cuts the outline out, so that what lies behind shows."""
        alpha = self.image.getchannel("A")
        self.image.putalpha(ImageChops.subtract(alpha, self.mask(points)))
        self._draw = ImageDraw.Draw(self.image)

    def finished(self, blur: float = 0) -> Image.Image:
        """The layer at its shown size; `blur` in pixels, for what is out of focus."""
        image = self.image.reduce(FINE)
        return image.filter(ImageFilter.GaussianBlur(blur)) if blur > 0 else image
