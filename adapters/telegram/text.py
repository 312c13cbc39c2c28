"""Text as Telegram wants it: HTML in which nothing of a story or a person is markup, counted in UTF-16 units."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape as escape_html

from adapters.text import clean

CAPTION = 1024
"""UTF-16 units of a caption, after its markup is taken out (Bot API, sendVideo)."""

MESSAGE = 4096
"""UTF-16 units of a message's text (Bot API, sendMessage)."""

_TAGS = re.compile(r"<[^>]*>")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"'}
_ENTITY = re.compile("|".join(_ENTITIES))


def plain(text: str) -> str:
    """Text of a story or a person as HTML: nothing in it is markup, nothing turns or hides what follows."""
    return escape_html(clean(text), quote=False)


def bold(text: str) -> str:
    return f"<b>{plain(text)}</b>"


def italic(text: str) -> str:
    return f"<i>{plain(text)}</i>"


def units(html: str) -> int:
    """How long HTML is for Telegram: UTF-16 units of what is read."""
    text = _ENTITY.sub(lambda found: _ENTITIES[found[0]], _TAGS.sub("", html))
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def filled(paragraphs: Sequence[str], first: int, others: int = MESSAGE) -> list[str]:
    """Paragraphs of HTML in as few texts as possible: the first of at most `first` units, the next of `others`.

    No paragraph is split, so none may be longer than `others`; the first text is empty when nothing fits there.
    """
    texts: list[str] = []
    limit, current = first, ""
    for paragraph in paragraphs:
        longer = f"{current}\n{paragraph}" if current else paragraph
        if units(longer) <= limit:
            current = longer
            continue
        texts.append(current)
        current, limit = paragraph, others
    return [*texts, current] if current or not texts else texts


def joined(paragraphs: Iterable[str]) -> str:
    """Paragraphs that are not empty, a blank line between."""
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
