"""Text of stories and people, before a platform's own markup: cleaned, cut to fit, taken to pieces."""

from __future__ import annotations

import re

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
