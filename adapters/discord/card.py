"""A card as Discord shows it: one message of components, in parts, so that the lower ones can change alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import discord
from discord import ui

from adapters.button import Buttons
from adapters.discord.button import PAGE, TAP, Key, button
from adapters.discord.clips import Media
from adapters.discord.text import CARD, bold, filled, italic, plain
from adapters.discord.voice import COMPONENTS, NO_PINGS, Components, File, Payload
from adapters.text import spoken
from adapters.words import Words
from bot.delivery.parcel import Parcel
from bot.play.card import Card, Option
from bot.story.story import Story

ACCENT = 0xE0245E
"""The colour at the edge of every card, as in the player."""

LONGEST_PIECE = 1_500
"""Characters of one paragraph."""

LINES = 2_600
"""Characters of lines in a card; what is left of Discord's 4,000 holds tally, clock and verdict."""

NARROW = 24
"""Characters of labels that stand side by side."""

BESIDE = 3
"""Texts beside a small picture (Discord, section)."""

A_ROW = 5
"""Buttons of a row (Discord, action row)."""

LOCKED = "🔒"

ASKS = "?"
"""Stands before the choice on a button that asks for a text first."""

Rows = Sequence[Sequence[Key | ui.Button[Any]]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A message of components: the clip and the words above, what can change below, and buttons."""

    media: Media | None
    texts: tuple[str, ...]
    rows: Rows = ()
    head: str = ""
    """Stands above the clip."""
    small: bool = False
    """Whether the picture is small, beside the words."""
    attached: str = ""
    """The name of a file that is sent along to be kept."""

    @property
    def components(self) -> Components:
        """As calls send them."""
        return shown_as([self])

    @property
    def box(self) -> ui.Container[Any]:
        """The card as the library has it."""
        box: ui.Container[Any] = ui.Container(accent_colour=ACCENT)
        texts = [text for text in self.texts if text]
        if self.head:
            box.add_item(ui.TextDisplay(self.head))
        if self.media is not None and self.small and texts:
            thumbnail: ui.Thumbnail[Any] = ui.Thumbnail(self.media.url, spoiler=self.media.covered)
            box.add_item(ui.Section(*texts[:BESIDE], accessory=thumbnail))
            texts = texts[BESIDE:]
        elif self.media is not None:
            box.add_item(ui.MediaGallery(discord.MediaGalleryItem(self.media.url, spoiler=self.media.covered)))
        for text in texts:
            box.add_item(ui.TextDisplay(text))
        if self.attached:
            box.add_item(ui.File(f"attachment://{self.attached}"))
        for row in self.rows:
            box.add_item(ui.ActionRow(*row))
        return box

    @property
    def weight(self) -> int:
        """Characters of its texts."""
        return sum(map(len, (self.head, *self.texts)))

    def message(self, flags: int = 0) -> Payload:
        """As an answer shows it."""
        return {"components": self.components, "flags": COMPONENTS | flags, "allowed_mentions": NO_PINGS}


def shown_as(stack: Sequence[Sheet]) -> Components:
    """Cards in one message, as calls send them."""
    view = ui.LayoutView(timeout=None)
    for sheet in stack:
        view.add_item(sheet.box)
    return cast(Components, view.to_components())  # type: ignore[no-untyped-call]


def files_of(stack: Sequence[Sheet]) -> tuple[File, ...]:
    """The files that the cards show, each once."""
    files = [file for sheet in stack if sheet.media is not None for file in sheet.media.files]
    return tuple(dict.fromkeys(files))


def attached(files: Sequence[File]) -> list[dict[str, Any]]:
    """All files that a changed message is to have: those before go, else they would pile up in it."""
    return [{"id": number, "filename": name} for number, (name, _) in enumerate(files)]


def fitted(sheets: Iterable[Sheet], most: int) -> list[list[Sheet]]:
    """Cards as few messages hold, in order: so many in one at the most, and no more text than Discord takes."""
    stacks: list[list[Sheet]] = []
    for sheet in sheets:
        full = not stacks or len(stacks[-1]) == most or sum(one.weight for one in stacks[-1]) + sheet.weight > CARD
        if full:
            stacks.append([])
        stacks[-1].append(sheet)
    return stacks


def texts_of(story: Story, card: Card, words: Words) -> list[str]:
    """The card's words: as few texts as possible, all but the last in messages of their own before the card."""
    paragraphs = [] if card.landed is None else [italic(words(f"landed_{card.landed}"))]
    paragraphs += [paragraph for line in card.lines for paragraph in spoken(line, LONGEST_PIECE, plain, bold, italic)]
    paragraphs += _close(story, card, words)
    return filled(paragraphs, LINES) or [""]


def _close(story: Story, card: Card, words: Words) -> list[str]:
    """What stands under the lines where nothing is to be chosen."""
    if card.ending is not None:
        title = story.wording(card.language).plain(f"scene/{card.scene}/ending")
        return [words("ending_new" if card.new else "ending", title=bold(title))]
    return [plain(words("stuck"))] if card.stuck else []


def choice_rows(parcel: Parcel, buttons: Buttons) -> Rows:
    """The choices of a story that one viewer plays."""
    return option_rows([_option(parcel, option, buttons) for option in parcel.card.options])


def _option(parcel: Parcel, option: Option, buttons: Buttons) -> Key:
    choice = option.id if option.ask is None else ASKS + option.id
    token = buttons.tap(parcel.session, parcel.revision, choice)
    style = discord.ButtonStyle.secondary if option.locked else discord.ButtonStyle.primary
    return button(TAP, token, option.label, style, emoji=LOCKED if option.locked else None)


def option_rows(options: Sequence[Key]) -> Rows:
    """Side by side while all are short, else one under the other."""
    if all(isinstance(option.item, ui.Button) and len(option.item.label or "") <= NARROW for option in options):
        return [options[at : at + A_ROW] for at in range(0, len(options), A_ROW)]
    return [[option] for option in options]


def end_rows(parcel: Parcel, buttons: Buttons, words: Words) -> Rows:
    """What can be done at an ending, or where the story has a gap."""
    session = str(parcel.session)
    back = page_button(buttons, words("back_to_choice"), "rewind", session)
    if parcel.card.ending is None:
        return [[back]] if parcel.card.stuck else []
    again = page_button(
        buttons, words("play_again"), "again", f"{session} {parcel.revision}", discord.ButtonStyle.primary
    )
    return [
        [again, back],
        [page_button(buttons, words("see_map"), "map", session), page_button(buttons, words("other_stories"), "play")],
    ]


def page_button(
    buttons: Buttons, label: str, page: str, about: str = "",
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
) -> Key:  # fmt: skip
    """A button that leads to a page or does something there."""
    return button(PAGE, buttons.press(page, about), label, style)


def link_button(label: str, url: str) -> ui.Button[Any]:
    """A button that opens a page in the browser."""
    return ui.Button(label=label, url=url)


def bare(text: str) -> Components:
    """A message of nothing but words."""
    return Sheet(None, (text[:CARD],)).components
