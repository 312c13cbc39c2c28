"""The camera: how a shot moves, and where a point of the stage is seen at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sin

from bot.clips.make.look import Look
from bot.clips.make.paint import BLEED, HEIGHT, WIDTH, Box

FOCUS = (WIDTH / 2, 400.0)
"""What a push-in moves towards, in stage pixels."""


@dataclass(frozen=True, slots=True)
class View:
    """The camera at one moment: zoom from 1, pan in stage pixels. Depth 0 is the horizon, 1 where people stand."""

    zoom: float
    pan: tuple[float, float]
    base: float = 1.0

    def scale(self, depth: float) -> float:
        """How much larger things at this depth are seen than painted."""
        return max(1.0, (1 + (self.zoom - 1) * (0.25 + 0.75 * depth)) * (self.base if depth < 1 else 1.0))

    def spot(self, x: float, y: float, depth: float) -> tuple[float, float]:
        """Where in the frame a point of the stage is seen."""
        scale = self.scale(depth)
        return (
            (x - FOCUS[0] - self.pan[0] * depth) * scale + FOCUS[0],
            (y - FOCUS[1] - self.pan[1] * depth) * scale + FOCUS[1],
        )

    def box(self, depth: float) -> Box:
        """The part of a stage-sized layer that fills the frame."""
        scale = self.scale(depth)
        left = FOCUS[0] + self.pan[0] * depth - FOCUS[0] / scale + BLEED
        top = FOCUS[1] + self.pan[1] * depth - FOCUS[1] / scale + BLEED
        left = min(max(0.0, left), WIDTH + 2 * BLEED - WIDTH / scale)
        top = min(max(0.0, top), HEIGHT + 2 * BLEED - HEIGHT / scale)
        return (left, top, left + WIDTH / scale, top + HEIGHT / scale)


def _eased(t: float) -> float:
    return t * t * (3 - 2 * t) * 0.5 + t * 0.5


class Camera:
    """Moves by the shot and the mood; the same look moves the same way."""

    def __init__(self, look: Look, seconds: float, way: int) -> None:
        self._seconds = seconds
        self._shake = {"urgent": 2.4, "tense": 0.9, "comic": 0.6}.get(look.mood, 0.3)
        reach = {"close": 0.055, "insert": 0.07, "two-shot": 0.045, "silhouette": 0.06}.get(look.shot, 0.065)
        if look.mood in ("urgent", "tense"):
            reach *= 1.4
        self._zoom = (1.0 + reach, 1.0) if look.mood in ("sad", "calm") else (1.0, 1.0 + reach)
        side = 1 if way % 2 else -1
        slide = {"wide": 22.0, "silhouette": 18.0, "insert": 6.0}.get(look.shot, 12.0)
        self._slide = side * slide
        self._rise = -10.0 if look.mood in ("hopeful", "romantic") else 4.0
        self._base = {"close": 1.22, "two-shot": 1.1, "insert": 1.15}.get(look.shot, 1.0)

    def view(self, t: float) -> View:
        """The camera at second `t`."""
        along = _eased(min(1.0, max(0.0, t / self._seconds)))
        zoom = self._zoom[0] + (self._zoom[1] - self._zoom[0]) * along
        shake = self._shake
        x = self._slide * (along - 0.5) + shake * (sin(2 * pi * 0.43 * t) + 0.5 * sin(2 * pi * 1.13 * t + 1))
        y = self._rise * (along - 0.5) + shake * (0.7 * sin(2 * pi * 0.37 * t + 2) + 0.4 * sin(2 * pi * 0.97 * t))
        return View(zoom, (x, y), self._base)
