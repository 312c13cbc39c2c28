"""Keyboards as calls send them.

A choice's button is made for every scene that is shown, so it is a record of our own: the library's takes ten times as
long to make and to write. Buttons of pages are the library's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.record import record


@record(frozen=True, slots=True)
class ChoiceButton:
    """A button with a label and what it carries."""

    text: str
    callback_data: str


Button = ChoiceButton | InlineKeyboardButton
Rows = Sequence[Sequence[Button]]
Keyboard = InlineKeyboardMarkup | Mapping[str, Any] | None


def keyboard_of(rows: Rows) -> Mapping[str, Any] | None:
    """The rows as a call sends them; None where there are none."""
    return {"inline_keyboard": [[_ready(button) for button in row] for row in rows]} if rows else None


def ready(keyboard: Keyboard) -> Mapping[str, Any] | None:
    """A keyboard as a call sends it."""
    return keyboard.to_dict() if isinstance(keyboard, InlineKeyboardMarkup) else keyboard


def markup(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    """A keyboard as the library's own calls want it."""
    if keyboard is None or isinstance(keyboard, InlineKeyboardMarkup):
        return keyboard
    return InlineKeyboardMarkup.de_json(dict(keyboard))


def _ready(button: Button) -> dict[str, Any]:
    if isinstance(button, ChoiceButton):
        return {"text": button.text, "callback_data": button.callback_data}
    return button.to_dict()
