"""What can be set, and help."""

from __future__ import annotations

from telegram import ForceReply, InlineKeyboardButton

from adapters.own_names import OWN_NAMES
from adapters.telegram.page import Guest, Page, Rows, Shop
from adapters.telegram.scene import page_button
from adapters.telegram.taste import NAMES
from adapters.telegram.text import plain
from adapters.words import LANGUAGES

MOST_LANGUAGES = 24


async def language(shop: Shop, guest: Guest) -> Page:
    """Every language that we or one of the stories speak."""
    codes = dict.fromkeys(LANGUAGES)
    for story in shop.app.library.stories.values():
        codes |= dict.fromkeys(story.languages)
    labels = [page_button(shop.buttons, OWN_NAMES.get(code, code), "speak", code) for code in [*codes][:MOST_LANGUAGES]]
    rows = [labels[at : at + 3] for at in range(0, len(labels), 3)]
    return Page(plain(guest.words("language_title")), rows)


async def settings(shop: Shop, guest: Guest) -> Page:
    """One button for each preference, which turns it."""
    taste = await shop.tastes.of(guest.user)
    rows: Rows = []
    for name in NAMES:
        # What it is to become, and not just that it changes: a press that comes twice must not undo itself.
        wanted = "no" if getattr(taste, name) else "yes"
        label = guest.words(f"setting_{'on' if getattr(taste, name) else 'off'}", name=guest.words(f"setting_{name}"))
        rows.append([page_button(shop.buttons, label, "turn", f"{name} {wanted}")])
    rows.append([page_button(shop.buttons, guest.words("close"), "close")])
    return Page(plain(guest.words("settings_title")), rows)


async def settled(shop: Shop, guest: Guest) -> Page:
    """That the settings stand as they are now."""
    return Page(plain(guest.words("settings_done")))


async def help_page(shop: Shop, guest: Guest) -> Page:
    """What the bot can do, in this kind of chat."""
    return Page(plain(guest.words("help" if guest.chat.private else "help_group")))


async def say_more(shop: Shop, guest: Guest) -> Page:
    """An answer to a text that is none of the choices."""
    return Page(plain(guest.words("say_more")))


async def private_only(shop: Shop, guest: Guest) -> Page:
    """In a group, what each plays for themselves is played elsewhere."""
    row = [InlineKeyboardButton(guest.words("play"), url=shop.bot.link("play"))]
    return Page(plain(guest.words("private_only")), [row])


async def ask(shop: Shop, guest: Guest) -> Page:
    """A question to be answered with a text."""
    words = guest.words
    question = ForceReply(selective=True, input_field_placeholder=words("ask_placeholder"))
    return Page(plain(words("ask", length=guest.about["length"])), question=question)
