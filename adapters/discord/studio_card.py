"""A sheet of the studio as Discord shows it: a message of components, with its clip, picture or file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from adapters.button import Buttons
from adapters.discord.arrival import EPHEMERAL
from adapters.discord.button import Key as Button
from adapters.discord.card import A_ROW, LOCKED, NARROW, Rows, Sheet, attached, link_button, page_button
from adapters.discord.clips import LARGEST, Media
from adapters.discord.pages import Page
from adapters.discord.shop import Shop
from adapters.discord.studio_text import fitted
from adapters.discord.text import plain
from adapters.discord.voice import Payload
from adapters.studio.door import Counter
from adapters.studio.sheet import PAGE, Key
from adapters.studio.sheet import Sheet as StudioSheet

PARTS = 40
"""Components of one message (Discord, component reference)."""

AROUND = 4
"""Of those, the ones that are no buttons: the card, its clip, its text and its file."""

PICTURE = "map.png"

TOO_LARGE = "-# {what} is larger than Discord takes."

CHOICE = "c"
"""What the choices of a scene ask for."""

STYLES = {
    CHOICE: discord.ButtonStyle.primary,
    "play": discord.ButtonStyle.primary,
    "now": discord.ButtonStyle.primary,
    "pub": discord.ButtonStyle.success,
    "undo": discord.ButtonStyle.danger,
    "gone": discord.ButtonStyle.danger,
    "out": discord.ButtonStyle.danger,
}
"""How buttons stand out, by what they ask for; all others do not."""


async def page_of(shop: Shop, counter: Counter, sheet: StudioSheet) -> Page:
    """The sheet as a message and its files. Raises `StoreError`."""
    texts = [fitted(sheet.lines, last=sheet.scene is not None) or "…"]
    media = await _clip(shop, counter, sheet)
    if sheet.picture is not None:
        if len(sheet.picture) <= LARGEST:
            media = Media(f"attachment://{PICTURE}", (PICTURE, sheet.picture))
        else:
            texts.append(TOO_LARGE.format(what="The picture"))
    document = sheet.document
    if document is not None and len(document[1]) > LARGEST:
        texts.append(TOO_LARGE.format(what=plain(document[0])))
        document = None
    card = Sheet(media, ("\n".join(texts),), rows_of(shop.buttons, sheet), attached=document[0] if document else "")
    return Page(card, (document,) if document else ())


def message_of(page: Page, *, update: bool = False) -> Payload:
    """As an answer that one person alone sees, or in the place of one. It has no other files than its own."""
    if update:
        return {**page.sheet.message(), "attachments": attached(page.all_files)}
    return page.sheet.message(EPHEMERAL)


async def _clip(shop: Shop, counter: Counter, sheet: StudioSheet) -> Media | None:
    """The clip of the scene that the sheet is about."""
    story = await counter.story(sheet)
    scene = None if story is None or sheet.scene is None else story.scenes.get(sheet.scene[2])
    if story is None or scene is None:
        return None
    return await shop.clips.media(story, scene.clip, shop.now() / 1000)


def rows_of(buttons: Buttons, sheet: StudioSheet) -> Rows:
    """The choices of a scene, then all other buttons; no more than a message may have."""
    keys = [key for row in sheet.rows for key in row]
    choices = [key for key in keys if _verb(key) == CHOICE]
    others = [key for key in keys if _verb(key) != CHOICE]
    rows = [*_flowing(choices, beside=all(map(_is_short, choices))), *_flowing(others)]
    while AROUND + sum(1 + len(row) for row in rows) > PARTS:
        rows.pop()
    return [[_button(buttons, key) for key in row] for row in rows]


def _flowing(keys: Sequence[Key], *, beside: bool = True) -> list[list[Key]]:
    """Short ones side by side, as many as a row holds; a long one alone."""
    rows: list[list[Key]] = []
    for key in keys:
        if beside and rows and len(rows[-1]) < A_ROW and _is_short(key) and _is_short(rows[-1][-1]):
            rows[-1].append(key)
        else:
            rows.append([key])
    return rows


def _is_short(key: Key) -> bool:
    return len(key.label) <= NARROW


def _verb(key: Key) -> str:
    return key.about.partition(" ")[0]


def _button(buttons: Buttons, key: Key) -> Button | ui.Button[Any]:
    if key.link:
        return link_button(key.label, key.link)
    plain_style = discord.ButtonStyle.secondary
    style = plain_style if key.label.startswith(LOCKED) else STYLES.get(_verb(key), plain_style)
    return page_button(buttons, key.label, PAGE, key.about, style)
