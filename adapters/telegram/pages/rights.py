"""What is kept about a viewer, all of it for them to take or to delete."""

from __future__ import annotations

import json

from adapters.telegram.page import Guest, Page, Shop
from adapters.telegram.scene import page_button
from adapters.telegram.text import plain

FILE = "cliffhanger.json"


async def privacy(shop: Shop, guest: Guest) -> Page:
    """What is kept and why."""
    return Page(plain(guest.words("privacy")))


async def export(shop: Shop, guest: Guest) -> Page:
    """Everything kept about the viewer, as a file."""
    kept = await shop.app.store.export(guest.viewer.id)
    content = json.dumps(kept, ensure_ascii=False, indent=2, default=str).encode()
    return Page(plain(guest.words("export_caption")), document=(FILE, content))


async def forget(shop: Shop, guest: Guest) -> Page:
    """The question before everything is deleted."""
    row = [
        page_button(shop.buttons, guest.words("forget_yes"), "erase"),
        page_button(shop.buttons, guest.words("forget_no"), "keep"),
    ]
    return Page(plain(guest.words("forget_ask")), [[button] for button in row])


async def forgotten(shop: Shop, guest: Guest) -> Page:
    """That it is done."""
    return Page(plain(guest.words("forgotten")))


async def kept(shop: Shop, guest: Guest) -> Page:
    """That nothing was done."""
    return Page(plain(guest.words("kept")))
