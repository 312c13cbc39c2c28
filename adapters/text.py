"""Text of stories and people, before a platform's own markup: cleaned, cut to fit, taken to pieces."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bot.play.card import Spoken

Markup = Callable[[str], str]
"""Makes text safe where it is shown, and perhaps stand out."""

_UNSEEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u061c\x00-\x08\x0b-\x1f\x7f]")
"""Controls that turn text around or hide in it; a story's and a person's text goes without. Joiners stay: scripts and
families of emoji need them."""


def clean(text: str) -> str:
    """Text of a story or a person without what turns or hides."""
    return _UNSEEN.sub("", text)


def cut(text: str, limit: int) -> str:
    """Plain text of at most `limit` UTF-16 units, with an ellipsis where it was cut, never inside a character."""
    if len(text.encode("utf-16-le", "surrogatepass")) // 2 <= limit:
        return text
    kept, room = [], limit - 1
    for letter in text:
        room -= 2 if ord(letter) > 0xFFFF else 1
        if room < 0:
            break
        kept.append(letter)
    return "".join(kept).rstrip() + "…"


def pieces(text: str, limit: int) -> list[str]:
    """Plain text in pieces of at most `limit` characters, cut at spaces where there are any."""
    found = []
    while len(text) > limit:
        at = text.rfind(" ", limit // 2, limit) + 1 or limit
        found.append(text[:at])
        text = text[at:]
    return [*found, text]


def spoken(line: Spoken, longest: int, plain: Markup, bold: Markup, italic: Markup) -> Iterator[str]:
    """A line in paragraphs of at most `longest` characters: the speaker's name bold, the narrator in italics."""
    first, *others = pieces(line.text, longest)
    if not line.name and not others and not clean(first).strip():
        return
    yield f"{bold(line.name)}: {plain(first)}" if line.name else italic(first)
    yield from map(plain, others)
