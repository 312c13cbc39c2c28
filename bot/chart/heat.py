"""Heat: the colour of a share of plays, and the ink that is read on it."""

from __future__ import annotations

import math
from itertools import pairwise

from bot.chart.look import INK, PAPER
from bot.chart.shape import Colour

_STOPS = ((0.0, (0x2B, 0x27, 0x33)), (0.35, (0x70, 0x30, 0x2E)), (0.7, (0xD6, 0x56, 0x30)), (1.0, (0xFF, 0xB8, 0x4D)))
_BRIGHT = 0.44
"""Of light; from there on dark ink is read better."""


def warmth(share: float) -> Colour:
    """The colour of a share from 0 to 1. By its root: rare scenes differ from each other, too."""
    at = math.sqrt(min(max(share, 0.0), 1.0))
    (low, cold), (high, warm) = next((one, two) for one, two in pairwise(_STOPS) if at <= two[0])
    part = (at - low) / (high - low)
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in zip(cold, warm, strict=True))


def ink_on(colour: Colour) -> Colour:
    """Dark or light, whatever stands out more."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return INK if 0.299 * red + 0.587 * green + 0.114 * blue > _BRIGHT else PAPER
