"""Where the town eats: night market, noodle stall, cafe."""

from __future__ import annotations

from bot.clips.make.backdrop.sky import BOTTOM, LEFT, RIGHT, TOP, ground, lamp_at, outline, sky, skyline, toward
from bot.clips.make.motion import Glow, Hanging, Passing, Steam
from bot.clips.make.paint import Canvas, ring
from bot.clips.make.palette import dim, mix
from bot.clips.make.stage import Stage
from bot.clips.make.words import Colour

LANTERN: Colour = (226, 62, 48)


def _lantern(stage: Stage, x: float, y: float, size: float, depth: float, colour: Colour = LANTERN) -> None:
    hang = Canvas((-30, -2, 30, 96), size)
    hang.line([(0, 0), (0, 14)], 2, stage.palette.deep)
    hang.oval(0, 44, 26, 30, colour)
    hang.oval(0, 44, 15, 28, mix(colour, (255, 230, 150), 0.42))
    hang.oval(0, 44, 5, 27, mix(colour, (255, 244, 190), 0.66))
    hang.rect(-10, 12, 10, 18, stage.palette.deep)
    hang.rect(-10, 70, 10, 76, stage.palette.deep)
    hang.line([(0, 76), (0, 94)], 4, mix(colour, (255, 200, 90), 0.5))
    stage.add(Hanging(hang, x, y, depth, 5 * size, 2.8, x * 0.05, stage.focus))
    stage.add(Glow(x, y + 44 * size, 92 * size, mix(colour, stage.palette.lamp, 0.5), depth, 0.6, "steady", x))


def night_market(stage: Stage) -> None:
    """Two rows of stalls under strings of lanterns, a crowd, steam."""
    p, random, far = stage.palette, stage.random, (270.0, 440.0)
    sky(stage, 470, None, 40)
    stage.layer(0.15, lambda c: skyline(c, random, 470, mix(p.mid, p.low, 0.3), (80, 220), (44, 90), p.lamp, 0.3))

    def stalls(canvas: Canvas) -> None:
        canvas.polygon(
            [
                (LEFT - 100, BOTTOM),
                toward((LEFT - 100, BOTTOM), far, 0.86),
                toward((RIGHT + 100, BOTTOM), far, 0.86),
                (RIGHT + 100, BOTTOM),
            ],
            mix(p.dark, p.lamp, 0.14),
        )
        canvas.glow(270, 560, 260, mix(p.lamp, LANTERN, 0.4), 0.5, 120)
        for side in (-1, 1):
            edge = 270 + side * 330
            for k in (0.78, 0.66, 0.48, 0.2):
                _stall(
                    canvas,
                    stage,
                    edge,
                    k,
                    far,
                    random.choice((p.accent, LANTERN, mix(p.pale, p.lamp, 0.4), (60, 140, 130))),
                )

    stage.layer(0.4, stalls)
    stage.layer(0.55, lambda c: _crowd(c, stage))
    for row, (y, size, depth) in enumerate(((246, 0.42, 0.35), (176, 0.64, 0.5), (66, 1.0, 0.7))):
        wire = [(LEFT, y - 20), (130, y + 14), (270, y + 22), (410, y + 14), (RIGHT, y - 20)]
        stage.layer(depth, lambda c, wire=wire: c.line(wire, 2, p.deep))  # type: ignore[misc]
        count = 7 - row
        for i in range(count):
            x = 20 + 500 * i / (count - 1)
            tone = (LANTERN, (240, 150, 50), LANTERN, (236, 92, 70))[i % 4]
            _lantern(stage, x, y + 20 - 34 * ((x - 270) / 330) ** 2, size, depth, tone)
    stage.add(Steam(96, 560, 260, mix(p.pale, p.lamp, 0.4), 0.6, 0.26))
    stage.add(Steam(452, 540, 230, mix(p.pale, p.lamp, 0.4), 0.6, 0.2))
    stage.light, stage.floor = 1, 760


def _stall(canvas: Canvas, stage: Stage, edge: float, k: float, far: tuple[float, float], cloth: Colour) -> None:
    p = stage.palette
    b = k + (1 - k) * 0.3

    def face(y0: float, y1: float, colour: Colour, from_: float = k, to: float = b) -> None:
        canvas.polygon(
            [
                toward((edge, y0), far, from_),
                toward((edge, y0), far, to),
                toward((edge, y1), far, to),
                toward((edge, y1), far, from_),
            ],
            colour,
        )

    face(300, 560, mix(p.lamp, cloth, 0.2))
    face(560, 800, dim(cloth, 0.42))
    face(545, 572, mix(p.pale, p.lamp, 0.5))
    inward = 110 if edge < 270 else -110
    stripes = 7
    for i in range(stripes):
        a0, a1 = k + (b - k) * i / stripes, k + (b - k) * (i + 1) / stripes
        tone = cloth if i % 2 else mix((246, 236, 214), p.lamp, 0.2)
        out0, out1 = toward((edge + inward, 330), far, a0), toward((edge + inward, 330), far, a1)
        canvas.polygon([toward((edge, 220), far, a0), toward((edge, 220), far, a1), out1, out0], dim(tone, 0.86))
    for i in range(5):
        x, y = toward((edge, 540), far, k + (b - k) * (0.12 + 0.18 * i))
        canvas.oval(x, y, 15 * (1 - k), 13 * (1 - k), dim(stage.random.choice((p.accent, p.lamp, cloth)), 0.7))


def _crowd(canvas: Canvas, stage: Stage) -> None:
    p, random = stage.palette, stage.random
    for k in (0.4, 0.55, 0.75):
        for _ in range(7):
            x, y = 270 + random.uniform(-190, 190) * k, 470 + 70 * k
            r = 15 * k
            shade = mix(p.dark, mix(p.mid, p.lamp, 0.3), 1 - k)
            canvas.blob(
                [
                    (x - 2 * r, y + 7 * r),
                    (x - 1.7 * r, y + 1.8 * r),
                    (x, y + r),
                    (x + 1.7 * r, y + 1.8 * r),
                    (x + 2 * r, y + 7 * r),
                ],
                shade,
            )
            canvas.oval(x, y, r, r * 1.15, shade)
            canvas.line([(x + r * 0.9, y - r * 0.6), (x + r * 1.02, y + r * 0.3)], 2, p.lamp, 0.7)


def noodle_stall(stage: Stage) -> None:
    """The counter of one stall: cloth above, pots and bowls, steam, bottles on a shelf."""
    p, _random = stage.palette, stage.random

    stage.layer(0.3, lambda canvas: _noodle_stall_back(canvas, stage))
    for i, x in enumerate((60, 200, 340, 480)):
        _lantern(stage, x, 96 + 14 * (i % 2), 0.86, 0.55)
    for i in range(5):
        cloth = Canvas((0, -2, 126, 92))
        tone = (178, 36, 40) if i % 2 == 0 else (156, 30, 40)
        cloth.polygon([(0, 0), (122, 0), (120, 86), (64, 92), (4, 86)], mix(tone, p.dark, 0.15))
        ink = (250, 236, 208)
        if i % 2 == 0:
            loop = ring(62, 42, 22, 22, sides=28)
            cloth.line([*loop, loop[0]], 5, ink)
            cloth.line([(50, 36), (74, 36)], 5, ink)
            cloth.line([(52, 48), (72, 48)], 5, ink)
        stage.add(Hanging(cloth, -64 + 126 * i, -6, 0.75, 7, 3.1, i * 0.8, stage.focus))

    stage.layer(0.7, lambda canvas: _noodle_stall_counter(canvas, stage))
    stage.add(Steam(72, 460, 330, mix((255, 255, 255), p.lamp, 0.35), 0.75, 0.34, 56, 9))
    stage.add(Steam(452, 508, 200, mix((255, 255, 255), p.lamp, 0.35), 0.75, 0.2, 34, 6))
    stage.windows.append(outline(LEFT, TOP, RIGHT, 540))
    stage.light, stage.floor = 1, 790


def _noodle_stall_counter(canvas: Canvas, stage: Stage) -> None:
    p = stage.palette
    wood = mix((132, 76, 46), p.mid, 0.3)
    canvas.rect(LEFT, 548, RIGHT, 582, mix(wood, p.lamp, 0.3))
    canvas.rect(LEFT, 544, RIGHT, 550, p.lamp, 0.8)
    canvas.gradient([dim(wood, 0.6), dim(wood, 0.2)], (LEFT, 582, RIGHT, BOTTOM))
    for x in range(-40, 600, 84):
        canvas.line([(x, 584), (x, BOTTOM)], 3, dim(wood, 0.3))
    ground(canvas, 742, dim(mix(wood, p.mid, 0.6), 0.55))
    metal = mix(p.pale, (150, 140, 130), 0.5)
    canvas.rect(16, 462, 126, 548, dim(metal, 0.7), round_=10)
    canvas.rect(8, 454, 134, 470, metal, round_=6)
    canvas.rect(100, 474, 110, 544, p.lamp, 0.5)
    for x in (424, 486):
        canvas.polygon([(x - 30, 508), (x + 30, 508), (x + 17, 546), (x - 17, 546)], mix((236, 230, 216), p.lamp, 0.2))
        canvas.rect(x - 30, 514, x + 30, 520, LANTERN)


def _noodle_stall_back(canvas: Canvas, stage: Stage) -> None:
    p = stage.palette
    random = stage.random
    wood = mix((110, 60, 40), p.mid, 0.35)
    canvas.gradient([dim(wood, 0.4), mix(wood, p.lamp, 0.25), dim(wood, 0.5)])
    for gap in range(-60, 620, 52):
        canvas.line([(gap, TOP), (gap, 560)], 2.4, dim(wood, 0.55), 0.7)
    for y in (250, 366):
        canvas.rect(LEFT, y, RIGHT, y + 12, dim(wood, 0.5))
        canvas.rect(LEFT, y - 2, RIGHT, y + 2, p.lamp, 0.5)
        x = -40.0
        while x < 580:
            wide, high = random.uniform(16, 34), random.uniform(34, 78)
            tone = random.choice((p.accent, (70, 120, 100), (226, 206, 170), LANTERN, (60, 70, 110), p.lamp))
            canvas.rect(x, y - high, x + wide, y, dim(tone, 0.62), round_=6)
            if high > 55:
                canvas.rect(x + wide * 0.3, y - high - 16, x + wide * 0.7, y - high + 8, dim(tone, 0.5), round_=3)
            canvas.rect(x + wide * 0.7, y - high + 6, x + wide * 0.84, y - 6, p.lamp, 0.35)
            x += wide + random.uniform(6, 22)
    canvas.glow(270, 220, 330, p.lamp, 0.4)


def cafe(stage: Stage) -> None:
    """A big window on the street, hanging lamps, a counter with cups."""
    p, random = stage.palette, stage.random
    stage.indoors = True
    sky(stage, 520, None)
    traffic = Canvas((0, 380, 1200, 560))
    for _ in range(26):
        x, y, r = random.uniform(0, 1200), random.uniform(400, 540), random.uniform(6, 20)
        traffic.oval(x, y, r, r, random.choice((p.lamp, p.accent, p.pale)), random.uniform(0.3, 0.7))
    stage.layer(0.2, lambda c: skyline(c, random, 540, mix(p.mid, p.low, 0.2), (120, 360), (60, 130), p.lamp, 0.3))
    stage.add(Passing(traffic, 60, 0.25, 2))
    stage.windows.append(outline(30, 110, 510, 560))

    def wall(canvas: Canvas) -> None:
        wood = mix((96, 58, 46), p.mid, 0.4)
        canvas.gradient([dim(wood, 0.5), wood, dim(wood, 0.45)])
        canvas.rect(16, 96, 524, 574, dim(wood, 0.5), round_=8)
        canvas.hole(outline(30, 110, 510, 560))
        canvas.line([(270, 110), (270, 560)], 8, dim(wood, 0.5))
        canvas.line([(30, 220), (510, 220)], 8, dim(wood, 0.5))
        canvas.rect(LEFT, 560, RIGHT, 600, mix(wood, p.lamp, 0.3))
        canvas.gradient([dim(wood, 0.6), dim(wood, 0.25)], (LEFT, 600, RIGHT, BOTTOM))
        ground(canvas, 742, dim(wood, 0.6))
        for x in (70, 470):
            canvas.polygon([(x - 22, 532), (x + 22, 532), (x + 16, 562), (x - 16, 562)], (236, 228, 214))
            handle = ring(x + 22, 544, 9, 9, sides=20)
            canvas.line([*handle, handle[0]], 4, (236, 228, 214))

    stage.layer(0.5, wall)
    for x in (110, 270, 430):
        lamp = Canvas((-46, -4, 46, 130))
        lamp.line([(0, 0), (0, 70)], 3, p.deep)
        lamp.blob([(-38, 108), (-20, 74), (0, 66), (20, 74), (38, 108), (0, 112)], dim(p.accent, 0.7))
        lamp.oval(0, 108, 22, 6, (255, 246, 220))
        stage.add(Hanging(lamp, x, -20, 0.7, 3, 4.4, x, stage.focus))
        lamp_at(stage, x, 100, 150, 0.7)
    stage.add(Steam(70, 530, 130, (255, 255, 255), 0.6, 0.25, 18, 5))
    stage.floor = 800
