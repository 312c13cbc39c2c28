"""A head and its face, drawn about (0, 0): the chin at 104, the crown at -105, in units of the figure."""

from __future__ import annotations

from dataclasses import dataclass

from bot.clips.make.figure.brush import Brush
from bot.clips.make.look import Person
from bot.clips.make.paint import mirror, ring
from bot.clips.make.palette import lit, mix
from bot.clips.make.words import Colour

LIPS: Colour = (176, 72, 74)
EYE_LINE = 10.0


@dataclass(frozen=True, slots=True)
class Face:
    """What a face does: eyes open 0-1, mouth open 0-1, brows by mood, `turn` -1 (left) to 1."""

    eyes: float = 1.0
    mouth: float = 0.0
    mood: str = ""
    turn: float = 0.0


# (inner brow lift, outer brow lift, mouth corner lift, lid) by mood; units, up is positive.
EXPRESSIONS: dict[str, tuple[float, float, float, float]] = {
    "tense": (-6, 3, -3, 0.82),
    "urgent": (-3, 6, -3, 1.12),
    "sad": (7, -4, -4.5, 0.76),
    "eerie": (5, 2, -2, 1.12),
    "warm": (2, 2, 6, 0.86),
    "hopeful": (4, 2, 5, 1.0),
    "romantic": (3, 0, 5, 0.76),
    "calm": (0, 0, 2, 0.84),
    "comic": (5, 9, 8, 1.1),
}


def skull(brush: Brush, person: Person) -> None:
    """Neck, ears and the face's shape."""
    width = 64 if person.soft else 68
    jaw = 26 if person.soft else 40
    neck = 25 if person.soft else 33
    if person.child:
        width, jaw, neck = 68, 30, 20
    skin = person.skin
    brush.part(
        [(-neck, 60), (neck, 60), (neck + 3, 130), (neck + 14, 166), (-neck - 14, 166), (-neck - 3, 130)], skin, 24, 3
    )
    brush.flat([(-neck, 92), (neck, 92), (neck, 112), (0, 136), (-neck, 116)], skin, 0.85, shade=1)
    for side in (-1, 1):
        brush.part(ring(side * (width + 3), 16, 11, 19), skin, 6, 3, smooth=False)
    half = [(0, 104), (jaw, 95), (width - 14, 66), (width, 22), (width + 1, -30), (width - 12, -80), (30, -105)]
    outline = half + mirror(list(reversed(half[1:])))
    brush.part(outline, skin, 30, 4, soft=5)


def features(brush: Brush, person: Person, face: Face) -> None:
    """Brows, eyes, nose, mouth, and what years and whiskers add."""
    inner, outer, smile, lid = EXPRESSIONS.get(face.mood, (0, 0, 1, 0.92))
    shift = face.turn * 13
    if person.beard:
        _beard(brush, person, shift)
    for side in (-1, 1):
        x = shift + side * (28 - abs(face.turn) * 2 * (1 if side == face.turn else 0))
        _eye(brush, person, x, side, face.eyes * lid, face.turn)
        _brow(brush, person, x, side, inner, outer)
    _nose(brush, person, shift, face.turn)
    _mouth(brush, person, shift * 0.95, smile, face.mouth)
    if face.mood in ("warm", "romantic", "comic", "hopeful") or person.child:
        for side in (-1, 1):
            brush.flat(ring(shift + side * 40, 42, 15, 9), (226, 104, 96), 0.22, smooth=False)
    if person.old:
        _years(brush, person, shift)
    if person.glasses:
        _glasses(brush, shift)


def _eye(brush: Brush, person: Person, x: float, side: int, wide: float, turn: float) -> None:
    size = 14.0 if person.soft or person.child else 12.5
    high = 11.0 * min(1.2, wide) + (1.5 if person.child else 0)
    dark = mix(person.hair, (24, 18, 24), 0.75)
    socket = mix(person.skin, (90, 50, 60), 0.32)
    brush.flat(ring(x, EYE_LINE - 3, size + 5, 12), socket, 0.35, smooth=False)
    if wide < 0.25:
        brush.line([(x - size, EYE_LINE + 1), (x, EYE_LINE + 5), (x + size, EYE_LINE)], 4.2, dark)
        return
    top = EYE_LINE - high
    white = mix((236, 232, 228), person.skin, 0.18)
    brush.flat([(x - size, EYE_LINE + 1), (x, top), (x + size, EYE_LINE - 1), (x, EYE_LINE + 7)], white)
    gaze = x + turn * 3.5
    brush.flat(ring(gaze, EYE_LINE - 1, 8.0, min(9.4, high)), dark, smooth=False)
    brush.canvas.oval(gaze + 2.4, EYE_LINE - 4, 2.3, 2.3, (255, 255, 255), 0.9 * (1 - brush.light.dark))
    tail = 4.5 if person.soft else 1.5
    brush.line(
        [(x - side * size, EYE_LINE), (x, top - 1), (x + side * (size + tail), EYE_LINE - 2 - tail / 2)], 4.4, dark
    )


def _brow(brush: Brush, person: Person, x: float, side: int, inner: float, outer: float) -> None:
    hair = mix(person.hair, (40, 30, 30), 0.35 if not person.old else 0.1)
    y = -17 if not person.child else -20
    width = 5.0 if person.soft or person.child else 7.4
    near, far = x - side * 15, x + side * 19
    brush.line([(near, y - inner), (x + side * 3, y - 4 - (inner + outer) / 2), (far, y + 2 - outer)], width, hair)


def _nose(brush: Brush, person: Person, shift: float, turn: float) -> None:
    way = turn or -brush.light.side
    x = shift * 1.25
    long = 40 if not person.child else 34
    shade = mix(person.skin, (96, 40, 50), 0.34)
    brush.flat(
        [
            (x + way * 2, 2),
            (x + way * 9, long - 6),
            (x + way * 8, long + 1),
            (x - way * 5, long + 2),
            (x - way, long - 8),
        ],
        shade,
        0.62,
    )
    brush.line([(x - 7, long), (x, long + 4), (x + 7, long)], 2.4, shade, 0.8, shade=0.5)


def _mouth(brush: Brush, person: Person, x: float, smile: float, open_: float) -> None:
    half = (17 if person.soft else 20) * (1 - 0.18 * open_)
    y = 69.0
    lips = mix(person.skin, LIPS, 0.72 if person.soft else 0.4)
    dark = mix(lips, (50, 14, 24), 0.7)
    if open_ > 0.2:
        deep = 15 * open_
        brush.flat([(x - half, y - smile), (x, y - 5), (x + half, y - smile), (x, y + deep)], dark)
        brush.flat([(x - half * 0.6, y - 1), (x, y - 3.5), (x + half * 0.6, y - 1), (x, y + 2)], (236, 228, 222), 0.85)
        brush.line([(x - half * 0.6, y + deep * 0.62), (x, y + deep + 1), (x + half * 0.6, y + deep * 0.62)], 5, lips)
        return
    if person.soft:
        brush.flat([(x - half + 3, y), (x - 5, y - 6), (x, y - 4), (x + 5, y - 6), (x + half - 3, y), (x, y + 9)], lips)
    else:
        brush.line([(x - half * 0.5, y + 9), (x, y + 11), (x + half * 0.5, y + 9)], 3.6, lips, 0.7)
    brush.line([(x - half, y - smile), (x, y + 1), (x + half, y - smile)], 3.4, dark)


def _years(brush: Brush, person: Person, shift: float) -> None:
    crease = mix(person.skin, (90, 50, 50), 0.5)
    for side in (-1, 1):
        x = shift + side * 26
        brush.line([(x - 10, 24), (x, 28), (x + 10, 23)], 2, crease, 0.7)
        brush.line([(shift + side * 16, 42), (shift + side * 27, 56), (shift + side * 27, 70)], 2.2, crease, 0.7)
    brush.line([(shift - 26, -46), (shift, -49), (shift + 26, -46)], 2, crease, 0.5)


def _beard(brush: Brush, person: Person, shift: float) -> None:
    hair = mix(person.hair, person.skin, 0.12)
    side = [(66, 14), (60, 30), (44, 50), (26, 53), (10, 56)]
    outline = [(0, 118), (34, 108), (58, 74), *side, (0, 58)]
    bent = outline + mirror(list(reversed(outline[1:-1])))
    brush.part([(x + shift * 0.4, y) for x, y in bent], hair, 16, 3)
    brush.line([(shift - 24, 62), (shift, 54), (shift + 24, 62)], 8, hair, shade=0.2)


def _glasses(brush: Brush, shift: float) -> None:
    frame = (34, 30, 40)
    for side in (-1, 1):
        x = shift + side * 29
        outline = ring(x, EYE_LINE, 22, 18, sides=28)
        brush.canvas.polygon(outline, lit((230, 240, 255), brush.light.rim), 0.13)
        brush.line([*outline, outline[0]], 3.4, frame)
        brush.canvas.line([(x - 11, EYE_LINE - 8), (x - 3, EYE_LINE - 12)], 3, brush.light.rim, 0.7)
    brush.line([(shift - 8, EYE_LINE - 2), (shift, EYE_LINE - 5), (shift + 8, EYE_LINE - 2)], 3.4, frame)
