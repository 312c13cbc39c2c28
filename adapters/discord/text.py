"""Text as Discord wants it: Markdown in which nothing of a story or a person is markup, a link or a mention."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from adapters.text import clean

CARD = 4_000
"""Characters of all texts of one message of components (Discord, component reference)."""

LABEL = 80
"""Characters of a button's label (Discord, component reference)."""

_MARKUP = re.compile(r"([\\*_~`|>#\[\]()<:@-])")
"""What begins formatting, a quote, a list, a link, an emoji, a timestamp or a mention anywhere in a line."""

_NUMBERED = re.compile(r"^(\s*\d+)\.", re.MULTILINE)


@lru_cache(2_000)
def plain(text: str) -> str:
    """Text of a story or a person, to be read as it stands."""
    return _NUMBERED.sub(r"\1\\.", _MARKUP.sub(r"\\\1", clean(text)))


def bold(text: str) -> str:
    return f"**{plain(text)}**"


def italic(text: str) -> str:
    return f"*{plain(text)}*"


def when(at: int) -> str:
    """A time (Unix ms) that every reader's client counts down to by itself."""
    return f"<t:{(at + 999) // 1000}:R>"


def filled(paragraphs: Sequence[str], limit: int) -> list[str]:
    """Paragraphs in as few texts of at most `limit` characters as possible; none may be longer than that."""
    texts: list[str] = []
    for paragraph in paragraphs:
        longer = f"{texts[-1]}\n{paragraph}" if texts else paragraph
        if texts and len(longer) <= limit:
            texts[-1] = longer
        else:
            texts.append(paragraph)
    return texts


def joined(paragraphs: Iterable[str]) -> str:
    """Paragraphs that are not empty, a line each."""
    return "\n".join(paragraph for paragraph in paragraphs if paragraph)
