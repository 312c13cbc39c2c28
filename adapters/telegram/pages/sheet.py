"""A sheet of the studio as Telegram shows it: HTML that fits under a picture or into messages, and buttons."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from telegram import InlineKeyboardButton

from adapters.button import Buttons
from adapters.studio.sheet import PAGE, Key, Line, Sheet, Span
from adapters.telegram.keyboard import Rows
from adapters.telegram.scene import LABEL, page_button
from adapters.telegram.text import CAPTION, MESSAGE, bold, filled, italic, plain, units
from adapters.text import clean, cut, pieces

PIECE = 1_900
"""Characters of a piece of a span that is too long for a message: fewer than half, for those that count twice."""

RESERVE = 60
"""UTF-16 units of every text kept free for the choice that is written under it."""

ROWS = 30
"""Rows of buttons; Telegram takes up to 100 buttons in all."""


def sheet_texts(sheet: Sheet, captioned: bool) -> list[str]:
    """The words in as few messages as possible. `captioned`: the first stands under something, and may be empty."""
    paragraphs = [paragraph for line in sheet.lines for paragraph in _paragraphs(line)]
    return filled(paragraphs, (CAPTION if captioned else MESSAGE) - RESERVE, MESSAGE - RESERVE)


def sheet_rows(sheet: Sheet, buttons: Buttons) -> Rows:
    """The buttons, signed."""
    return [[_button(key, buttons) for key in row] for row in sheet.rows[:ROWS]]


def _button(key: Key, buttons: Buttons) -> InlineKeyboardButton:
    # A story's label may be empty; Telegram refuses a button without words.
    label = cut(clean(key.label).strip() or "…", LABEL)
    return InlineKeyboardButton(label, url=key.link) if key.link else page_button(buttons, label, PAGE, key.about)


def _paragraphs(line: Line) -> Iterator[str]:
    """The line as HTML; in several pieces where it is longer than a message."""
    whole = "".join(map(_styled, line))
    if units(whole) <= MESSAGE - RESERVE:
        yield whole
        return
    for span in line:
        yield from (_styled(Span(piece, span.style)) for piece in pieces(span.text, PIECE))


def _styled(span: Span) -> str:
    match span.style:
        case "bold":
            return bold(span.text)
        case "quiet":
            return italic(span.text)
        case "code":
            return f"<code>{escape(clean(span.text), quote=False)}</code>"
        case _:
            return plain(span.text)
