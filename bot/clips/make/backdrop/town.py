"""The town out of doors: street, alley, rooftop."""

from __future__ import annotations

from bot.clips.make.backdrop.sky import BOTTOM, LEFT, RIGHT, sky, skyline, toward
from bot.clips.make.motion import Glow, Hanging, Shimmer, Steam, Sweep
from bot.clips.make.paint import Canvas
from bot.clips.make.palette import dim, mix
from bot.clips.make.stage import Stage
from bot.clips.make.words import Colour

NEON: tuple[Colour, ...] = ((255, 80, 120), (80, 220, 230), (255, 190, 70), (160, 110, 255))


def street(stage: Stage) -> None:
    """Shopfronts on both sides, lamps into the distance, wires above, a wet road."""
    p, random, far = stage.palette, stage.random, (270.0, 470.0)
    sky(stage, 520, (310, 140))
    stage.layer(0.15, lambda c: skyline(c, random, 480, mix(p.mid, p.low, 0.4), (40, 190), (36, 80), p.lamp, 0.24))

    stage.layer(0.45, lambda canvas: _street_houses(canvas, stage))

    stage.layer(0.65, lambda canvas: _street_wires(canvas, stage))
    for side in (-1, 1):
        for k in (0.18, 0.5, 0.7):
            x, _ = toward((270 + side * 250, 830), far, k)
            _, top = toward((0, 120), far, k)
            stage.add(
                Glow(
                    x - side * 60 * (1 - k),
                    top + 12,
                    170 * (1 - k) + 14,
                    p.lamp,
                    0.65,
                    0.55,
                    "flicker" if k == 0.5 and side > 0 else "steady",
                    k * 7,
                )
            )
    stage.add(Glow(270, 480, 150, p.low, 0.2, 0.4))
    stage.add(Shimmer((60, 620, 480, 900), p.lamp, 28, random, 0.6))
    stage.add(Sweep(p.lamp, 5.0, 1.6, 640, 300, 0.2))
    stage.floor = 748


def _street_wires(canvas: Canvas, stage: Stage) -> None:
    p = stage.palette
    far = (270.0, 470.0)
    for x, y0, y1 in ((0.0, 60, 130), (20, 110, 60), (-30, 180, 190)):
        canvas.line([(LEFT, y0), (180 + x, (y0 + y1) / 2 + 36), (380, (y0 + y1) / 2 + 34), (RIGHT, y1)], 2, p.deep)
    for side in (-1, 1):
        for k in (0.18, 0.5, 0.7):
            x, foot = toward((270 + side * 250, 830), far, k)
            _, top = toward((0, 120), far, k)
            arm = -side * 60 * (1 - k)
            canvas.line([(x, foot), (x, top), (x + arm * 0.5, top - 10 * (1 - k)), (x + arm, top)], 9 * (1 - k), p.deep)
            canvas.oval(x + arm, top + 3, 15 * (1 - k), 5 * (1 - k), (255, 246, 220))


def _street_houses(canvas: Canvas, stage: Stage) -> None:
    far = (270.0, 470.0)
    p = stage.palette
    random = stage.random
    canvas.polygon([(LEFT - 200, BOTTOM), far, (RIGHT + 200, BOTTOM)], mix(p.dark, p.mid, 0.35))
    canvas.polygon([(250, BOTTOM), far, (290, BOTTOM)], p.pale, 0.25)
    for side in (-1, 1):
        edge = 270 + side * 330
        for n, (low, high) in enumerate(((0.0, 0.34), (0.34, 0.58), (0.58, 0.74), (0.74, 0.85))):
            roof = random.uniform(-120, 90)
            shade = mix(p.dark, p.mid, 0.2 + 0.22 * n)
            top, foot = (edge, roof), (edge, 800)
            canvas.polygon(
                [toward(top, far, low), toward(top, far, high), toward(foot, far, high), toward(foot, far, low)],
                shade,
            )
            _front(canvas, stage, edge, roof, low, high, far)


def _front(
    canvas: Canvas, stage: Stage, edge: float, roof: float, low: float, high: float, far: tuple[float, float]
) -> None:
    p, random = stage.palette, stage.random
    span = high - low

    def pane(k0: float, k1: float, y0: float, y1: float, colour: Colour, alpha: float = 1.0) -> None:
        a, b = low + span * k0, low + span * k1
        canvas.polygon(
            [
                toward((edge, y0), far, a),
                toward((edge, y0), far, b),
                toward((edge, y1), far, b),
                toward((edge, y1), far, a),
            ],
            colour,
            alpha,
        )

    for y in range(int(roof) + 60, 380, 118):
        for k in (0.12, 0.42, 0.72):
            shade = p.lamp if random.random() < 0.42 else mix(p.deep, p.mid, 0.4)
            pane(k, k + 0.18, y, y + 66, shade, 0.92)
    shop = random.choice((p.lamp, mix(p.lamp, p.accent, 0.6), p.accent))
    pane(0.1, 0.9, 520, 730, mix(shop, (255, 255, 255), 0.12), 0.9)
    pane(0.45, 0.5, 520, 730, p.dark)
    for i in range(6):
        tone = p.accent if i % 2 else mix(p.pale, (255, 255, 255), 0.3)
        pane(0.06 + i * 0.147, 0.06 + (i + 1) * 0.147, 466, 520, dim(tone, 0.82))


def alley(stage: Stage) -> None:
    """Two close walls, pipes and wires, neon on the wet ground."""
    p, random, _far = stage.palette, stage.random, (270.0, 450.0)
    sky(stage, 470, (290, 90), 20)
    stage.layer(0.2, lambda c: skyline(c, random, 470, mix(p.mid, p.low, 0.35), (60, 160), (40, 70), p.lamp, 0.3))

    stage.layer(0.45, lambda canvas: _alley_sides(canvas, stage))
    _neon(stage, 84, 190, NEON[0], "flicker")
    _neon(stage, 446, 250, NEON[1], "steady")
    _neon(stage, 372, 356, NEON[2], "pulse", 0.5)
    lamp = Canvas((-40, -4, 40, 80))
    lamp.line([(0, 0), (0, 34)], 3, p.deep)
    lamp.polygon([(-30, 56), (-12, 34), (12, 34), (30, 56)], p.deep)
    lamp.oval(0, 57, 20, 6, (255, 246, 220))
    stage.add(Hanging(lamp, 262, 138, 0.6, 5, 3.6, 0, stage.focus))
    stage.add(Glow(262, 200, 190, p.lamp, 0.6, 0.6, "flicker", 3))
    stage.add(Steam(120, 720, 260, p.pale, 0.7, 0.2, 60, 6))
    stage.add(Shimmer((120, 640, 430, 880), NEON[0], 16, random, 0.6))
    stage.light, stage.floor = -1, 752


def _alley_sides(canvas: Canvas, stage: Stage) -> None:
    far = (270.0, 450.0)
    p = stage.palette
    random = stage.random
    canvas.polygon(
        [
            (LEFT, BOTTOM),
            (LEFT, 840),
            toward((LEFT, 840), far, 0.84),
            toward((RIGHT, 840), far, 0.84),
            (RIGHT, 840),
            (RIGHT, BOTTOM),
        ],
        mix(p.dark, p.mid, 0.3),
    )
    for side, tone in ((-1, 0.34), (1, 0.16)):
        edge = 270 + side * 330
        wall = mix(p.dark, mix(p.mid, p.accent, 0.2), tone + 0.2)
        canvas.polygon(
            [(edge, -420), toward((edge, -420), far, 0.84), toward((edge, 840), far, 0.84), (edge, 840)], wall
        )
        for y in range(-380, 840, 62):
            canvas.line([toward((edge, y), far, 0), toward((edge, y), far, 0.84)], 1.6, dim(wall, 0.72), 0.7)
        for k, y in ((0.2, 120), (0.5, 40), (0.5, 330), (0.66, 190), (0.22, -180)):
            a, b = k, k + 0.12 * (1 - k) * 1.6
            shade = p.lamp if random.random() < 0.6 else p.deep
            canvas.polygon(
                [
                    toward((edge, y), far, a),
                    toward((edge, y), far, b),
                    toward((edge, y + 140), far, b),
                    toward((edge, y + 140), far, a),
                ],
                shade,
            )
        for k in (0.14, 0.4):
            canvas.line([toward((edge, -400), far, k), toward((edge, 830), far, k)], 12 * (1 - k), dim(wall, 0.6))
    for y in (100, 170, 220):
        canvas.line([(20, y), (180, y + 44), (380, y + 40), (530, y - 20)], 2, p.deep)
    canvas.glow(170, 760, 150, NEON[0], 0.35, 60)
    canvas.glow(400, 700, 140, NEON[1], 0.3, 50)


def _neon(stage: Stage, x: float, y: float, colour: Colour, habit: str, scale: float = 1.0) -> None:
    def paint(canvas: Canvas) -> None:
        canvas.rect(x - 30 * scale, y - 74 * scale, x + 30 * scale, y + 74 * scale, stage.palette.deep, round_=8)
        bright = mix(colour, (255, 255, 255), 0.45)
        edge = [(x + dx * scale, y + dy * scale) for dx, dy in ((-22, -66), (22, -66), (22, 66), (-22, 66), (-22, -66))]
        canvas.line(edge, 3.6 * scale, bright)
        bowl = [(x + dx * scale, y + dy * scale) for dx, dy in ((-13, -20), (-10, 2), (10, 2), (13, -20), (-13, -20))]
        canvas.line(bowl, 3.6 * scale, bright)
        for dy in (-46, -34, 24, 38, 50):
            canvas.line([(x - 11 * scale, y + dy * scale), (x + 11 * scale, y + dy * scale)], 3.6 * scale, bright)

    stage.layer(0.5, paint)
    stage.add(
        Glow(
            x,
            y,
            120 * scale,
            colour,
            0.5,
            0.75,
            "flicker" if habit == "flicker" else "pulse" if habit == "pulse" else "steady",
            x,
            1.3,
        )
    )


def rooftop(stage: Stage) -> None:
    """The whole city below a big sky, a water tank, a string of bulbs."""
    p, random = stage.palette, stage.random
    sky(stage, 620, (390, 170), 90)
    stage.layer(0.12, lambda c: skyline(c, random, 600, mix(p.mid, p.low, 0.55), (60, 200), (30, 64), p.lamp, 0.3))
    stage.layer(0.22, lambda c: skyline(c, random, 620, mix(p.mid, p.low, 0.18), (30, 170), (44, 90), p.lamp, 0.4))
    stage.layer(0.34, lambda c: skyline(c, random, 640, mix(p.dark, p.mid, 0.35), (10, 120), (60, 120), p.lamp, 0.3))

    stage.layer(0.55, lambda canvas: _rooftop_roof(canvas, stage))

    stage.layer(0.6, lambda canvas: _rooftop_string(canvas, stage))
    for i in range(1, 10):
        stage.add(
            Glow(
                128 + 36 * i,
                370 - 62 * ((i - 5) / 5) ** 2,
                38,
                p.lamp,
                0.6,
                0.7,
                "twinkle" if i % 3 == 0 else "steady",
                i,
            )
        )
    for _ in range(7):
        stage.add(
            Glow(
                random.uniform(20, 520),
                random.uniform(480, 610),
                9,
                random.choice((p.lamp, p.accent)),
                0.25,
                0.9,
                "twinkle",
                random.random() * 6,
            )
        )
    stage.add(Glow(488, 330, 16, (255, 70, 60), 0.55, 0.9, "blink"))
    stage.floor = 800


def _rooftop_string(canvas: Canvas, stage: Stage) -> None:
    p = stage.palette
    spots = [(128 + 36 * i, 300 + 62 - 62 * ((i - 5) / 5) ** 2) for i in range(11)]
    canvas.line(spots, 2, p.deep)
    for x, y in spots[1:-1]:
        canvas.oval(x, y + 8, 5, 7, mix(p.lamp, (255, 255, 255), 0.5))


def _rooftop_roof(canvas: Canvas, stage: Stage) -> None:
    p = stage.palette
    canvas.gradient([mix(p.dark, p.mid, 0.25), p.deep], (LEFT, 650, RIGHT, BOTTOM))
    canvas.rect(LEFT, 628, RIGHT, 652, p.dark)
    canvas.rect(LEFT, 626, RIGHT, 630, p.rim, 0.45)
    for x in range(-40, 600, 34):
        canvas.line([(x, 560), (x, 630)], 3, p.deep)
    canvas.line([(LEFT, 560), (RIGHT, 560)], 6, p.deep)
    canvas.line([(LEFT, 556), (RIGHT, 556)], 1.6, p.rim, 0.5)
    for x in (30, 106):
        canvas.line([(x, 420), (x - 8, 640)], 8, p.deep)
    canvas.rect(8, 290, 128, 430, p.dark, round_=10)
    canvas.polygon([(0, 294), (68, 236), (136, 294)], p.deep)
    canvas.rect(118, 300, 128, 424, p.rim, 0.4)
    for y in (330, 376):
        canvas.line([(8, y), (128, y)], 3, p.deep)
    canvas.line([(488, 640), (488, 330)], 5, p.deep)
    for y, r in ((350, 34), (380, 26), (410, 18)):
        canvas.line([(488 - r, y), (488 + r, y)], 3, p.deep)
