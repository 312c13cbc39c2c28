"""Things that move by themselves: lights, steam, swaying cloth, passing windows, water, blinking lamps."""

from __future__ import annotations

from collections.abc import Callable
from math import pi, sin
from random import Random
from typing import Literal

from PIL import Image, ImageChops, ImageDraw

from bot.clips.make.camera import View
from bot.clips.make.paint import HEIGHT, WIDTH, Canvas, Points, falloff
from bot.clips.make.words import Colour

Habit = Literal["steady", "flicker", "blink", "pulse", "twinkle", "beacon"]
LEVELS = 12


def brightness_at(habit: Habit, t: float, phase: float) -> float:
    """How bright a light of this habit is at second `t`, 0-1."""
    match habit:
        case "flicker":
            wave = 0.88 + 0.08 * sin(9.1 * t + phase) + 0.04 * sin(23 * t + 2 * phase)
            return wave * (0.45 if sin(2.3 * t + phase) + sin(3.7 * t + 1.7 * phase) > 1.75 else 1)
        case "blink":
            return 1.0 if (t * 0.9 + phase) % 1 < 0.55 else 0.1
        case "pulse":
            return 0.62 + 0.38 * sin(2 * pi * 0.5 * t + phase)
        case "twinkle":
            return 0.5 + 0.5 * sin(2 * pi * 0.33 * t + phase * 7)
        case "beacon":
            return float(max(0.0, sin(2 * pi * 0.7 * t + phase)) ** 1.5)
    return 0.94 + 0.06 * sin(1.7 * t + phase)


class Glow:
    """A soft light in the air, added to what lies under it."""

    def __init__(
        self,
        x: float,
        y: float,
        radius: float,
        colour: Colour,
        depth: float = 0.5,
        strength: float = 0.7,
        habit: Habit = "steady",
        phase: float = 0,
        tall: float = 1,
    ) -> None:
        self._at, self._depth, self._habit, self._phase = (x, y), depth, habit, phase
        self._radius, self._tall = radius, tall
        self._colour = tuple(channel * strength for channel in colour)
        self._levels: dict[int, Image.Image] = {}

    def _sprite(self, level: int) -> Image.Image:
        if level not in self._levels:
            size = (max(2, round(2 * self._radius)), max(2, round(2 * self._radius * self._tall)))
            mask = falloff().resize(size, Image.Resampling.BILINEAR)
            bands = [mask.point([int(v * c * level / LEVELS / 255) for v in range(256)]) for c in self._colour]
            self._levels[level] = Image.merge("RGB", bands)
        return self._levels[level]

    def draw(self, frame: Image.Image, t: float, view: View) -> None:
        level = round(LEVELS * brightness_at(self._habit, t, self._phase))
        if level <= 0:
            return
        sprite = self._sprite(level)
        x, y = view.spot(*self._at, self._depth)
        left, top = round(x - sprite.width / 2), round(y - sprite.height / 2)
        area = (max(0, left), max(0, top), min(WIDTH, left + sprite.width), min(HEIGHT, top + sprite.height))
        if area[2] <= area[0] or area[3] <= area[1]:
            return
        piece = sprite.crop((area[0] - left, area[1] - top, area[2] - left, area[3] - top))
        frame.paste(ImageChops.screen(frame.crop(area), piece), area[:2])


PAD = 3
"""Clear pixels around a sprite, so that it can be put between pixels."""


class Sprite:
    """A picture cut to what is painted on it, premultiplied; `corner` is where its canvas began, in its pixels."""

    def __init__(self, painted: Image.Image) -> None:
        left, top, right, bottom = painted.getchannel("A").getbbox() or (0, 0, 1, 1)
        self.corner = (left - PAD, top - PAD)
        self.size = (right - left + 2 * PAD, bottom - top + 2 * PAD)
        self.image = Image.new("RGBa", self.size)
        self.image.paste(painted.crop((left, top, right, bottom)).convert("RGBa"), (PAD, PAD))

    def put(
        self, frame: Image.Image, x: float, y: float, scale: float, turn: float = 0, pivot: tuple[float, float] = (0, 0)
    ) -> None:
        """Into the frame: its canvas' top left at (x, y), leaning by `turn` radians about `pivot` in the frame."""
        x, y = x + self.corner[0] * scale, y + self.corner[1] * scale
        left, top = max(0, int(x) + 1), max(0, int(y) + 1)
        right, bottom = min(WIDTH, int(x + self.size[0] * scale)), min(HEIGHT, int(y + self.size[1] * scale))
        if right <= left or bottom <= top:
            return
        size = (right - left, bottom - top)
        if turn:
            lean = sin(turn)
            ox = (left - x - lean * (pivot[1] - top)) / scale
            oy = (top - y + lean * (pivot[0] - left)) / scale
            data = (1 / scale, lean / scale, ox, -lean / scale, 1 / scale, oy)
            piece = self.image.transform(size, Image.Transform.AFFINE, data, Image.Resampling.BILINEAR)
        else:
            u, v = (left - x) / scale, (top - y) / scale
            box = (u, v, min(self.size[0], u + size[0] / scale), min(self.size[1], v + size[1] / scale))
            piece = self.image.resize(size, Image.Resampling.BILINEAR, box=box)
        whole = piece.convert("RGBA")
        frame.paste(whole, (left, top), whole)

    def wave(
        self, frame: Image.Image, x: float, y: float, scale: float, shift: Callable[[float], float], rows: int = 8
    ) -> None:
        """As `put`, each row pushed sideways by `shift(how far down, 0-1)` of its own pixels."""
        x, y = x + self.corner[0] * scale, y + self.corner[1] * scale
        reach = int(max(abs(shift(i / rows)) for i in range(rows + 1)) * scale) + 2
        left, top = max(0, int(x) - reach), max(0, int(y))
        right = min(WIDTH, int(x + self.size[0] * scale) + reach)
        bottom = min(HEIGHT, int(y + self.size[1] * scale))
        if right <= left or bottom <= top:
            return
        width, height = right - left, bottom - top
        mesh = []
        for i in range(rows):
            y0, y1 = round(height * i / rows), round(height * (i + 1) / rows)
            if y1 <= y0:
                continue
            v0, v1 = (top + y0 - y) / scale, (top + y1 - y) / scale
            a, b = shift(v0 / self.size[1]), shift(v1 / self.size[1])
            u0, u1 = (left - x) / scale, (right - x) / scale
            mesh.append(((0, y0, width, y1), (u0 - a, v0, u0 - b, v1, u1 - b, v1, u1 - a, v0)))
        piece = self.image.transform((width, height), Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)
        whole = piece.convert("RGBA")
        frame.paste(whole, (left, top), whole)


class Hanging:
    """Something that hangs from a point and swings: a lantern, a strap, a sign. Painted with the point at (0, 0)."""

    def __init__(
        self,
        canvas: Canvas,
        x: float,
        y: float,
        depth: float,
        reach: float = 3.0,
        period: float = 3.0,
        phase: float = 0,
        blur: float = 0,
    ) -> None:
        self._sprite = Sprite(canvas.finished(blur))
        self._at, self._depth, self._box, self._unit = (x, y), depth, canvas.box, canvas.scale
        self._reach, self._period, self._phase = reach, period, phase

    def draw(self, frame: Image.Image, t: float, view: View) -> None:
        push = self._reach * sin(2 * pi * t / self._period + self._phase)
        scale = view.scale(self._depth)
        x, y = view.spot(*self._at, self._depth)
        left, top = x + self._box[0] * self._unit * scale, y + self._box[1] * self._unit * scale
        self._sprite.wave(frame, left, top, scale, lambda down: push * down, 6)


class Steam:
    """Soft clouds that rise and thin out, from (x, y) up to `height` above."""

    def __init__(
        self,
        x: float,
        y: float,
        height: float,
        colour: Colour,
        depth: float = 0.8,
        alpha: float = 0.3,
        size: float = 46,
        count: int = 7,
        random: Random | None = None,
    ) -> None:
        random = random or Random(round(x * 31 + y))  # noqa: S311
        self._at, self._height, self._depth, self._colour = (x, y), height, depth, colour
        self._puffs = [(i / count + random.random() / count, random.uniform(-1, 1)) for i in range(count)]
        self._size, self._alpha = size, alpha
        self._masks = [falloff().point([int(v * alpha * k / 8) for v in range(256)]) for k in range(9)]

    def draw(self, frame: Image.Image, t: float, view: View) -> None:
        for start, side in self._puffs:
            life = (start + t * 0.16) % 1
            level = round(8 * sin(pi * life) ** 0.8)
            size = round(self._size * (0.6 + 1.3 * life) * view.scale(self._depth))
            x = self._at[0] + side * self._size * 0.5 + 12 * sin(3 * life + side * 4)
            x, y = view.spot(x, self._at[1] - self._height * life, self._depth)
            mask = self._masks[level].resize((2 * size, 2 * size), Image.Resampling.BILINEAR)
            frame.paste(self._colour, (round(x - size), round(y - size)), mask)


class Passing:
    """A wide picture that runs by, over and over, through a window; `speed` in pixels a second to the left."""

    def __init__(self, canvas: Canvas, speed: float, depth: float, blur: float = 0) -> None:
        image = canvas.finished(blur)
        self._loop = image.width
        self._image = Image.new("RGBa", (image.width + WIDTH + 8, image.height))
        self._image.paste(image.convert("RGBa"), (0, 0))
        self._image.paste(image.convert("RGBa").crop((0, 0, WIDTH + 8, image.height)), (image.width, 0))
        self._top, self._speed, self._depth = canvas.box[1], speed, depth

    def draw(self, frame: Image.Image, t: float, view: View) -> None:
        offset = (self._speed * t) % self._loop
        _, y = view.spot(0, self._top, self._depth)
        box = (offset, 0.0, offset + WIDTH, float(self._image.height))
        piece = self._image.resize((WIDTH, self._image.height), Image.Resampling.BILINEAR, box=box).convert("RGBA")
        frame.paste(piece, (0, round(y)), piece)


class Sweep:
    """A broad beam of light that crosses the frame now and then: a passing train, headlights."""

    def __init__(
        self, colour: Colour, every: float, first: float, speed: float, width: float = 240, strength: float = 0.4
    ) -> None:
        self._every, self._first, self._speed = every, first, speed
        mask = (
            falloff()
            .resize((round(width), HEIGHT * 2), Image.Resampling.BILINEAR)
            .crop((0, HEIGHT // 2, round(width), HEIGHT // 2 + HEIGHT))
        )
        self._beam = Image.merge("RGB", [mask.point([int(v * c * strength / 255) for v in range(256)]) for c in colour])

    def draw(self, frame: Image.Image, t: float, view: View) -> None:
        since = (t - self._first) % self._every
        left = round(-self._beam.width + since * self._speed)
        right = min(WIDTH, left + self._beam.width)
        if left >= WIDTH or right <= 0 or t < self._first:
            return
        area = (max(0, left), 0, right, HEIGHT)
        piece = self._beam.crop((area[0] - left, 0, area[2] - left, HEIGHT))
        frame.paste(ImageChops.screen(frame.crop(area), piece), area[:2])


class Shimmer:
    """Short strokes of light on water or a wet floor, that come and go."""

    def __init__(
        self, area: tuple[float, float, float, float], colour: Colour, count: int, random: Random, depth: float = 0.4
    ) -> None:
        x0, y0, x1, y1 = area
        self._strokes = []
        for _ in range(count):
            down = random.random()
            y = y0 + (y1 - y0) * down
            self._strokes.append(
                (random.uniform(x0, x1), y, (10 + 40 * down) * random.uniform(0.5, 1.2), random.uniform(0, 6.3))
            )
        self._colour, self._depth = colour, depth

    def draw(self, frame: Image.Image, t: float, view: View) -> None:
        pen = ImageDraw.Draw(frame, "RGBA")
        for x, y, length, phase in self._strokes:
            light = sin(1.6 * t + phase)
            if light > 0:
                x, y = view.spot(x + 5 * sin(0.7 * t + phase), y, self._depth)
                pen.line([(x - length / 2, y), (x + length / 2, y)], (*self._colour, round(110 * light)), 2)


class Trace:
    """A lit curve that is drawn again and again from left to right, as on a heart monitor."""

    def __init__(self, points: Points, colour: Colour, depth: float, period: float = 2.2) -> None:
        self._points, self._colour, self._depth, self._period = list(points), colour, depth, period

    def draw(self, frame: Image.Image, t: float, view: View) -> None:
        count = len(self._points)
        head = int((t / self._period) % 1 * count)
        pen = ImageDraw.Draw(frame, "RGBA")
        spots = [view.spot(x, y, self._depth) for x, y in self._points]
        for i in range(count - 1):
            age = (head - i) % count / count
            if age < 0.85:
                pen.line([spots[i], spots[i + 1]], (*self._colour, round(255 * (1 - age))), 3)


class Drifting:
    """A sprite that crosses slowly: a boat, a cloud, a far ship, dust of a planet. Speed in pixels a second."""

    def __init__(
        self,
        canvas: Canvas,
        x: float,
        y: float,
        speed: tuple[float, float],
        depth: float,
        bob: float = 0,
        blur: float = 0,
    ) -> None:
        self._sprite = Sprite(canvas.finished(blur))
        self._at, self._speed, self._depth, self._bob = (x, y), speed, depth, bob
        self._box, self._unit = canvas.box, canvas.scale

    def draw(self, frame: Image.Image, t: float, view: View) -> None:
        x = self._at[0] + self._speed[0] * t
        y = self._at[1] + self._speed[1] * t + self._bob * sin(1.9 * t)
        x, y = view.spot(x, y, self._depth)
        scale = view.scale(self._depth)
        self._sprite.put(frame, x + self._box[0] * self._unit * scale, y + self._box[1] * self._unit * scale, scale)
