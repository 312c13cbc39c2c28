"""Under an open sky: bridge, river, planet; and the picture of a scene that names no place."""

from __future__ import annotations

from math import cos, pi, sin

from bot.clips.make.backdrop.sky import BOTTOM, LEFT, RIGHT, TOP, hills, sky, skyline, toward
from bot.clips.make.motion import Drifting, Glow, Shimmer, Sweep
from bot.clips.make.paint import Canvas, ring
from bot.clips.make.palette import dim, mix
from bot.clips.make.stage import Stage


def bridge(stage: Stage) -> None:
    """Two towers and their cables over a river, the far shore lit."""
    p, random, far = stage.palette, stage.random, (270.0, 500.0)
    sky(stage, 540, (120, 150))
    stage.layer(0.14, lambda c: skyline(c, random, 520, mix(p.mid, p.low, 0.45), (20, 130), (26, 60), p.lamp, 0.34))

    stage.layer(0.2, lambda canvas: _bridge_water(canvas, stage))
    stage.add(Shimmer((LEFT, 530, RIGHT, 640), p.lamp, 46, random, 0.25))

    stage.layer(0.45, lambda canvas: _bridge_span(canvas, stage))
    for side in (-1, 1):
        stage.add(Glow(270 + side * 130, 20, 24, (255, 80, 66), 0.45, 0.9, "blink", side + 1))
        for k in (0.3, 0.62):
            x, y = toward((270 + side * 330, 330), far, k)
            stage.add(Glow(x, y, 120 * (1 - k), p.lamp, 0.45, 0.6, "steady", k * 5))
    stage.add(Sweep(p.lamp, 4.4, 1.0, 520, 260, 0.16))
    stage.floor = 780


def _bridge_span(canvas: Canvas, stage: Stage) -> None:
    p = stage.palette
    far = (270.0, 500.0)
    steel = mix(p.dark, p.accent, 0.12)
    for wide, top in ((46, 210), (130, 10)):
        tone = mix(steel, p.low, 0.3 if wide < 60 else 0.05)
        thick = 9 if wide < 60 else 24
        for side in (-1, 1):
            canvas.rect(270 + side * wide - thick / 2, top, 270 + side * wide + thick / 2, 640, tone)
            canvas.rect(270 + side * wide + thick * 0.28, top, 270 + side * wide + thick / 2, 640, p.rim, 0.4)
        for y in (top + 24, top + 130 if wide > 60 else top + 70):
            canvas.rect(270 - wide, y, 270 + wide, y + thick * 0.9, tone)
    for side in (-1, 1):
        cable = [(270 + side * 130, 14), (270 + side * 90, 250), (270 + side * 62, 330), (270 + side * 46, 214)]
        canvas.line(cable, 5, steel)
        canvas.line([(270 + side * 130, 14), (270 + side * 360, 300)], 7, steel)
        for i in range(1, 6):
            rope = 270 + side * (130 + 40 * i)
            canvas.line([(rope, 14 + 50 * i), (rope, 620)], 2.4, steel)
    canvas.polygon(
        [
            (LEFT - 160, BOTTOM),
            toward((LEFT - 160, BOTTOM), far, 0.93),
            toward((RIGHT + 160, BOTTOM), far, 0.93),
            (RIGHT + 160, BOTTOM),
        ],
        mix(p.dark, p.mid, 0.3),
    )
    for side in (-1, 1):
        for post in range(14):
            foot, base = toward((270 + side * 420, 900), far, post * 0.066)
            canvas.line([(foot, base), (foot, base - 170 * (1 - post * 0.066))], 6 * (1 - post * 0.06), p.deep)
        for lift in (170, 90):
            canvas.line(
                [toward((270 + side * 420, 900 - lift), far, 0), toward((270 + side * 420, 900 - lift), far, 0.92)],
                6,
                p.deep,
            )
        canvas.line(
            [toward((270 + side * 420, 726), far, 0), toward((270 + side * 420, 726), far, 0.92)], 1.8, p.rim, 0.5
        )
    for k in (0.1, 0.34, 0.52, 0.66):
        canvas.line([toward((270, BOTTOM), far, k), toward((270, BOTTOM), far, k + 0.1)], 9 * (1 - k), p.pale, 0.5)


def _bridge_water(canvas: Canvas, stage: Stage) -> None:
    p = stage.palette
    canvas.gradient([mix(p.low, p.mid, 0.4), p.dark], (LEFT, 520, RIGHT, BOTTOM))
    canvas.glow(120, 560, 120, p.low, 0.5, 40)


def river(stage: Stage) -> None:
    """Still water with the sky in it, a boat, reeds in front."""
    p, random = stage.palette, stage.random
    sky(stage, 470, (360, 170), 70)

    stage.layer(0.2, lambda canvas: _river_shore(canvas, stage))
    stage.add(Shimmer((LEFT, 490, RIGHT, 820), mix(p.rim, p.lamp, 0.4), 60, random, 0.3))
    boat = Canvas((-90, -60, 90, 40))
    boat.blob([(-80, -8), (-50, 2), (0, 4), (50, 2), (84, -12), (58, 22), (-56, 22)], p.deep)
    boat.line([(-74, -7), (0, 4), (78, -10)], 2.4, p.rim, 0.7)
    boat.polygon([(-34, 2), (-26, -34), (24, -34), (34, 2)], p.dark)
    boat.oval(4, -16, 8, 8, p.lamp)
    stage.add(Drifting(boat, 150, 560, (5, 0), 0.4, 2.5, stage.focus))
    stage.add(Glow(162, 548, 80, p.lamp, 0.4, 0.6, "flicker", 2))

    stage.layer(0.8, lambda canvas: _river_reeds(canvas, stage))
    stage.floor = 768


def _river_reeds(canvas: Canvas, stage: Stage) -> None:
    p = stage.palette
    random = stage.random
    canvas.blob(
        [
            (LEFT - 20, BOTTOM),
            (LEFT - 20, 720),
            (80, 742),
            (200, 800),
            (360, 806),
            (470, 750),
            (RIGHT + 20, 730),
            (RIGHT + 20, BOTTOM),
        ],
        p.deep,
    )
    for side in (-1, 1):
        for _ in range(16):
            x = 270 + side * random.uniform(150, 300)
            high, bend = random.uniform(60, 220), random.uniform(-26, 26)
            canvas.line([(x, 790), (x + bend * 0.4, 790 - high * 0.6), (x + bend, 760 - high)], 4, p.deep)
            if random.random() < 0.4:
                canvas.oval(x + bend, 752 - high, 5, 17, dim(p.dark, 0.9))


def _river_shore(canvas: Canvas, stage: Stage) -> None:
    random = stage.random
    p = stage.palette
    hills(canvas, random, 470, 110, mix(p.mid, p.low, 0.5), 4)
    hills(canvas, random, 476, 60, mix(p.mid, p.low, 0.2), 7)
    skyline(canvas, random, 472, mix(p.dark, p.mid, 0.6), (8, 40), (20, 50), p.lamp, 0.4)
    canvas.gradient([mix(p.low, p.middle, 0.4), p.middle, p.dark, p.deep], (LEFT, 470, RIGHT, BOTTOM))
    canvas.line([(LEFT, 471), (RIGHT, 471)], 2, p.low, 0.7)
    for i in range(22):
        y = 480 + i * i * 0.75
        wide = (64 - i * 1.6) * random.uniform(0.4, 1.1)
        canvas.oval(360 + random.uniform(-16, 16), y, wide, 1.6 + i * 0.14, mix(p.rim, p.lamp, 0.3), 0.42)


def planet(stage: Stage) -> None:
    """Red dunes under a ringed giant, two moons, dust."""
    p, random = stage.palette, stage.random
    dune = mix((196, 96, 62), p.mid, 0.35)

    stage.layer(0, lambda canvas: _planet_heaven(canvas, stage))

    stage.layer(0.2, lambda canvas: _planet_rocks(canvas, stage))
    stage.layer(0.5, lambda c: hills(c, random, 690, 80, mix(dune, p.dark, 0.5), 3))
    stage.layer(0.8, lambda c: hills(c, random, 830, 60, mix(dune, p.deep, 0.72), 4))
    for i in range(3):
        dust = Canvas((-260, -30, 260, 30))
        dust.glow(0, 0, 260, mix(dune, p.lamp, 0.5), 0.3, 26)
        stage.add(Drifting(dust, 60 + 200 * i, 590 + 60 * i, (26 + 12 * i, 0), 0.4 + 0.2 * i))
    stage.floor = 780


def _planet_rocks(canvas: Canvas, stage: Stage) -> None:
    random = stage.random
    p = stage.palette
    dune = mix((196, 96, 62), p.mid, 0.35)
    peaks = [
        (LEFT, 560),
        (-10, 430),
        (40, 470),
        (96, 380),
        (150, 500),
        (220, 470),
        (280, 540),
        (380, 450),
        (420, 490),
        (480, 400),
        (530, 470),
        (RIGHT, 520),
    ]
    canvas.polygon([*peaks, (RIGHT, BOTTOM), (LEFT, BOTTOM)], mix(dune, p.low, 0.3))
    hills(canvas, random, 600, 70, mix(dune, p.dark, 0.25), 4)


def _planet_heaven(canvas: Canvas, stage: Stage) -> None:
    p = stage.palette
    dune = mix((196, 96, 62), p.mid, 0.35)
    random = stage.random
    canvas.gradient([p.deep, p.high, mix(p.middle, dune, 0.35), mix(p.low, dune, 0.6)], (LEFT, TOP, RIGHT, 640))
    for _ in range(110):
        x, y = random.uniform(LEFT, RIGHT), random.uniform(TOP, 420)
        r = random.choice((0.8, 1.1, 1.6))
        canvas.oval(x, y, r, r, (240, 240, 255), random.uniform(0.3, 0.9))
    canvas.glow(360, 220, 300, p.accent, 0.3)
    canvas.oval(360, 220, 128, 128, mix(p.pale, p.accent, 0.35))
    for i, y in enumerate((-80, -44, -6, 34, 76)):
        half = (128**2 - y**2) ** 0.5
        canvas.oval(360, 220 + y, half, 9 + i % 2 * 6, mix(p.pale, p.dark, 0.3), 0.35)
    mask = canvas.mask(ring(360, 220, 128))
    mask.paste(0, (0, 0), canvas.mask(ring(396, 196, 136)))
    canvas.stamp(mask, p.deep, 0.62)
    for r, alpha in ((226, 0.75), (206, 0.5), (190, 0.3)):
        arc = [
            (
                360 + r * cos(a / 60 * 2 * pi),
                220 + 0.22 * r * sin(a / 60 * 2 * pi) - 0.16 * r * cos(a / 60 * 2 * pi),
            )
            for a in range(-3, 34)
        ]
        canvas.line(arc, 5, mix(p.lamp, p.pale, 0.4), alpha)
    canvas.oval(104, 120, 26, 26, mix(p.pale, (255, 255, 255), 0.2))
    canvas.oval(112, 114, 24, 24, p.high, 0.5)


def nowhere(stage: Stage) -> None:
    """Lights out of focus and slow rings, when the scene names no place."""
    p, random = stage.palette, stage.random

    def ground(canvas: Canvas) -> None:
        canvas.gradient([p.high, p.middle, mix(p.middle, p.low, 0.6), p.dark, p.deep])
        canvas.glow(330, 330, 420, p.low, 0.55)
        for _ in range(26):
            x, y, r = random.uniform(LEFT, RIGHT), random.uniform(60, 760), random.uniform(14, 70)
            tone = random.choice((p.lamp, p.accent, p.pale, p.rim))
            canvas.oval(x, y, r, r, tone, random.uniform(0.05, 0.2))
            edge = ring(x, y, r)
            canvas.line([*edge, edge[0]], 1.6, tone, 0.2)

    stage.layer(0.1, ground)
    for _ in range(12):
        stage.add(
            Glow(
                random.uniform(20, 520),
                random.uniform(80, 640),
                random.uniform(30, 90),
                random.choice((p.lamp, p.accent, p.rim)),
                random.uniform(0.1, 0.9),
                0.4,
                "twinkle",
                random.random() * 6,
            )
        )
    stage.layer(0.6, lambda c: hills(c, random, 760, 60, p.dark, 4))
    stage.layer(0.9, lambda c: hills(c, random, 840, 50, p.deep, 5))
    stage.floor = 790
