"""A stage: painted layers and moving things in the order they are shown, behind and before the people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Protocol

from PIL import Image

from bot.clips.make.camera import View
from bot.clips.make.paint import HEIGHT, WIDTH, Canvas, Points
from bot.clips.make.palette import Palette

NEAR, NEAR_BLURRED = 0.13, 0.5
"""Layers closer in depth than this are joined: the eye does not part them, blurred ones even less."""


class Moving(Protocol):
    """Something that draws itself into the frame (RGB, 540x960) at second `t`."""

    def draw(self, frame: Image.Image, t: float, view: View) -> None: ...


class Plane:
    """A still layer, as large as the stage, at a depth; only the camera moves it."""

    def __init__(self, image: Image.Image, depth: float) -> None:
        self.depth = depth
        self._painted = image
        self._prepare()

    def join(self, image: Image.Image, depth: float) -> None:
        """Lays another layer of nearly the same depth on this one: one picture to move instead of two."""
        self._painted.alpha_composite(image)
        self.depth = depth
        self._prepare()

    def _prepare(self) -> None:
        image = self._painted
        self._opaque = image.getchannel("A").getextrema()[0] == 255
        self._area = image.getchannel("A").getbbox() or (0, 0, 1, 1)
        self._image = image.convert("RGB") if self._opaque else image.convert("RGBa")

    def draw(self, frame: Image.Image, t: float, view: View) -> None:
        left, top, right, bottom = view.box(self.depth)
        across, down = WIDTH / (right - left), HEIGHT / (bottom - top)
        x0 = max(0, int((self._area[0] - left) * across))
        y0 = max(0, int((self._area[1] - top) * down))
        x1 = min(WIDTH, int((self._area[2] - left) * across) + 1)
        y1 = min(HEIGHT, int((self._area[3] - top) * down) + 1)
        if x1 <= x0 or y1 <= y0:
            return
        box = (
            max(0.0, left + x0 / across), max(0.0, top + y0 / down),
            min(float(self._image.width), left + x1 / across), min(float(self._image.height), top + y1 / down),
        )  # fmt: skip
        seen = self._image.resize((x1 - x0, y1 - y0), Image.Resampling.BILINEAR, box=box)
        if self._opaque:
            frame.paste(seen, (x0, y0))
        else:
            whole = seen.convert("RGBA")
            frame.paste(whole, (x0, y0), whole)


@dataclass
class Stage:
    """What a backdrop fills. `floor` is where feet stand in a wide shot; `light` the side it comes from (-1, 1)."""

    palette: Palette
    random: Random
    time: str = "night"
    weather: str = ""
    mood: str = ""
    focus: float = 0
    """Blur of the backdrop in pixels."""
    floor: float = 690
    light: int = 1
    windows: list[Points] = field(default_factory=list)
    """Outlines through which the weather is seen; none: it is everywhere."""
    behind: list[Moving] = field(default_factory=list)
    before: list[Moving] = field(default_factory=list)
    indoors: bool = False

    def layer(self, depth: float, paint: Callable[[Canvas], None], front: bool = False) -> None:
        """Paints a layer and puts it on; `front` layers lie before the people."""
        canvas = Canvas()
        paint(canvas)
        image = canvas.finished(self.focus * (1.2 if front else 1.0))
        put = self.before if front else self.behind
        last = put[-1] if put else None
        if isinstance(last, Plane) and abs(last.depth - depth) <= (NEAR_BLURRED if self.focus else NEAR):
            last.join(image, depth)
        else:
            put.append(Plane(image, depth))

    def add(self, moving: Moving, front: bool = False) -> None:
        """Puts on something that moves."""
        (self.before if front else self.behind).append(moving)
