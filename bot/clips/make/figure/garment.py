"""Bodies and clothes below a head at (0, 0): shoulders at 205, hips at 600, feet at 1290."""

from __future__ import annotations

from math import hypot

from bot.clips.make.figure.brush import Brush
from bot.clips.make.look import Person
from bot.clips.make.paint import Point, curve, mirror, ring
from bot.clips.make.palette import brightness, dim, mix
from bot.clips.make.words import Colour

FEET = 1290.0
DARK_CLOTH: Colour = (44, 46, 62)
SHIRT: Colour = (222, 222, 226)


def body(brush: Brush, person: Person, stances: tuple[str, str] = ("down", "down")) -> None:
    """Legs, trunk and arms in the person's clothes; `stances` of the left and right arm."""
    wide = 150.0 if person.soft else 182.0
    if person.child:
        wide = 136.0
    if person.garment == "spacesuit":
        wide += 26
    _legs(brush, person)
    _trunk(brush, person, wide)
    _trim(brush, person, wide)
    _arms(brush, person, wide, stances)
    if person.scarf:
        _scarf(brush, person.scarf)


def shirt_of(person: Person) -> Colour:
    """What is worn under an apron: pale under dark colours, dark under pale ones."""
    return (58, 76, 104) if brightness(person.colour) > 150 else SHIRT


def _both(half: list[Point]) -> list[Point]:
    return half + mirror(list(reversed(half)))


def _legs(brush: Brush, person: Person) -> None:
    suit = person.garment in ("suit", "uniform", "spacesuit")
    cloth = dim(person.colour, 0.85) if suit else DARK_CLOTH
    thick = 74 if person.garment == "spacesuit" else 56
    skirt = person.garment == "dress"
    for side in (-1, 1):
        leg = [(6, 560), (thick + 56, 560), (thick + 30, 900), (thick + 12, 1240), (24, 1240), (14, 900)]
        if skirt:
            leg = [(24, 700), (86, 700), (78, 960), (66, 1240), (34, 1240), (30, 960)]
        brush.part([(side * x, y) for x, y in leg], person.skin if skirt else cloth, 18, 5, smooth=False)
        shoe = [(22, 1232), (72, 1232), (96, 1270), (96, 1292), (20, 1292)]
        brush.part([(side * x, y) for x, y in shoe], (34, 30, 36), 8, 4, smooth=False)


def _trunk(brush: Brush, person: Person, wide: float) -> None:
    neck, colour = 40.0, person.colour
    hem, flare, waist = 620.0, wide * 0.86, wide * 0.76
    match person.garment:
        case "coat":
            hem, flare = 930.0, wide * 1.12
        case "dress":
            hem, flare, waist = 850.0, wide * 1.3, wide * 0.62
        case "spacesuit":
            waist = flare = wide * 0.9
        case "apron":
            colour = shirt_of(person)
    half = [
        (neck * 0.4, 150), (neck, 158), (neck + 26, 180), (wide * 0.72, 202), (wide - 8, 232), (wide - 18, 330),
        (waist, 470), (flare * 0.92, 640 if hem > 700 else 600), (flare, hem), (flare * 0.5, hem + 8),
    ]  # fmt: skip
    brush.part(_both(half), colour, 40, 5)


# Where elbow and wrist are, from the shoulder's outer edge and down: hanging, in a pocket, on the hip, clasped.
STANCES: dict[str, tuple[Point, Point]] = {
    "down": ((14, 410), (-14, 606)),
    "pocket": ((30, 400), (-62, 560)),
    "hip": ((76, 392), (-34, 500)),
    "clasped": ((26, 402), (-128, 540)),
    "holding": ((22, 420), (-104, 420)),
    "hidden": ((0, 0), (0, 0)),
}


def limb(path: list[Point], widths: tuple[float, ...]) -> list[Point]:
    """The outline of a bent limb of changing thickness along a path of joints."""
    bent = curve(path, closed=False, steps=8)
    last = len(bent) - 1
    one, other = [], []
    for i, (x, y) in enumerate(bent):
        (ax, ay), (bx, by) = bent[max(0, i - 1)], bent[min(last, i + 1)]
        length = hypot(bx - ax, by - ay) or 1
        at = i / last * (len(widths) - 1)
        low = min(int(at), len(widths) - 2)
        half = (widths[low] + (widths[low + 1] - widths[low]) * (at - low)) / 2
        nx, ny = (by - ay) / length * half, (ax - bx) / length * half
        one.append((x + nx, y + ny))
        other.append((x - nx, y - ny))
    return one + other[::-1]


def _arms(brush: Brush, person: Person, wide: float, stances: tuple[str, str]) -> None:
    colour = shirt_of(person) if person.garment == "apron" else person.colour
    thick = 1.25 if person.garment == "spacesuit" else 1.0 if not person.soft else 0.86
    glove = (70, 72, 84) if person.garment == "spacesuit" else person.skin
    for side, stance in zip((-1, 1), stances, strict=True):
        if stance == "hidden":
            continue
        (ex, ey), (wx, wy) = STANCES[stance]
        shoulder, elbow, wrist = [(wide - 68, 204.0), (wide - 34, 252.0)], (wide + ex - 16, ey), (wide + wx - 6, wy)
        reach = hypot(wrist[0] - elbow[0], wrist[1] - elbow[1])
        ahead = ((wrist[0] - elbow[0]) / reach, (wrist[1] - elbow[1]) / reach)
        lit_side = side == brush.light.side
        if stance != "pocket":
            palm = [(wrist[0] + ahead[0] * k, wrist[1] + ahead[1] * k) for k in (-16.0, 24.0, 76.0)]
            brush.part(
                [(side * x, y) for x, y in limb(palm, (38, 46, 26))], glove, 10, 4 if lit_side else 2, smooth=False
            )
        sleeve = limb([*shoulder, elbow, wrist], (40, 84 * thick, 78 * thick, 68 * thick, 54 * thick))
        brush.part(
            [(side * x, y) for x, y in sleeve], mix(colour, (0, 0, 0), 0.06), 18, 6 if lit_side else 2.5, smooth=False
        )


def _trim(brush: Brush, person: Person, wide: float) -> None:
    match person.garment:
        case "coat":
            _lapels(brush, person, 420, collar=True)
            brush.line([(0, 410), (4, 640), (6, 920)], 4, person.colour, shade=1)
            for y in (450, 540, 630):
                brush.flat(ring(24, y, 9), mix(person.colour, (20, 16, 20), 0.55), smooth=False)
        case "jacket":
            _lapels(brush, person, 300, collar=True)
            brush.line([(0, 300), (0, 610)], 4, (190, 190, 200))
        case "suit":
            _lapels(brush, person, 430, collar=False)
            brush.part(
                [(-13, 178), (13, 178), (9, 204), (20, 390), (0, 420), (-20, 390), (-9, 204)],
                (150, 42, 52),
                6,
                2,
                smooth=False,
            )
        case "uniform":
            _uniform(brush, person, wide)
        case "hoodie":
            _hood(brush, person)
        case "apron":
            _apron(brush, person, wide)
        case "spacesuit":
            _spacesuit(brush, person, wide)
        case "dress":
            brush.flat([(-46, 160), (46, 160), (34, 214), (0, 244), (-34, 214)], person.skin)
            brush.line([(-wide * 0.6, 480), (0, 490), (wide * 0.6, 480)], 12, person.colour, shade=1)
        case _:
            brush.part([(-48, 150), (48, 150), (54, 184), (0, 206), (-54, 184)], dim(person.colour, 1.12), 10, 3)


def _lapels(brush: Brush, person: Person, to: float, collar: bool) -> None:
    shirt = SHIRT if person.garment in ("suit", "uniform") else mix(person.colour, (30, 28, 40), 0.62)
    brush.flat([(-42, 152), (42, 152), (10, to), (-10, to)], shirt, smooth=False)
    brush.flat([(-40, 152), (40, 152), (0, 214)], person.skin, smooth=False, shade=0.35)
    for side in (-1, 1):
        lapel = [(38, 150), (66, 176), (74, 250), (58, 268), (64, 284), (4, to + 6), (8, to - 40), (34, 210)]
        brush.part([(side * x, y) for x, y in lapel], dim(person.colour, 1.1), 10, 4, smooth=False)
        if collar:
            high = [(30, 128), (62, 138), (84, 182), (70, 214), (40, 190)]
            brush.part([(side * x, y) for x, y in high], dim(person.colour, 0.96), 8, 4, smooth=False)


def _uniform(brush: Brush, person: Person, wide: float) -> None:
    _lapels(brush, person, 330, collar=False)
    brush.flat([(-11, 182), (11, 182), (16, 326), (-16, 326)], (26, 28, 40), smooth=False)
    for side in (-1, 1):
        brush.part(
            [(side * (wide - 66), 200), (side * (wide - 6), 218), (side * (wide + 2), 238), (side * (wide - 74), 222)],
            (214, 170, 80),
            5,
            3,
            smooth=False,
        )
        for y in (380, 450, 520):
            brush.flat(ring(side * 40, y, 8), (222, 182, 96), smooth=False)
    brush.flat(ring(-80, 320, 15, 15, sides=5, turn=0.05), (222, 182, 96), smooth=False)


def _hood(brush: Brush, person: Person) -> None:
    for side in (-1, 1):
        hood = [(22, 186), (58, 128), (92, 150), (98, 200), (52, 232)]
        brush.part([(side * x, y) for x, y in hood], dim(person.colour, 1.1), 12, 4)
        brush.line([(side * 26, 214), (side * 30, 280), (side * 28, 336)], 6, SHIRT)
    brush.part([(-90, 480), (90, 480), (112, 596), (-112, 596)], dim(person.colour, 0.92), 10, 3, smooth=False)


def _apron(brush: Brush, person: Person, wide: float) -> None:
    brush.flat([(-34, 152), (34, 152), (0, 206)], person.skin, smooth=False, shade=0.3)
    for side in (-1, 1):
        brush.part(
            [(side * 14, 184), (side * 40, 150), (side * 70, 176), (side * 34, 222)],
            shirt_of(person),
            6,
            3,
            smooth=False,
        )
        brush.line([(side * 72, 186), (side * 84, 260), (side * 84, 330)], 17, dim(person.colour, 0.9))
    bib = [
        (-94, 316),
        (94, 316),
        (104, 470),
        (wide * 0.86, 500),
        (wide * 0.94, 860),
        (-wide * 0.94, 860),
        (-wide * 0.86, 500),
        (-104, 470),
    ]
    brush.part(bib, person.colour, 30, 4, smooth=False)
    brush.line([(-wide * 0.84, 490), (0, 500), (wide * 0.84, 490)], 9, person.colour, shade=1)


def _spacesuit(brush: Brush, person: Person, wide: float) -> None:
    trim = mix(person.colour, (40, 44, 60), 0.7)
    brush.part(ring(0, 168, 104, 40), dim(person.colour, 0.84), 12, 6, smooth=False)
    brush.flat(ring(0, 160, 74, 24), trim, smooth=False)
    brush.part([(-74, 280), (74, 280), (66, 410), (-66, 410)], trim, 8, 4, smooth=False)
    for x, colour in ((-40, (255, 96, 70)), (-8, (96, 226, 190)), (24, (255, 206, 96))):
        brush.canvas.oval(x, 316, 9, 9, colour)
    brush.canvas.rect(-46, 350, 46, 362, (110, 200, 230), 0.8)
    for side in (-1, 1):
        brush.line([(side * 40, 540), (side * wide * 0.8, 520)], 8, trim)


def _scarf(brush: Brush, colour: Colour) -> None:
    brush.part([(-66, 118), (0, 140), (66, 118), (82, 160), (0, 198), (-82, 160)], colour, 12, 5)
    brush.part([(20, 166), (62, 160), (72, 330), (30, 338)], dim(colour, 0.9), 10, 4, smooth=False)
