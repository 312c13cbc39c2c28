"""Things carried: phone, key, suitcase, lamp, ring, knife, umbrella, radio. Drawn within 200 units of (0, 0)."""

from __future__ import annotations

from math import cos, pi, sin

from bot.clips.make.figure.brush import Brush
from bot.clips.make.paint import Point, ring
from bot.clips.make.words import Colour

GOLD: Colour = (226, 176, 82)
STEEL: Colour = (178, 188, 204)
NIGHT: Colour = (34, 34, 46)


def _box(x0: float, y0: float, x1: float, y1: float) -> list[Point]:
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


def phone(brush: Brush) -> None:
    """A phone that rings: a bright screen with a message and two round buttons."""
    canvas = brush.canvas
    brush.part(
        [(-94, -190), (94, -190), (106, -178), (106, 178), (94, 190), (-94, 190), (-106, 178), (-106, -178)],
        NIGHT,
        10,
        7,
        smooth=False,
    )
    canvas.rect(-92, -170, 92, 170, (58, 112, 170), round_=12)
    canvas.glow(0, -60, 120, (190, 226, 255), 0.7)
    canvas.oval(0, -84, 44, 44, (236, 242, 250))
    canvas.oval(0, -96, 16, 18, (92, 120, 160))
    canvas.blob([(-32, -54), (-22, -72), (0, -78), (22, -72), (32, -54), (0, -46)], (92, 120, 160))
    canvas.rect(-70, -18, 70, 18, (236, 242, 250), 0.95, 12)
    canvas.line([(-54, -6), (40, -6)], 5, (92, 120, 160))
    canvas.line([(-54, 7), (10, 7)], 5, (92, 120, 160))
    canvas.oval(-46, 112, 29, 29, (232, 70, 66))
    canvas.oval(46, 112, 29, 29, (70, 196, 116))
    canvas.line([(-58, 112), (-34, 112)], 8, (255, 255, 255))
    canvas.line([(46, 98), (46, 126)], 8, (255, 255, 255))
    canvas.polygon([(10, -170), (70, -170), (-40, 170), (-92, 170), (-92, 140)], (255, 255, 255), 0.08)


def key(brush: Brush) -> None:
    """An old key on a ring with a tag."""
    outer, inner = ring(0, -110, 70), ring(0, -110, 40)
    brush.part(_box(-15, -50, 15, 180), GOLD, 8, 5, smooth=False)
    for y, wide in ((96, 66), (134, 48), (166, 70)):
        brush.part(_box(12, y - 12, wide, y + 12), GOLD, 5, 4, smooth=False)
    for i in range(40):
        j = (i + 1) % 40
        brush.canvas.polygon(
            [outer[i], outer[j], inner[j], inner[i]], brush.colour(GOLD, 0.35 + 0.35 * sin(2 * pi * i / 40))
        )
    brush.canvas.line(outer[26:36], 6, brush.light.rim)
    brush.part([(-28, -56), (28, -56), (20, -36), (-20, -36)], GOLD, 6, 4, smooth=False)
    loop = ring(-46, -166, 34)
    brush.line([*loop, loop[0]], 6, STEEL)
    brush.part([(-110, -150), (-60, -142), (-78, -24), (-128, -34), (-134, -90)], (192, 56, 50), 8, 4, smooth=False)


def suitcase(brush: Brush) -> None:
    """A travelled suitcase with straps and stickers."""
    handle = [(-52, -104), (-44, -158), (44, -158), (52, -104)]
    brush.line(handle, 18, (70, 44, 36))
    brush.part(
        [(-184, -112), (184, -112), (194, -98), (194, 142), (184, 156), (-184, 156), (-194, 142), (-194, -98)],
        (150, 88, 54),
        26,
        7,
        smooth=False,
    )
    brush.line([(-192, 6), (192, 6)], 5, (90, 52, 36))
    for x in (-112, 112):
        brush.part(_box(x - 19, -114, x + 19, 158), (98, 56, 38), 6, 4, smooth=False)
        brush.part(_box(x - 25, -12, x + 25, 26), GOLD, 6, 4, smooth=False)
    for x, y in ((-184, -102), (184, -102), (-184, 146), (184, 146)):
        brush.flat(ring(x, y, 22), (92, 52, 38), smooth=False)
    brush.flat(ring(-22, 84, 38), (60, 130, 140), smooth=False)
    brush.flat(_box(4, -84, 70, -38), (222, 190, 120), smooth=False)
    brush.flat([(14, -44), (34, -74), (60, -44)], (190, 70, 60), smooth=False)


def lamp(brush: Brush) -> None:
    """A lantern with a flame."""
    canvas = brush.canvas
    brush.line([(-60, -110), (-44, -176), (44, -176), (60, -110)], 8, NIGHT)
    brush.part([(-80, -84), (-48, -128), (48, -128), (80, -84)], (74, 70, 84), 14, 6, smooth=False)
    canvas.polygon([(-66, -84), (66, -84), (80, 108), (-80, 108)], (255, 206, 120), 0.55)
    canvas.glow(0, 30, 150, (255, 214, 130), 0.9)
    canvas.blob([(0, -46), (26, 18), (18, 62), (0, 74), (-18, 62), (-26, 18)], (255, 158, 60))
    canvas.blob([(0, -4), (14, 34), (9, 62), (0, 68), (-9, 62), (-14, 34)], (255, 244, 200))
    for x0, x1 in ((-66, -80), (66, 80), (-22, -26), (22, 26)):
        brush.line([(x0, -84), (x1, 108)], 6, NIGHT)
    brush.part([(-94, 106), (94, 106), (104, 150), (-104, 150)], (74, 70, 84), 14, 6, smooth=False)


def jewel(brush: Brush) -> None:
    """A ring with one stone, in its open box."""
    brush.part([(-130, 30), (130, 30), (146, 160), (-146, 160)], (112, 26, 52), 18, 6, smooth=False)
    brush.part([(-140, 20), (-112, -176), (112, -176), (140, 20)], (84, 18, 42), 18, 6, smooth=False)
    brush.flat([(-104, 6), (-88, -150), (88, -150), (104, 6)], (226, 216, 220), 0.9, smooth=False)
    brush.flat([(-118, 22), (118, 22), (110, 62), (-110, 62)], (206, 194, 202), smooth=False)
    outer, inner = ring(0, 0, 66, 66), ring(0, 0, 52, 52)
    for i in range(40):
        j = (i + 1) % 40
        if 4 < i < 16:
            continue
        brush.canvas.polygon(
            [outer[i], outer[j], inner[j], inner[i]], brush.colour(GOLD, 0.3 + 0.3 * cos(2 * pi * i / 40))
        )
    stone = [(-34, -92), (-20, -112), (20, -112), (34, -92), (0, -56)]
    brush.canvas.polygon(stone, (190, 232, 250))
    for points, tone in (
        (((-34, -92), (-12, -92), (0, -56)), (130, 190, 226)),
        (((12, -92), (34, -92), (0, -56)), (232, 250, 255)),
    ):
        brush.canvas.polygon(points, tone)
    for a in (0, 0.25, 0.5, 0.75):
        brush.canvas.line([(0, -100), (64 * cos(2 * pi * a), -100 + 64 * sin(2 * pi * a))], 3, (255, 255, 255), 0.8)


def knife(brush: Brush) -> None:
    """A long blade with the light along its edge."""
    brush.part([(-30, 40), (30, 40), (36, -120), (18, -178), (-8, -196), (-30, -120)], STEEL, 20, 6, smooth=False)
    brush.canvas.polygon([(18, -172), (34, -118), (28, 38), (16, 38), (20, -118)], (250, 252, 255), 0.85)
    brush.canvas.line([(-12, -150), (-14, 30)], 4, brush.colour(STEEL, 0.9))
    brush.part(_box(-52, 36, 52, 58), GOLD, 6, 4, smooth=False)
    brush.part([(-26, 56), (26, 56), (30, 160), (18, 190), (-18, 190), (-30, 160)], (66, 40, 34), 12, 6)
    for y in (84, 118, 152):
        brush.flat(ring(0, y, 7), GOLD, smooth=False)


def umbrella(brush: Brush) -> None:
    """An open red umbrella."""
    brush.line([(0, -150), (0, 140), (-8, 176), (-36, 182), (-50, 160)], 10, (62, 48, 48))
    dome = [(-190, 6)] + [(-190 * cos(pi * k / 16), 6 - 168 * sin(pi * k / 16)) for k in range(1, 16)] + [(190, 6)]
    hem = [(x, 6 - 20 * abs(sin((x + 190) / 380 * pi * 5))) for x in range(180, -190, -10)]
    brush.part([*dome, *hem], (190, 44, 52), 36, 8, smooth=False)
    for x in (-112, -38, 38, 112):
        brush.line([(0, -162), (x * 0.62, -96), (x, 2)], 3.4, (190, 44, 52), shade=1)
    brush.line([(0, -160), (0, -188)], 8, (62, 48, 48))


def radio(brush: Brush) -> None:
    """A hand radio, its dial lit."""
    canvas = brush.canvas
    brush.line([(130, -104), (176, -198)], 7, STEEL)
    brush.part(
        [(-184, -112), (184, -112), (194, -98), (194, 118), (184, 132), (-184, 132), (-194, 118), (-194, -98)],
        (86, 96, 92),
        20,
        7,
        smooth=False,
    )
    brush.line([(-130, -112), (-130, -146), (130, -146), (130, -112)], 14, (54, 58, 60))
    brush.part(ring(-88, 18, 82), (52, 56, 60), 8, 5, smooth=False)
    for r in (66, 48, 30, 12):
        edge = ring(-88, 18, r)
        brush.line([*edge, edge[0]], 5, (104, 112, 112))
    canvas.rect(18, -84, 170, -26, (255, 196, 96), round_=6)
    for x in range(30, 166, 14):
        canvas.line([(x, -78), (x, -62 if x % 28 else -52)], 3, (110, 60, 30))
    canvas.line([(112, -82), (112, -28)], 5, (222, 50, 44))
    for x in (56, 132):
        brush.part(ring(x, 46, 34), STEEL, 8, 5, smooth=False)
        brush.line([(x, 46), (x + 10, 20)], 6, NIGHT)
    canvas.oval(94, 102, 9, 9, (255, 76, 66))
