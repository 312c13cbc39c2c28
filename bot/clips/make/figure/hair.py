"""Hair, hats and helmets about a head at (0, 0): what falls behind the shoulders, and what frames the face."""

from __future__ import annotations

from bot.clips.make.figure.brush import Brush
from bot.clips.make.look import Person
from bot.clips.make.paint import mirror, ring
from bot.clips.make.palette import dim, lit, mix
from bot.clips.make.words import Colour


def hair_behind(brush: Brush, person: Person) -> None:
    """The hair at the back: under everything else."""
    hair = person.hair
    if person.style == "long":
        half = [(0, -128), (52, -118), (88, -66), (94, 10), (92, 110), (104, 210), (86, 268), (40, 250)]
        brush.part(half + mirror(list(reversed(half[1:]))), dim(hair, 0.8), 20, 5)
    elif person.style == "ponytail":
        brush.part(
            [(60, -80), (104, -70), (122, 0), (116, 96), (132, 190), (104, 214), (86, 120), (74, 20)],
            dim(hair, 0.85),
            14,
            5,
        )
    elif person.style == "bun":
        brush.part(ring(10, -136, 44, 38), hair, 16, 5, smooth=False)
    elif person.style == "curly":
        for x, y, r in (
            (-76, -50, 44),
            (76, -50, 44),
            (-84, 20, 40),
            (84, 20, 40),
            (-50, -104, 46),
            (50, -104, 46),
            (0, -122, 46),
        ):
            brush.part(ring(x, y, r), dim(hair, 0.8), 12, 4, smooth=False)
    elif person.style == "short" and person.soft:
        half = [(0, -128), (54, -116), (86, -60), (88, 20), (78, 78), (52, 96)]
        brush.part(half + mirror(list(reversed(half[1:]))), dim(hair, 0.75), 16, 5)


def hair_before(brush: Brush, person: Person) -> None:
    """The hair over the brow, and a hat."""
    if person.style != "bald":
        _cap(brush, person)
    elif not person.hat:
        brush.canvas.glow(brush.light.side * 30, -72, 26, brush.light.rim, 0.5, 14)
    if person.hat and not person.helmet:
        _hat(brush, person)


def _cap(brush: Brush, person: Person) -> None:
    hair = person.hair
    crown = [(-79, 14), (-88, -46), (-66, -104), (-20, -130), (26, -130), (68, -104), (88, -46), (79, 14)]
    if person.style == "short" and not person.soft:
        crown = [(-74, 0), (-80, -52), (-70, -104), (-30, -132), (24, -136), (66, -112), (80, -52), (74, 0)]
        fringe = [(66, -22), (58, -56), (30, -70), (-6, -62), (-40, -74), (-60, -54), (-66, -22)]
    elif person.style == "curly":
        crown = [(-84, 0), (-92, -40), (-80, -96), (-40, -128), (0, -134), (40, -128), (80, -96), (92, -40), (84, 0)]
        fringe = [(66, -30), (46, -52), (24, -44), (2, -58), (-22, -44), (-44, -56), (-66, -30)]
    elif person.style in ("bun", "ponytail"):
        fringe = [(68, -14), (60, -52), (34, -78), (0, -84), (-34, -78), (-60, -52), (-68, -14)]
    elif person.style == "long":
        crown = [(-88, 90), (-92, -30), (-66, -106), (-20, -130), (26, -130), (68, -106), (92, -30), (88, 90)]
        fringe = [(72, 76), (66, 0), (44, -48), (8, -80), (-20, -72), (-52, -38), (-68, 10), (-72, 76)]
    else:
        crown = [(-84, 66), (-90, -40), (-66, -106), (-20, -130), (26, -130), (68, -106), (90, -40), (84, 66)]
        fringe = [(68, 58), (62, -14), (48, -40), (10, -44), (-24, -36), (-50, -44), (-64, -12), (-68, 58)]
    brush.part(crown + fringe, hair, 14, 5)
    shine = mix(lit(hair, brush.light.ambient, 1.5), brush.light.rim, 0.3)
    side = brush.light.side
    for i in range(3):
        bend = [
            (side * (14 + 16 * i), -118 + 5 * i),
            (side * (34 + 14 * i), -100 + 9 * i),
            (side * (46 + 11 * i), -76 + 12 * i),
        ]
        brush.canvas.line(bend, 3.2, mix(shine, brush.light.shadow, brush.light.dark), 0.55)


def _hat(brush: Brush, person: Person) -> None:
    felt: Colour = dim(person.colour, 0.7)
    if person.garment == "uniform":
        brush.part([(-84, -62), (-92, -104), (-60, -138), (0, -150), (60, -138), (92, -104), (84, -62)], felt, 16, 5)
        brush.part([(-86, -62), (0, -74), (86, -62), (70, -40), (0, -50), (-70, -40)], (26, 26, 34), 8, 4)
        brush.flat(ring(0, -98, 13, 13, sides=6), (226, 182, 84), smooth=False)
        return
    brush.part([(-80, -58), (-76, -112), (-34, -146), (34, -146), (76, -112), (80, -58), (0, -72)], felt, 16, 5)
    brush.part([(-118, -52), (-60, -66), (0, -70), (60, -66), (118, -52), (60, -42), (0, -46), (-60, -42)], felt, 10, 5)


def helmet(brush: Brush) -> None:
    """A round glass helmet over the head, lit on its rim."""
    canvas, light = brush.canvas, brush.light
    canvas.polygon(ring(0, -4, 136, 146), lit((170, 210, 255), light.rim), 0.12)
    for r, alpha in ((134, 0.8), (128, 0.25)):
        outline = ring(0, -4, r, r + 10)
        canvas.line([*outline, outline[0]], 5, mix(light.rim, (255, 255, 255), 0.2), alpha)
    arc = [(light.side * x, y) for x, y in ((70, -96), (98, -60), (112, -14))]
    canvas.line(arc, 9, (255, 255, 255), 0.55)
