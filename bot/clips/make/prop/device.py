"""Things built in or served: clock, door, red button, helmet, gauge, noodles, train. Within 200 units of (0, 0)."""

from __future__ import annotations

from math import cos, pi, sin

from bot.clips.make.figure.brush import Brush
from bot.clips.make.paint import Point, ring
from bot.clips.make.prop.thing import GOLD, NIGHT, STEEL
from bot.clips.make.words import Colour

FACE: Colour = (246, 238, 216)


def _box(x0: float, y0: float, x1: float, y1: float) -> list[Point]:
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


def clock(brush: Brush) -> None:
    """A station clock at eleven minutes to midnight."""
    brush.part(ring(0, 0, 188, sides=72), NIGHT, 16, 8, smooth=False)
    brush.flat(ring(0, 0, 164, sides=72), FACE, smooth=False)
    brush.canvas.glow(-30, -40, 190, (255, 250, 230), 0.5)
    for i in range(60):
        a, inner = 2 * pi * i / 60, 128 if i % 5 == 0 else 144
        width = 9 if i % 5 == 0 else 3.4
        brush.line([(inner * sin(a), -inner * cos(a)), (154 * sin(a), -154 * cos(a))], width, NIGHT)
    for turn, reach, width, tone in (
        (11.82 / 12, 84, 15, NIGHT),
        (49 / 60, 124, 10, NIGHT),
        (0.12, 132, 4, (212, 44, 44)),
    ):
        a = 2 * pi * turn
        brush.line([(-22 * sin(a), 22 * cos(a)), (reach * sin(a), -reach * cos(a))], width, tone)
    brush.flat(ring(0, 0, 13), (212, 44, 44), smooth=False)


def door(brush: Brush) -> None:
    """A heavy door ajar, light in the gap."""
    canvas = brush.canvas
    brush.part(_box(-142, -198, 142, 198), (58, 54, 68), 10, 6, smooth=False)
    canvas.rect(-120, -178, 120, 198, (255, 216, 140))
    canvas.glow(70, 20, 180, (255, 246, 214), 0.9, 240)
    brush.part([(-120, -178), (56, -154), (56, 184), (-120, 198)], (112, 78, 66), 26, 6, smooth=False)
    for y0, y1 in ((-138, -20), (16, 164)):
        brush.part([(-94, y0), (30, y0 + 12), (30, y1 - 6), (-94, y1)], (98, 66, 58), 8, 4, smooth=False)
    brush.part(ring(38, 14, 13, 15), GOLD, 4, 3, smooth=False)


def hatch(brush: Brush) -> None:
    """A ship's round hatch with its wheel, light under the rim."""
    brush.part(ring(0, 0, 196, sides=8, turn=0.0625), (74, 80, 96), 16, 7, smooth=False)
    brush.flat(ring(0, 0, 172, sides=60), (240, 188, 56), smooth=False)
    for i in range(20):
        a, b = 2 * pi * i / 20, 2 * pi * (i + 0.5) / 20
        stripe = ((154, a), (174, a + 0.1), (174, b + 0.1), (154, b))
        brush.flat([(r * cos(turn), r * sin(turn)) for r, turn in stripe], NIGHT, smooth=False)
    brush.part(ring(0, 0, 150, sides=60), (104, 112, 130), 26, 8, smooth=False)
    brush.flat(ring(0, -74, 40, 34), (30, 44, 70), smooth=False)
    brush.canvas.oval(12, -80, 3, 3, (255, 255, 255))
    brush.canvas.oval(-14, -68, 2, 2, (255, 255, 255))
    wheel = ring(0, 46, 62, sides=48)
    brush.line([*wheel, wheel[0]], 13, (206, 60, 52))
    for i in range(3):
        a = 2 * pi * (i / 3 + 0.08)
        brush.line([(0, 46), (60 * cos(a), 46 + 60 * sin(a))], 11, (206, 60, 52))
    brush.part(ring(0, 46, 17), STEEL, 5, 3, smooth=False)
    for i in range(8):
        a = 2 * pi * (i + 0.5) / 8
        brush.part(ring(132 * cos(a), 132 * sin(a), 9), STEEL, 4, 2, smooth=False)


def red_button(brush: Brush) -> None:
    """A red button under striped guards."""
    brush.part(
        [(-176, -120), (176, -120), (190, -106), (190, 150), (176, 164), (-176, 164), (-190, 150), (-190, -106)],
        (70, 74, 88),
        20,
        7,
        smooth=False,
    )
    for k in range(9):
        x = -190 + k * 44
        for y in (-104, 122):
            brush.flat([(x, y), (x + 22, y), (x + 8, y + 26), (x - 14, y + 26)], (240, 188, 56), smooth=False)
    brush.part(ring(0, 22, 112, 84), (48, 50, 62), 10, 6, smooth=False)
    brush.part(ring(0, 10, 92, 68), (150, 20, 28), 12, 5, smooth=False)
    brush.part(ring(0, -16, 92, 66), (232, 44, 44), 22, 7, smooth=False)
    brush.canvas.glow(-24, -36, 62, (255, 210, 200), 0.75, 30)


def helmet(brush: Brush) -> None:
    """A space helmet, a world mirrored in its visor."""
    canvas = brush.canvas
    brush.part(ring(0, -14, 172, 168, sides=64), (222, 226, 232), 40, 8, smooth=False)
    brush.part([(-150, 100), (150, 100), (176, 176), (-176, 176)], (150, 156, 168), 20, 7, smooth=False)
    visor = [(-128, -30), (-104, -92), (0, -118), (104, -92), (128, -30), (106, 58), (0, 90), (-106, 58)]
    brush.part([(x * 1.1, y * 1.1 + 2) for x, y in visor], (58, 62, 76), 8, 4)
    brush.flat(visor, (28, 44, 78))
    canvas.glow(30, 10, 110, (255, 170, 90), 0.6)
    canvas.oval(40, 20, 44, 44, (238, 160, 96), 0.85)
    canvas.oval(52, 12, 40, 40, (28, 44, 78), 0.6)
    canvas.blob([(-104, -34), (-82, -78), (-30, -98), (-62, -70), (-84, -20)], (255, 255, 255), 0.75)
    for x, y in ((-40, 30), (-70, 6), (-10, -60), (80, -50)):
        canvas.oval(x, y, 3, 3, (255, 255, 255), 0.9)
    for side in (-1, 1):
        brush.part(ring(side * 168, 0, 26, 46), (234, 120, 56), 8, 5, smooth=False)


def gauge(brush: Brush) -> None:
    """A dial with its needle in the red."""
    brush.part(ring(0, 0, 186, sides=64), (94, 98, 112), 22, 8, smooth=False)
    brush.flat(ring(0, 0, 158, sides=64), (22, 24, 34), smooth=False)
    for i in range(31):
        a = pi * (0.75 + 1.5 * i / 30)
        tone = (236, 60, 52) if i < 8 else (240, 190, 70) if i < 15 else (96, 214, 150)
        inner = 112 if i % 5 == 0 else 126
        brush.canvas.line(
            [(inner * cos(a), inner * sin(a)), (146 * cos(a), 146 * sin(a))], 9 if i % 5 == 0 else 5, tone
        )
    a = pi * 0.9
    brush.canvas.polygon(
        [(118 * cos(a), 118 * sin(a)), (11 * sin(a), -11 * cos(a)), (-11 * sin(a), 11 * cos(a))], (255, 84, 66)
    )
    brush.part(ring(0, 0, 22), STEEL, 6, 4, smooth=False)
    brush.canvas.rect(-46, 84, 46, 122, (60, 12, 14), round_=6)
    brush.canvas.rect(-34, 94, 34, 112, (255, 76, 60), round_=3)
    brush.canvas.polygon([(-120, -70), (-80, -116), (-10, -140), (-60, -100), (-100, -40)], (255, 255, 255), 0.14)


def noodles(brush: Brush) -> None:
    """A steaming bowl, an egg, chopsticks."""
    canvas = brush.canvas
    brush.part(ring(0, -20, 184, 62, sides=60), (240, 232, 220), 8, 6, smooth=False)
    brush.flat(ring(0, -18, 164, 50, sides=60), (172, 92, 40), smooth=False)
    for i in range(9):
        x = -120 + i * 26
        brush.line(
            [(x - 24, -2), (x, -34), (x + 26, -14), (x + 44, -34)], 9, (248, 214, 132), 1.0, 0.25 if i % 2 else 0
        )
    brush.flat(ring(-66, -26, 42, 24), (252, 246, 232), smooth=False)
    brush.flat(ring(-64, -26, 22, 13), (244, 160, 44), smooth=False)
    for x in (20, 44, 66, 86):
        brush.flat(ring(x, -30 + (x % 3) * 7, 9, 5), (88, 170, 88), smooth=False)
    brush.part(
        [(-184, -14), (-150, 84), (-86, 148), (86, 148), (150, 84), (184, -14), (120, 36), (0, 46), (-120, 36)],
        (196, 44, 42),
        34,
        8,
    )
    canvas.line([(-158, 40), (-110, 70), (0, 84), (110, 70), (158, 40)], 7, brush.colour((246, 220, 170)))
    brush.part([(-70, 146), (70, 146), (60, 172), (-60, 172)], (150, 30, 34), 10, 5, smooth=False)
    for dx in (0, 26):
        brush.line([(60 + dx, -20), (150 + dx, -190)], 9, (96, 56, 40))


def train(brush: Brush) -> None:
    """A train that comes straight at you, its lamps lit."""
    canvas = brush.canvas
    brush.part(
        [(-132, 150), (-140, -90), (-112, -160), (-56, -184), (56, -184), (112, -160), (140, -90), (132, 150)],
        (62, 78, 112),
        30,
        8,
        smooth=False,
    )
    brush.flat(
        [(-108, -30), (-100, -126), (-56, -150), (56, -150), (100, -126), (108, -30)], (255, 220, 150), smooth=False
    )
    brush.flat(_box(-8, -150, 8, -30), (62, 78, 112), smooth=False)
    brush.flat([(-52, -30), (-44, -76), (-16, -76), (-10, -30)], NIGHT)
    brush.flat(ring(-30, -92, 17, 20), NIGHT, smooth=False)
    brush.part([(-140, 2), (140, 2), (138, 48), (-138, 48)], (206, 52, 50), 20, 6, smooth=False)
    for x in (-92, 92):
        canvas.oval(x, 84, 32, 32, brush.colour(NIGHT))
        canvas.glow(x, 84, 96, (255, 236, 180), 0.9)
        canvas.oval(x, 84, 22, 22, (255, 250, 228))
    brush.part([(-150, 128), (150, 128), (120, 190), (-120, 190)], (44, 46, 60), 16, 6, smooth=False)
    for x in (-70, -24, 24, 70):
        brush.line([(x, 136), (x * 0.84, 184)], 6, STEEL)
