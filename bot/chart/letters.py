"""How wide words are, before any font is known, and where a title is broken into lines."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_NARROW = frozenset("iljtfrI.,:;'|!()[] ·’")
_BROAD = frozenset("mwMW@%&—…")
_MARKS = ("Mn", "Me", "Cf", "Cc", "Cs")
ELLIPSIS = "…"
MOST_LETTERS = 200
"""Of a title; nothing longer is ever drawn."""


@lru_cache(maxsize=4096)
def breadth(letter: str) -> float:
    """A letter's width in parts of the type size; a little more than most fonts need."""
    if unicodedata.category(letter) in _MARKS:
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    if letter in _NARROW:
        return 0.34
    if letter in _BROAD:
        return 0.9
    return 0.68 if letter.isupper() or ord(letter) > 0x24F else 0.57


def width(text: str, size: float) -> float:
    """About as wide as `text` will be at that type size."""
    return sum(map(breadth, text)) * size


def wide(text: str) -> bool:
    """Whether a text is in letters that are broken anywhere, as Chinese and Japanese are."""
    return any(unicodedata.east_asian_width(letter) in "WF" for letter in text)


def shortened(text: str, room: float, size: float) -> str:
    """The text, or as much of it as fits with an ellipsis."""
    text = clean(text)
    if width(text, size) <= room:
        return text
    while text and width(text + ELLIPSIS, size) > room:
        text = text[:-1]
    return text.rstrip() + ELLIPSIS


def broken(text: str, room: float, size: float, lines: int) -> list[str]:
    """At most so many lines of a text; what does not fit ends in an ellipsis."""
    words = _words(clean(text))
    rows = _filled(words, room, size)
    if len(rows) <= lines:
        rows = next((even for part in _EVENLY if len(even := _filled(words, room * part, size)) == len(rows)), rows)
    else:
        joint = "" if wide(rows[lines - 1]) else " "
        rows = [*rows[: lines - 1], joint.join(rows[lines - 1 :])]
    return [shortened(row, room, size) for row in rows] or [""]


_EVENLY = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
"""Parts of the room to be tried, so that no lonely word is left on the last line."""


def _filled(words: list[str], room: float, size: float) -> list[str]:
    rows = [""]
    for word in words:
        if rows[-1] and width((rows[-1] + word).rstrip(), size) > room:
            rows.append("")
        rows[-1] += word
    return [row.strip() for row in rows if row.strip()]


def clean(text: str) -> str:
    """One line of at most `MOST_LETTERS`, without what cannot be drawn or turns the text around."""
    kept = "".join(
        letter for letter in text[: 2 * MOST_LETTERS] if unicodedata.category(letter) not in ("Cc", "Cs", "Co", "Cn")
    )
    return " ".join(kept.translate(_TURNS).split())[:MOST_LETTERS]


def bare(text: str) -> str:
    """The text without pictures and marks that fonts for reading do not have."""
    kept = (letter for letter in text if unicodedata.category(letter) not in _PICTURES and letter not in _SELECTORS)
    return " ".join("".join(kept).split())


_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))
"""They say how the letter before them is drawn."""
_PICTURES = ("So", "Sk", "Cf", "Me")
_TURNS = dict.fromkeys([0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF])


def _words(text: str) -> list[str]:
    """Words with the space after them; a letter each where letters may be parted."""
    found: list[str] = []
    for word in text.split(" "):
        if wide(word):
            found += _joined(list(word))
            found[-1] += " "
        else:
            found.append(word + " ")
    return found


def _joined(letters: list[str]) -> list[str]:
    """Letters, with closing marks kept at the letter before them."""
    found: list[str] = []
    for letter in letters:
        if found and (unicodedata.category(letter)[0] in "MP" and letter not in "「『（《“‘"):
            found[-1] += letter
        else:
            found.append(letter)
    return found
