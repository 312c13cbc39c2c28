"""Text broken into lines by the width its letters have, in any script. Widths in letters "M" (an em)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

NARROW = frozenset("iljtfrI1.,:;'!|()[] ")
NOT_FIRST = frozenset("，。！？、；：」』）》】…,.!?;:)”’%")
"""Marks that no line begins with."""

NOT_LAST = frozenset("「『（《【(“‘")
"""Marks that no line ends with."""


def width(text: str) -> float:
    """About how wide a text is in a proportional typeface."""
    return sum(_letter_width(letter) for letter in text)


def wrap(text: str, room: float, most: int) -> list[str]:
    """At most `most` lines of at most `room` ems; what is too much ends in an ellipsis."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text, room):
        if line and width((line + piece).rstrip()) > room:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    lines.append(line.rstrip())
    if len(lines) <= most:
        return [line for line in lines if line]
    return [*lines[: most - 1], _shortened(lines[most - 1], room)]


def _shortened(line: str, room: float) -> str:
    while line and width(line + "…") > room:
        line = line[:-1]
    return line.rstrip() + "…"


def _pieces(text: str, room: float) -> Iterator[str]:
    """What may not be broken any further: words with the space behind them, single wide characters, cut long words."""
    piece = ""
    for letter in " ".join(text.split()):
        if piece and (_breaks(piece, letter) or width(piece + letter) > room):
            yield piece
            piece = ""
        piece += letter
    if piece:
        yield piece


def _breaks(before: str, letter: str) -> bool:
    last = before[-1]
    if letter in NOT_FIRST or last in NOT_LAST or letter == " " or unicodedata.combining(letter):
        return False
    return last == " " or _is_wide(last) or _is_wide(letter)


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"


def _letter_width(letter: str) -> float:
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Cf", "Mn", "Me"):
        return 0.0
    if _is_wide(letter):
        return 1.0
    if letter in NARROW:
        return 0.3
    return 0.7 if letter.isupper() else 0.54
