"""Things of paper: ticket, letter, photo, recipe, notebook. Drawn about (0, 0) within 200 units each way."""

from __future__ import annotations

from bot.clips.make.figure.brush import Brush
from bot.clips.make.paint import Point, ring
from bot.clips.make.words import Colour

PAPER: Colour = (242, 232, 208)
INK: Colour = (70, 62, 84)
RED: Colour = (206, 56, 50)


def _box(x0: float, y0: float, x1: float, y1: float) -> list[Point]:
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


def _writing(brush: Brush, x0: float, x1: float, ys: range, width: float = 6) -> None:
    for i, y in enumerate(ys):
        end = x1 - (x1 - x0) * (0.12, 0.3, 0.04, 0.44)[i % 4]
        wave = [(x0 + (end - x0) * k / 8, y + (2.5 if k % 2 else -2.5)) for k in range(9)]
        brush.line(wave, width, INK, 0.75)


def ticket(brush: Brush) -> None:
    """A punched train ticket with a red band."""
    brush.part(_box(-190, -96, 190, 96), PAPER, 10, 5, smooth=False)
    brush.flat(_box(-190, -96, 190, -44), RED, smooth=False)
    for x in (-190, 190):
        brush.flat(ring(x, 20, 24), (34, 28, 40), smooth=False)
    for y in range(-34, 92, 18):
        brush.line([(96, y), (96, y + 9)], 4, INK, 0.8)
    train = [(-150, 50), (-150, -6), (-128, -24), (-20, -24), (10, 16), (10, 50)]
    brush.flat(train, INK, smooth=False)
    for x in (-132, -92, -52):
        brush.flat(_box(x, -10, x + 26, 16), PAPER, smooth=False)
    for x in (-120, -30):
        brush.flat(ring(x, 54, 14), INK, smooth=False)
    for i, wide in enumerate((3, 7, 3, 5, 9, 3, 6, 3)):
        brush.flat(_box(118 + i * 8, -24, 118 + i * 8 + wide * 0.7, 76), INK, smooth=False)
    brush.flat(ring(54, 60, 12), (34, 28, 40), smooth=False)
    brush.line([(-160, -70), (-20, -70)], 9, PAPER)
    brush.line([(110, -70), (160, -70)], 9, PAPER)


def letter(brush: Brush) -> None:
    """A letter half out of its envelope, sealed in red."""
    brush.part(_box(-120, -190, 120, 60), PAPER, 10, 5, smooth=False)
    _writing(brush, -92, 92, range(-156, 0, 28))
    brush.part([(-186, -50), (-186, 140), (186, 140), (186, -50), (0, 66)], (214, 186, 146), 16, 5, smooth=False)
    brush.part([(-186, 140), (-20, 26), (20, 26), (186, 140)], (226, 200, 160), 12, 5, smooth=False)
    brush.part(ring(0, 44, 36), RED, 8, 4, smooth=False)
    brush.line([(-13, 44), (0, 56), (14, 32)], 6, (240, 150, 130))


def photo(brush: Brush) -> None:
    """An instant photo of two people under a sun."""
    brush.part(_box(-148, -180, 148, 180), (244, 240, 230), 12, 6, smooth=False)
    brush.flat(_box(-124, -156, 124, 104), (92, 146, 176), smooth=False)
    brush.flat(_box(-124, 10, 124, 104), (226, 178, 108), smooth=False)
    brush.flat(ring(66, -92, 34), (255, 226, 150), smooth=False)
    for x, size, coat in ((-44, 1.0, RED), (36, 0.8, (52, 68, 118))):
        y = -28 + (1 - size) * 60
        brush.flat(
            [(x - 46 * size, 104), (x - 36 * size, y + 46), (x, y + 32), (x + 36 * size, y + 46), (x + 46 * size, 104)],
            coat,
        )
        brush.flat(ring(x, y, 28 * size, 32 * size), (232, 186, 150), smooth=False)
        brush.flat(
            [
                (x - 32 * size, y + 4),
                (x - 28 * size, y - 34 * size),
                (x + 28 * size, y - 34 * size),
                (x + 32 * size, y + 4),
                (x, y - 16 * size),
            ],
            (48, 34, 34),
        )
    brush.line([(-70, 140), (-30, 134), (10, 144), (60, 136)], 6, INK, 0.7)


def recipe(brush: Brush) -> None:
    """A stained card: a bowl drawn on top, lines below."""
    brush.part(_box(-142, -186, 142, 186), (238, 220, 178), 14, 5, smooth=False)
    brush.flat(ring(76, 120, 46), (176, 120, 66), 0.35, smooth=False)
    brush.flat(ring(76, 120, 36), (238, 220, 178), 0.6, smooth=False)
    brush.flat([(-64, -110), (64, -110), (44, -58), (0, -46), (-44, -58)], RED)
    for x in (-28, 0, 28):
        brush.line([(x, -122), (x + 8, -134), (x - 4, -146), (x + 4, -160)], 5, INK, 0.6)
    for y in (-24, 12, 48, 84, 120, 152):
        brush.flat(ring(-112, y, 6), RED, smooth=False)
    _writing(brush, -92, 104, range(-24, 170, 36))


def notebook(brush: Brush) -> None:
    """An open notebook, a ribbon, names crossed out."""
    brush.part([(-196, -128), (196, -128), (204, 140), (-204, 140)], (72, 44, 52), 14, 5, smooth=False)
    for side in (-1, 1):
        page = [(0, -122), (side * 100, -134), (side * 186, -122), (side * 192, 126), (side * 100, 116), (0, 130)]
        brush.part(page, PAPER, 12, 3, smooth=False)
    _writing(brush, -168, -28, range(-96, 100, 30), 5)
    _writing(brush, 28, 168, range(-96, 40, 30), 5)
    brush.line([(-172, -68), (-40, -64)], 5, RED)
    brush.line([(28, -36), (150, -42)], 5, RED)
    brush.part([(-6, -126), (10, -126), (14, 176), (2, 160), (-10, 176)], RED, 5, 3, smooth=False)
