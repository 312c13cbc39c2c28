"""Rain, snow, fog and storm: textures that run over the picture, or behind a room's windows."""

from __future__ import annotations

from math import sin
from random import Random

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from bot.clips.make.camera import View
from bot.clips.make.paint import HEIGHT, WIDTH, Points
from bot.clips.make.stage import Stage
from bot.clips.make.words import Colour

TILE_WIDTH, TILE_HEIGHT = 720, 1080


class Falling:
    """A texture that falls and is endless; `mask` keeps it inside windows."""

    def __init__(
        self, texture: Image.Image, colour: Colour, speed: tuple[float, float], windows: list[Points], sway: float = 0
    ) -> None:
        self._texture = Image.new("L", (TILE_WIDTH * 2, TILE_HEIGHT * 2))
        for corner in ((0, 0), (TILE_WIDTH, 0), (0, TILE_HEIGHT), (TILE_WIDTH, TILE_HEIGHT)):
            self._texture.paste(texture, corner)
        self._colour, self._speed, self._windows, self._sway = colour, speed, windows, sway

    def draw(self, frame: Image.Image, t: float, view: View) -> None:
        x = round(-self._speed[0] * t + self._sway * sin(0.8 * t)) % TILE_WIDTH
        y = round(-self._speed[1] * t) % TILE_HEIGHT
        mask = self._texture.crop((x, y, x + WIDTH, y + HEIGHT))
        if self._windows:
            mask = ImageChops.multiply(mask, _opening(self._windows, view))
        frame.paste(self._colour, (0, 0), mask)


def _opening(windows: list[Points], view: View) -> Image.Image:
    opening = Image.new("L", (WIDTH, HEIGHT))
    pen = ImageDraw.Draw(opening)
    for outline in windows:
        pen.polygon([view.spot(x, y, 0.5) for x, y in outline], fill=255)
    return opening


def _streaks(random: Random, count: int, length: float, width: int, alpha: int, slant: float) -> Image.Image:
    texture = Image.new("L", (TILE_WIDTH * 2, TILE_HEIGHT * 2))
    pen = ImageDraw.Draw(texture)
    for _ in range(count):
        x, y = random.uniform(0, 2 * TILE_WIDTH), random.uniform(0, 2 * TILE_HEIGHT)
        long = 2 * length * random.uniform(0.6, 1.2)
        for dx in (0, 2 * TILE_WIDTH):
            for dy in (0, -2 * TILE_HEIGHT):
                pen.line([(x + dx, y + dy), (x + dx - slant * long, y + dy + long)], alpha, width * 2 - 1)
    return texture.reduce(2)


def _flakes(random: Random, count: int, radius: tuple[float, float], alpha: int, blur: float) -> Image.Image:
    texture = Image.new("L", (TILE_WIDTH * 2, TILE_HEIGHT * 2))
    pen = ImageDraw.Draw(texture)
    for _ in range(count):
        r = 2 * random.uniform(*radius)
        x, y = random.uniform(r, 2 * TILE_WIDTH - r), random.uniform(r, 2 * TILE_HEIGHT - r)
        pen.ellipse([x - r, y - r, x + r, y + r], fill=alpha)
    return texture.reduce(2).filter(ImageFilter.GaussianBlur(blur))


class Fog:
    """Banks of fog: smooth noise that slides sideways, thicker low down."""

    def __init__(self, colour: Colour, random: Random, strength: float, speed: float, low: bool = True) -> None:
        noise = np.random.default_rng(random.randrange(2**32))
        wide, high = 72, 60
        sum_ = np.zeros((high, wide))
        for cells, weight in ((6, 1.0), (12, 0.5)):
            grid = noise.random((cells, cells))
            grid = np.hstack([grid, grid[:, :2]])
            patch = Image.fromarray((255 * grid).astype(np.uint8)).resize(
                (wide, high), Image.Resampling.BICUBIC, box=(0, 0, cells, cells)
            )
            sum_ += weight * np.asarray(patch) / 255
        sum_ = np.clip((sum_ - 0.45) / 0.75, 0, 1)
        if low:
            sum_ *= np.clip(np.linspace(0.25, 1.3, high), 0, 1)[:, None]
        tile = (255 * strength * sum_).astype(np.uint8)
        self._image = Image.fromarray(np.hstack([tile, tile])).filter(ImageFilter.GaussianBlur(1.5))
        self._wide, self._high, self._colour, self._speed = wide, high, colour, speed

    def draw(self, frame: Image.Image, t: float, view: View) -> None:
        offset = (self._speed * t / 15 + 20) % self._wide
        box = (offset, 0.0, offset + 36.0, float(self._high))
        mask = self._image.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC, box=box)
        frame.paste(self._colour, (0, 0), mask)


class Lightning:
    """Two quick flashes over the whole picture."""

    def __init__(self, random: Random) -> None:
        first = random.uniform(0.8, 1.6)
        self._flashes = (first, first + 0.2, first + random.uniform(2.2, 2.8))

    def draw(self, frame: Image.Image, t: float, view: View) -> None:
        light = max((max(0.0, 1 - (t - at) / 0.28) for at in self._flashes if t >= at), default=0.0)
        if light > 0.05:
            frame.paste((214, 226, 255), (0, 0), Image.new("L", frame.size, round(120 * light)))


def set_weather(stage: Stage) -> None:
    """Puts the weather on the stage: behind the people indoors, around them outdoors."""
    random, windows = stage.random, stage.windows
    colour: Colour = (206, 220, 240)
    open_air = not stage.indoors
    if stage.indoors and not windows:
        return
    if stage.weather in ("rain", "storm"):
        slant = 0.26 if stage.weather == "storm" else 0.1
        far = _streaks(random, 110, 36, 1, 84, slant)
        stage.add(Falling(far, colour, (-620 * slant, 620), windows))
        if open_air:
            near = _streaks(random, 26, 90, 1, 124, slant)
            stage.add(Falling(near, colour, (-1100 * slant, 1100), []), front=True)
        if stage.weather == "storm":
            stage.add(Lightning(random))
    elif stage.weather == "snow":
        stage.add(Falling(_flakes(random, 110, (1.2, 2.2), 190, 0.4), (236, 242, 255), (0, 42), windows, 14))
        if open_air:
            stage.add(Falling(_flakes(random, 34, (2.6, 4.6), 225, 0.9), (244, 248, 255), (0, 84), [], 26), front=True)
    elif stage.weather == "fog" and open_air:
        stage.add(Fog(stage.palette.pale, random, 0.7, 16))
        stage.add(Fog(stage.palette.pale, random, 0.4, -24), front=True)
