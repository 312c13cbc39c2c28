"""The threads of a room that has split: made when the first card of a branch is to be shown there."""

from __future__ import annotations

from dataclasses import dataclass

import discord
from pydantic import TypeAdapter

from adapters.discord.card import bare
from adapters.discord.place import PLATFORM, home_of
from adapters.discord.sender import THREAD_NAME
from adapters.discord.shop import Shop
from adapters.discord.text import bold
from adapters.text import clean, cut
from bot.delivery.delivery import Unshowable
from bot.delivery.parcel import Parcel
from bot.store.port import Shown

MADE_BEFORE = 160004
"""Discord's code: the message has a thread already."""


@dataclass(frozen=True, slots=True)
class _Thread:
    channel: int


_THREADS = TypeAdapter(_Thread)


class Branches:
    """One bot's, in the store: a branch's address is not yet a channel's."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    async def channel(self, address: str, parcel: Parcel | None = None) -> int:
        """The channel or thread of an address. Raises what `Sender` raises, and `Unshowable` for a branch that nothing
        was shown in yet where there is no parcel.
        """
        if "/" not in address:
            return home_of(address)
        known = await self._shop.app.store.shown(PLATFORM, address, 0)
        if known is not None:
            return _THREADS.validate_json(known.body).channel
        if parcel is None:
            raise Unshowable(f"the branch {address} has no thread yet")
        channel = await self._make(address, parcel)
        row = Shown(PLATFORM, address, 0, 0, _THREADS.dump_json(_Thread(channel)), self._shop.now())
        await self._shop.app.store.keep_shown(row)
        return channel

    async def _make(self, address: str, parcel: Parcel) -> int:
        """A thread out of a message that says which branch it is. Its number is the message's, however often it is
        made.
        """
        home, label = home_of(address), await self._label(parcel)
        message = await self._shop.sender.send(home, f"branch {address}", bare(f"🔀 {bold(label)}"))
        try:
            return await self._shop.sender.thread(home, cut(clean(label), THREAD_NAME) or "…", message)
        except Unshowable as error:
            refused = error.__cause__
            if isinstance(refused, discord.HTTPException) and refused.code == MADE_BEFORE:
                return message
            raise

    async def _label(self, parcel: Parcel) -> str:
        """The choice that the branch lives."""
        booth = await self._shop.rooms.look(parcel.session)
        taken = parcel.taken
        if booth is None or taken is None:
            return "…"
        text = booth.story.wording(parcel.card.language).texts.get(f"scene/{taken.scene}/choice/{taken.choice}")
        return (text.plain if text is not None else taken.choice) or "…"
