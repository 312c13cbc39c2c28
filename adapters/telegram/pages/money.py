"""What a purchase means, help with one, and giving Stars back."""

from __future__ import annotations

from adapters.telegram.page import Guest, Page, Shop
from adapters.telegram.text import plain

MOST = 20
"""Payments listed."""


async def terms(shop: Shop, guest: Guest) -> Page:
    """What is bought with a payment."""
    return Page(plain(guest.words("terms")))


async def paysupport(shop: Shop, guest: Guest) -> Page:
    """Whom to ask, with the numbers of the viewer's payments."""
    purchases = await shop.app.store.purchases(guest.viewer.id)
    if not purchases:
        return Page(plain(guest.words("paysupport_none")))
    rows = "\n".join(
        f"{plain(one.story)} · {one.stars} ⭐ · <code>{plain(one.charge)}</code>" for one in purchases[:MOST]
    )
    return Page(guest.words("paysupport", contact=plain(shop.bot.contact or guest.words("owner")), payments=rows))


async def paid(shop: Shop, guest: Guest) -> Page:
    """Thanks."""
    return Page(plain(guest.words("paid")))


async def refund(shop: Shop, guest: Guest) -> Page:
    """An owner gives Stars back."""
    charge = guest.about.get("charge", "")
    if not charge:
        return Page(plain(guest.words("refund_usage")))
    purchase = await shop.cashier.refund(charge)
    said = (
        guest.words("refund_unknown", charge=plain(charge)) if purchase is None else plain(guest.words("refund_done"))
    )
    return Page(said)


async def refunded(shop: Shop, guest: Guest) -> Page:
    """To whom Stars were given back."""
    return Page(plain(guest.words("refunded", stars=guest.about["stars"])))
