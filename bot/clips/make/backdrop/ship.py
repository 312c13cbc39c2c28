"""Aboard a ship: corridor, airlock, cabin."""

from __future__ import annotations

from math import cos, pi, sin

from bot.clips.make.backdrop.sky import BOTTOM, LEFT, RIGHT, TOP, ground, toward
from bot.clips.make.motion import Glow, Hanging, Steam
from bot.clips.make.paint import Canvas, Point, ring
from bot.clips.make.palette import Palette, dim, mix
from bot.clips.make.stage import Stage
from bot.clips.make.words import Colour

HAZARD: Colour = (236, 184, 52)


def space(stage: Stage, giant: Point | None, radius: float = 170) -> None:
    """Stars behind a window, and a world when `giant` says where."""
    p, random = stage.palette, stage.random

    def paint(canvas: Canvas) -> None:
        canvas.gradient([(3, 5, 16), mix((6, 8, 24), p.high, 0.5), mix((8, 10, 30), p.middle, 0.45)])
        canvas.glow(120, 300, 330, p.accent, 0.2, 200)
        canvas.glow(430, 160, 300, p.low, 0.3, 220)
        for _ in range(230):
            x, y = random.uniform(LEFT, RIGHT), random.uniform(TOP, 800)
            r = random.choice((0.7, 0.9, 1.2, 1.8))
            canvas.oval(x, y, r, r, (236, 240, 255), random.uniform(0.35, 1))
        if giant:
            canvas.glow(*giant, radius * 1.5, p.rim, 0.4)
            canvas.oval(*giant, radius, radius, mix(p.pale, p.low, 0.4))
            for i, y in enumerate((-0.66, -0.4, -0.1, 0.22, 0.5)):
                half = radius * (1 - y * y) ** 0.5
                canvas.oval(
                    giant[0],
                    giant[1] + y * radius,
                    half * 0.985,
                    radius * (0.05 + 0.04 * (i % 2)),
                    mix(p.mid, p.accent, 0.3),
                    0.45,
                )
            mask = canvas.mask(ring(*giant, radius))
            mask.paste(0, (0, 0), canvas.mask(ring(giant[0] + radius * 0.3, giant[1] - radius * 0.24, radius * 1.04)))
            canvas.stamp(mask, (3, 5, 16), 0.72)

    stage.layer(0.06, paint)
    for _ in range(7):
        stage.add(
            Glow(
                random.uniform(10, 530),
                random.uniform(20, 520),
                7,
                (255, 255, 255),
                0.06,
                0.9,
                "twinkle",
                random.random() * 6,
            )
        )


def steel(p: Palette) -> Colour:
    """The ship's own grey in this light."""
    return mix(mix((92, 104, 124), p.mid, 0.5), p.pale, 0.08)


def ship_corridor(stage: Stage) -> None:
    """Eight-sided frames into the distance, strips of light, pipes."""
    p, far = stage.palette, (270.0, 400.0)
    stage.indoors = True
    steel(p)

    stage.layer(0.4, lambda canvas: _ship_corridor_paint(canvas, stage))
    for k in (0.1, 0.4, 0.6, 0.73):
        for x in (-60, 600):
            at = toward((x, 420), far, k)
            stage.add(Glow(*at, 150 * (1 - k), p.rim, 0.4, 0.4, "flicker" if k == 0.4 and x > 0 else "steady", k * 8))
        at = toward((270, -60), far, k)
        stage.add(Glow(*at, 190 * (1 - k) + 10, p.lamp, 0.4, 0.35))
    stage.add(Glow(270, 400, 90, p.accent, 0.3, 0.75, "pulse"))
    stage.add(Steam(500, 640, 240, p.pale, 0.7, 0.16, 60, 6))
    stage.floor = 800


def _ship_corridor_paint(canvas: Canvas, stage: Stage) -> None:
    far = (270.0, 400.0)
    corners = [(120, -60), (420, -60), (600, 120), (600, 640), (470, 900), (70, 900), (-60, 640), (-60, 120)]
    p = stage.palette
    metal = steel(p)
    canvas.gradient([dim(metal, 0.4), dim(metal, 0.6), dim(metal, 0.3)])
    steps = [0.0, 0.3, 0.52, 0.67, 0.78, 0.86]
    for i, k in enumerate(steps):
        outer = [toward(c, far, k) for c in corners]
        nearer = steps[i + 1] if i + 1 < len(steps) else 0.9
        for j in range(8):
            a, b = corners[j], corners[(j + 1) % 8]
            tone = dim(metal, (0.5, 0.72, 0.9, 0.66, 0.34, 0.5, 0.7, 0.62)[j] * (0.72 + 0.1 * i))
            canvas.polygon([toward(a, far, k), toward(b, far, k), toward(b, far, nearer), toward(a, far, nearer)], tone)
        canvas.line([*outer, outer[0]], 40 * (1 - k), dim(metal, 0.36 + 0.06 * i))
        canvas.line([toward(c, far, k + 0.03) for c in corners[1:4]], 4 * (1 - k), p.rim, 0.6)
        canvas.line(
            [toward((-60, 420), far, k + 0.04), toward((-60, 420), far, nearer - 0.02)],
            12 * (1 - k),
            mix(p.rim, (255, 255, 255), 0.4),
        )
        canvas.line(
            [toward((600, 420), far, k + 0.04), toward((600, 420), far, nearer - 0.02)],
            12 * (1 - k),
            mix(p.rim, (255, 255, 255), 0.4),
        )
        canvas.line(
            [toward((270, -60), far, k + 0.06), toward((270, -60), far, nearer - 0.03)],
            34 * (1 - k),
            mix(p.lamp, (255, 255, 255), 0.5),
        )
    for y in (560, 590):
        canvas.line([toward((-60, y), far, 0), toward((-60, y), far, 0.9)], 8, dim(metal, 0.45))
        canvas.line([toward((600, y - 380), far, 0), toward((600, y - 380), far, 0.9)], 8, dim(metal, 0.45))
    end = [toward(c, far, 0.9) for c in corners]
    canvas.polygon(end, mix(p.accent, p.deep, 0.35))
    canvas.line([(270, end[0][1]), (270, end[5][1])], 2.4, p.deep)


def airlock(stage: Stage) -> None:
    """The great round door, hazard stripes, a window of stars, a turning red light."""
    p, random = stage.palette, stage.random
    stage.indoors = True
    space(stage, None)
    steel(p)

    stage.layer(0.35, lambda canvas: _airlock_wall(canvas, stage))

    stage.layer(0.55, lambda canvas: _airlock_fittings(canvas, stage))
    for i, x in enumerate((58, 482)):
        stage.add(Glow(x, 58, 260, (255, 56, 44), 0.55, 0.75, "beacon", i * pi))
    stage.add(Glow(270, 330, 240, p.rim, 0.2, 0.25, "pulse"))
    stage.add(Glow(496, 354, 40, (255, 70, 60), 0.55, 0.9, "blink"))
    stage.add(Steam(70, 660, 220, p.pale, 0.7, 0.2, 70, 6, random))
    stage.light, stage.floor = 1, 786


def _airlock_fittings(canvas: Canvas, stage: Stage) -> None:
    p = stage.palette
    metal = steel(p)
    canvas.rect(468, 330, 524, 446, p.deep, round_=8)
    for i, tone in enumerate(((255, 70, 60), HAZARD, (90, 220, 150))):
        canvas.oval(496, 354 + 30 * i, 9, 9, tone if i == 0 else dim(tone, 0.5))
    for x in (58, 482):
        canvas.rect(x - 24, 22, x + 24, 40, p.deep, round_=6)
        canvas.blob([(x - 18, 40), (x + 18, 40), (x + 14, 70), (x, 78), (x - 14, 70)], (214, 52, 44))
    canvas.line([(30, 90), (24, 240), (36, 420), (22, 640)], 9, dim(metal, 0.35))


def _airlock_wall(canvas: Canvas, stage: Stage) -> None:
    p = stage.palette
    metal = steel(p)
    canvas.gradient([dim(metal, 0.35), dim(metal, 0.7), dim(metal, 0.4)])
    for x in (-20, 560):
        canvas.rect(x - 34, TOP, x + 34, BOTTOM, dim(metal, 0.42))
    for y in (70, 250, 430, 610):
        for x0, x1 in ((LEFT, 60), (480, RIGHT)):
            canvas.rect(x0, y, x1, y + 150, dim(metal, 0.55), round_=10)
            canvas.line([(x0, y + 4), (x1, y + 4)], 2, p.rim, 0.35)
    canvas.oval(270, 330, 262, 276, dim(metal, 0.32))
    canvas.oval(270, 330, 244, 258, HAZARD)
    for i in range(24):
        a0, a1 = 2 * pi * i / 24, 2 * pi * (i + 0.5) / 24
        spots = [(r0, a) for r0, a in ((218, a0), (262, a0 + 0.12), (262, a1 + 0.12), (218, a1))]
        canvas.polygon([(270 + r * cos(a), 330 + r * 1.056 * sin(a)) for r, a in spots], (26, 24, 30))
    canvas.oval(270, 330, 216, 230, dim(metal, 0.3))
    canvas.oval(270, 330, 206, 220, dim(metal, 0.8))
    canvas.oval(262, 322, 192, 206, dim(metal, 0.95))
    for i in range(8):
        a = 2 * pi * (i + 0.5) / 8
        canvas.line(
            [(270 + 120 * cos(a), 330 + 126 * sin(a)), (270 + 196 * cos(a), 330 + 208 * sin(a))],
            15,
            dim(metal, 0.55),
        )
        canvas.oval(270 + 196 * cos(a), 330 + 208 * sin(a), 9, 9, dim(metal, 0.35))
    canvas.oval(270, 330, 122, 126, dim(metal, 0.36))
    canvas.hole(ring(270, 330, 104, 108, sides=60))
    canvas.line([(192, 258), (214, 236), (240, 224)], 7, (255, 255, 255), 0.28)
    canvas.line([(270, 222), (270, 438)], 5, dim(metal, 0.4))
    arc = ring(270, 330, 206, 220)[26:40]
    canvas.line(arc, 4, p.rim, 0.8)
    canvas.gradient([dim(metal, 0.55), p.deep], (LEFT, 650, RIGHT, BOTTOM))
    for x in range(-60, 620, 44):
        canvas.polygon([(x, 650), (x + 22, 650), (x + 6, 672), (x - 16, 672)], HAZARD, 0.85)
    for k in range(7):
        canvas.line([(LEFT, 690 + 14 * k * k * 0.6), (RIGHT, 690 + 14 * k * k * 0.6)], 2, dim(metal, 0.3))


def cabin(stage: Stage) -> None:
    """A bunk, a round window, a locker, a small warm lamp."""
    p, random = stage.palette, stage.random
    stage.indoors = True
    if stage.weather:
        stage.windows.append(ring(360, 210, 92))
    space(stage, (400, 250), 74)
    mix(steel(p), (120, 84, 66), 0.3)

    stage.layer(0.4, lambda canvas: _cabin_wall(canvas, stage))

    stage.layer(0.65, lambda canvas: _cabin_bunk(canvas, stage))
    lamp = Canvas((-40, -4, 40, 90))
    lamp.line([(0, 0), (0, 40)], 4, p.deep)
    lamp.polygon([(-30, 70), (-14, 38), (14, 38), (30, 70)], dim(p.accent, 0.6))
    lamp.oval(0, 70, 20, 6, (255, 246, 220))
    stage.add(Hanging(lamp, 240, -12, 0.7, 4, 3.9, 0, stage.focus))
    stage.add(Glow(240, 70, 250, p.lamp, 0.7, 0.65, "flicker", random.random()))
    stage.add(Glow(360, 210, 130, p.rim, 0.4, 0.3))
    stage.light, stage.floor = -1, 800


def _cabin_bunk(canvas: Canvas, stage: Stage) -> None:
    p = stage.palette
    metal = mix(steel(p), (120, 84, 66), 0.3)
    canvas.rect(LEFT, 540, RIGHT, 600, mix((214, 206, 196), p.mid, 0.4), round_=22)
    canvas.rect(392, 506, 530, 570, mix((232, 228, 222), p.mid, 0.3), round_=28)
    canvas.polygon([(LEFT, 560), (330, 556), (350, 640), (LEFT, 650)], dim(p.accent, 0.5))
    for x in range(-40, 330, 46):
        canvas.polygon([(x, 560), (x + 16, 560), (x + 20, 644), (x + 2, 646)], dim(p.accent, 0.62))
    canvas.gradient([dim(metal, 0.5), p.deep], (LEFT, 636, RIGHT, BOTTOM))
    canvas.rect(LEFT, 632, RIGHT, 642, dim(metal, 1.1))
    ground(canvas, 772, dim(metal, 0.5))
    for x in (20, 200, 380):
        canvas.rect(x, 670, x + 150, 758, dim(metal, 0.35), round_=10)
        canvas.line([(x + 50, 700), (x + 100, 700)], 6, dim(metal, 0.7))


def _cabin_wall(canvas: Canvas, stage: Stage) -> None:
    p = stage.palette
    metal = mix(steel(p), (120, 84, 66), 0.3)
    canvas.gradient([dim(metal, 0.45), dim(metal, 0.9), dim(metal, 0.5)])
    for x in (-40, 110, 250, 470):
        canvas.line([(x, TOP), (x, 560)], 3, dim(metal, 0.5))
    canvas.oval(360, 210, 120, 120, dim(metal, 0.4))
    canvas.oval(360, 210, 108, 108, dim(metal, 1.15))
    canvas.hole(ring(360, 210, 92, sides=60))
    for i in range(12):
        a = 2 * pi * i / 12
        canvas.oval(360 + 100 * cos(a), 210 + 100 * sin(a), 4, 4, dim(metal, 0.5))
    canvas.line(ring(360, 210, 107)[24:38], 4, p.rim, 0.8)
    canvas.rect(28, 120, 184, 540, dim(metal, 0.55), round_=8)
    canvas.rect(36, 128, 104, 532, dim(metal, 0.75), round_=6)
    canvas.rect(110, 128, 176, 532, dim(metal, 0.75), round_=6)
    for y in (160, 172, 184):
        canvas.line([(48, y), (92, y)], 3, dim(metal, 0.45))
        canvas.line([(122, y), (164, y)], 3, dim(metal, 0.45))
    for x, y, tone in ((60, 300, p.accent), (128, 270, p.pale), (132, 350, p.lamp)):
        canvas.rect(x, y, x + 34, y + 42, mix(tone, (255, 255, 255), 0.2))
        canvas.rect(x + 4, y + 4, x + 30, y + 30, dim(tone, 0.5))
