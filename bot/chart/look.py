"""How a map looks: the colours and sizes, the same ink, paper and ember as the web page, and the words around it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.chart.chart import Tone
from bot.chart.shape import Colour

INK, RAISED, LIFTED = "#0b0a0d", "#151318", "#26222c"
PAPER, SOFT, FAINT = "#f3ede2", "#b9b2a6", "#a39c91"
EMBER, THREAD, EDGE, GOLD = "#ff6a3d", "#7d7688", "#6a6372", "#f2c14e"

TIDE = "#63b8c9"
"""The other side, where a room parted."""
DARK_GOLD = "#a86a00"
"""For a star on paper."""

PHONE = 360.0
"""Units across a phone; texts are chosen to be read at that width."""
MARGIN = 14.0
TEXT = 15.0
"""Of a plate. A map that must be drawn a little wider than a phone still shows 14."""
SMALL, HEADING, TITLE = 14.0, 16.0, 22.0
LEADING = 18.5
PLATE = 102.0
"""Three of them stand side by side on a phone."""
PADDING = 9.0
DOT = 38.0
"""Across a question mark."""
STAR = 9.0
LINES = 3
"""A title has at most so many lines on its plate."""


@dataclass(frozen=True, slots=True)
class Look:
    """A scene's plate by what is known of it; `mark` is what stands in it where there is no title."""

    fill: Colour
    stroke: Colour
    text: Colour
    dashed: bool = False
    mark: str = ""


LOOKS: dict[Tone, Look] = {
    Tone.SEEN: Look(LIFTED, EDGE, PAPER),
    Tone.AHEAD: Look(INK, FAINT, SOFT, dashed=True, mark="?"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """What is written around a map, in the viewer's language."""

    path: str = "your path"
    here: str = "you are here"
    seen: str = "seen"
    unseen: str = "not seen yet"
    ending: str = "ending found"
    back: str = "leads back"
    endings: str = "Endings {found} of {total}"
    more: str = "More scenes: {count}"


ENGLISH = Words()
