"""A card as Telegram shows it: a caption, perhaps more text below it, and buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardButton

from adapters.button import Buttons
from adapters.telegram.keyboard import Button, ChoiceButton, Keyboard, Rows, keyboard_of
from adapters.telegram.text import CAPTION, MESSAGE, bold, filled, italic, plain
from adapters.text import clean, cut, spoken
from adapters.words import Words
from bot.delivery.parcel import Parcel
from bot.play.card import Card, Option
from bot.story.story import Story

LONGEST_PIECE = 900
"""Characters of one paragraph: few enough for a caption, unless most of them are emoji."""

LABEL = 60
"""UTF-16 units of a button's label that a phone shows; the whole label is at most 64 characters."""

NARROW = 16
"""Units of labels that stand two to a row."""

RESERVE = 120
"""Units of every text kept free for the choice that is written under it, and the countdown."""

LOCKED = "🔒 "

ASKS = "?"
"""Stands before the choice on a button that asks for a text first."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What is sent for a card: the first text stands under the clip, the others are messages of their own."""

    texts: tuple[str, ...]
    rows: Rows

    @property
    def keyboard(self) -> Keyboard:
        return keyboard_of(self.rows)


def scene_of(story: Story, parcel: Parcel, buttons: Buttons, words: Words) -> Scene:
    """The card in HTML. Everything from the story is escaped."""
    card = parcel.card
    paragraphs = [] if card.landed is None else [italic(words(f"landed_{card.landed}")), ""]
    paragraphs += [paragraph for line in card.lines for paragraph in spoken(line, LONGEST_PIECE, plain, bold, italic)]
    paragraphs += _close(story, card, words)
    return Scene(tuple(filled(paragraphs, CAPTION - RESERVE, MESSAGE - RESERVE)), _rows(parcel, buttons, words))


def _close(story: Story, card: Card, words: Words) -> list[str]:
    """What stands under the lines where nothing is to be chosen."""
    if card.ending is not None:
        title = story.wording(card.language).plain(f"scene/{card.scene}/ending")
        return ["", words("ending_new" if card.new else "ending", title=bold(title))]
    return ["", plain(words("stuck"))] if card.stuck else []


def _rows(parcel: Parcel, buttons: Buttons, words: Words) -> Rows:
    card = parcel.card
    if card.ending is not None:
        return end_rows(parcel.session, parcel.revision, parcel.story, buttons, words)
    rows: Rows = option_rows([_option(parcel, option, buttons) for option in card.options])
    if card.stuck:
        rows = [*rows, [page_button(buttons, words("back_to_choice"), "rewind", str(parcel.session))]]
    return rows


def _option(parcel: Parcel, option: Option, buttons: Buttons) -> ChoiceButton:
    # A label may be a variable alone, and that one empty; Telegram refuses a button without words.
    label = (LOCKED if option.locked else "") + (clean(option.label).strip() or "…")
    choice = option.id if option.ask is None else ASKS + option.id
    return ChoiceButton(cut(label, LABEL), buttons.tap(parcel.session, parcel.revision, choice))


def option_rows(options: Sequence[Button]) -> list[list[Button]]:
    """Two to a row while all are short, else one under the other."""
    if len(options) > 1 and all(len(option.text) <= NARROW for option in options):
        return [list(options[at : at + 2]) for at in range(0, len(options), 2)]
    return [[option] for option in options]


def end_rows(session: int, revision: int, story: str, buttons: Buttons, words: Words) -> Rows:
    """What can be done at an ending."""
    about = str(session)
    return [
        [page_button(buttons, words("play_again"), "again", f"{session} {revision}")],
        [
            page_button(buttons, words("back_to_choice"), "rewind", about),
            page_button(buttons, words("see_map"), "map", about),
        ],
        [
            InlineKeyboardButton(words("share"), switch_inline_query=story),
            page_button(buttons, words("other_stories"), "stories"),
        ],
    ]


def page_button(buttons: Buttons, label: str, page: str, about: str = "") -> InlineKeyboardButton:
    """A button that leads to a page."""
    return InlineKeyboardButton(label, callback_data=buttons.press(page, about))
