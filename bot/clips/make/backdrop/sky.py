"""What is far away: skies, stars, moons, skylines, hills; and the lines of a room seen in depth."""

from __future__ import annotations

from random import Random

from bot.clips.make.motion import Glow
from bot.clips.make.paint import HEIGHT, WIDTH, Canvas, Point, Points
from bot.clips.make.palette import Palette, dim, mix
from bot.clips.make.stage import Stage
from bot.clips.make.words import Colour

LEFT, RIGHT, TOP, BOTTOM = -60.0, WIDTH + 60.0, -60.0, HEIGHT + 60.0


def toward(point: Point, vanishing: Point, along: float) -> Point:
    """A point moved towards the vanishing point: 0 stays, 1 is there."""
    return (point[0] + (vanishing[0] - point[0]) * along, point[1] + (vanishing[1] - point[1]) * along)


def sky(stage: Stage, horizon: float = 560, moon: Point | None = (400, 150), stars: int = 60) -> None:
    """Fills the picture with the sky of the hour: stars and a moon at night, a low sun at dawn and dusk."""
    palette, random = stage.palette, stage.random
    dull = stage.weather in ("rain", "storm", "fog", "snow")

    def paint(canvas: Canvas) -> None:
        stops = [palette.high, palette.middle, palette.low]
        if dull:
            stops = [
                mix(palette.high, palette.mid, 0.4),
                mix(palette.middle, palette.mid, 0.4),
                mix(palette.low, palette.mid, 0.35),
            ]
        canvas.gradient(stops, (LEFT, TOP, RIGHT, horizon))
        canvas.gradient([stops[2], palette.dark], (LEFT, horizon, RIGHT, BOTTOM))
        if stage.time == "night" and not dull:
            for _ in range(stars):
                x, y, r = (
                    random.uniform(LEFT, RIGHT),
                    random.uniform(TOP, horizon * 0.8),
                    random.choice((0.8, 1.0, 1.5)),
                )
                canvas.oval(x, y, r, r, (230, 236, 255), random.uniform(0.3, 0.9))
        if moon and (not dull or stage.weather == "snow"):
            _orb(canvas, stage, moon, horizon)
        _clouds(canvas, palette, random, horizon, 7 if dull else 4)

    stage.layer(0, paint)


def _orb(canvas: Canvas, stage: Stage, at: Point, horizon: float) -> None:
    palette = stage.palette
    if stage.time in ("dawn", "dusk"):
        y = horizon - 96
        canvas.glow(at[0], y, 330, palette.lamp, 0.75)
        canvas.oval(at[0], y, 58, 58, mix(palette.lamp, (255, 255, 255), 0.35))
    elif stage.time == "day":
        canvas.glow(*at, 300, (255, 255, 240), 0.7)
    else:
        canvas.glow(*at, 190, palette.pale, 0.5)
        canvas.oval(*at, 40, 40, mix(palette.rim, (255, 255, 255), 0.4))
        canvas.oval(at[0] - 12, at[1] - 8, 9, 9, palette.pale, 0.35)
        canvas.oval(at[0] + 12, at[1] + 12, 13, 13, palette.pale, 0.3)


def _clouds(canvas: Canvas, palette: Palette, random: Random, horizon: float, count: int) -> None:
    for i in range(count):
        y = 40 + (horizon - 160) * i / count + random.uniform(-20, 20)
        x, wide = random.uniform(0, WIDTH), random.uniform(130, 260)
        colour = mix(palette.middle, palette.pale, 0.28 + 0.3 * i / count)
        outline = [
            (x - wide, y),
            (x - wide * 0.5, y - 14),
            (x - wide * 0.1, y - 30),
            (x + wide * 0.3, y - 16),
            (x + wide, y),
            (x, y + 9),
        ]
        canvas.blob(outline, colour, 0.34)


def skyline(
    canvas: Canvas,
    random: Random,
    base: float,
    colour: Colour,
    tall: tuple[float, float],
    wide: tuple[float, float],
    window: Colour | None = None,
    odds: float = 0.3,
    to: float = BOTTOM,
) -> None:
    """A row of buildings from edge to edge, standing on `base`, some windows lit."""
    x = LEFT
    while x < RIGHT:
        width, top = random.uniform(*wide), base - random.uniform(*tall)
        canvas.rect(x, top, x + width + 1, to, colour)
        if random.random() < 0.35:
            canvas.rect(x + width * 0.3, top - 14, x + width * 0.6, top + 1, colour)
        if random.random() < 0.25:
            canvas.line([(x + width * 0.5, top), (x + width * 0.5, top - 40)], 2, colour)
        if window:
            step = max(11.0, width / 6)
            for wy in range(int(top) + 12, int(base) - 8, int(step * 1.3)):
                for k in range(1, int(width / step)):
                    if random.random() < odds:
                        shade = mix(window, colour, random.uniform(0, 0.55))
                        canvas.rect(x + k * step, wy, x + k * step + step * 0.45, wy + step * 0.62, shade)
        x += width


def hills(canvas: Canvas, random: Random, base: float, height: float, colour: Colour, bumps: int = 5) -> None:
    """A soft ridge from edge to edge, filled to the bottom."""
    ridge = [(LEFT + (RIGHT - LEFT) * i / bumps, base - height * random.uniform(0.2, 1)) for i in range(bumps + 1)]
    canvas.blob([(LEFT - 80, BOTTOM), (LEFT - 80, base), *ridge, (RIGHT + 80, base), (RIGHT + 80, BOTTOM)], colour)


def walls(
    canvas: Canvas, far: tuple[float, float, float, float], colours: tuple[Colour, Colour, Colour, Colour]
) -> None:
    """A room seen straight on: `far` is its back wall; colours of back, sides, ceiling, floor."""
    x0, y0, x1, y1 = far
    back, side, ceiling, floor = colours
    canvas.polygon([(LEFT, TOP), (RIGHT, TOP), (x1, y0), (x0, y0)], ceiling)
    canvas.gradient([mix(floor, back, 0.35), dim(floor, 0.55)], (LEFT, y1, RIGHT, BOTTOM))
    canvas.polygon([(LEFT, TOP), (x0, y0), (x0, y1), (LEFT, y1 + (y1 - 300) * 0.9)], side)
    canvas.polygon([(RIGHT, TOP), (x1, y0), (x1, y1), (RIGHT, y1 + (y1 - 300) * 0.9)], dim(side, 0.86))
    canvas.gradient([dim(back, 0.82), back], far)


def ground(canvas: Canvas, top: float, colour: Colour) -> None:
    """A floor before counters and beds, for feet to stand on."""
    canvas.gradient([colour, dim(colour, 0.45)], (LEFT, top, RIGHT, BOTTOM))
    canvas.line([(LEFT, top), (RIGHT, top)], 3, dim(colour, 0.5))
    for i in range(1, 5):
        canvas.line([(LEFT, top + 14 * i * i), (RIGHT, top + 14 * i * i)], 1.6, dim(colour, 0.6), 0.7)


def lamp_at(stage: Stage, x: float, y: float, radius: float, depth: float = 0.6, **more: float) -> None:
    """A warm light in the air."""
    stage.add(Glow(x, y, radius, stage.palette.lamp, depth, more.get("strength", 0.6), "steady", x))


def outline(x0: float, y0: float, x1: float, y1: float) -> Points:
    """The corners of a rectangle."""
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
