"""The threads of a room that has split: made when the first card of a branch is to be shown there."""

from __future__ import annotations

from dataclasses import dataclass

import discord
import structlog
from pydantic import TypeAdapter

from adapters.discord.card import bare
from adapters.discord.place import PLATFORM, home_of
from adapters.discord.sender import THREAD_NAME
from adapters.discord.shop import Shop
from adapters.discord.text import bold
from adapters.text import clean, cut
from bot.chart.draw import Names
from bot.delivery.delivery import Gone, Unshowable
from bot.delivery.parcel import Parcel
from bot.play.path import ChoicePoint, choice_points
from bot.play.state import unpack
from bot.rooms.booth import Booth
from bot.store.port import Shown

log = structlog.get_logger()

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
        return await self._made(address, parcel, f"branch {address}")

    async def again(self, address: str, parcel: Parcel) -> None:
        """What the address stood for is gone: a branch gets another thread. Raises `Gone` where that cannot be."""
        if "/" not in address:
            raise Gone
        gone = await self.channel(address, parcel)
        await self._made(address, parcel, f"branch {address} {gone}")

    async def _made(self, address: str, parcel: Parcel, name: str) -> int:
        channel = await self._make(address, parcel, name)
        row = Shown(PLATFORM, address, 0, 0, _THREADS.dump_json(_Thread(channel)), self._shop.now())
        await self._shop.app.store.keep_shown(row)
        return channel

    async def _make(self, address: str, parcel: Parcel, name: str) -> int:
        """A thread out of a message that says which branch it is. Its number is the message's, however often it is
        made. Where there can be none, as within a thread, both branches share the channel.
        """
        home, label = home_of(address), await self._label(parcel)
        message = await self._shop.sender.send(home, name, bare(f"🔀 {bold(label)}"))
        try:
            return await self._shop.sender.thread(home, cut(clean(label), THREAD_NAME) or "…", message)
        except Unshowable as error:
            refused = error.__cause__
            if isinstance(refused, discord.HTTPException) and refused.code == MADE_BEFORE:
                return message
            log.info("branch_without_thread", error=str(error))
            return home

    async def _label(self, parcel: Parcel) -> str:
        """The choice that the branch lives: the one that led to its first card."""
        booth = await self._shop.rooms.look(parcel.session)
        if booth is None:
            return "…"
        taken = await self._parted(booth) or parcel.taken
        return "…" if taken is None else Names(booth.story, parcel.card.language).choice(taken.scene, taken.choice)

    async def _parted(self, booth: Booth) -> ChoicePoint | None:
        """The choice at the fork; None where there is none any more, or its path was folded."""
        branch = booth.room.branch
        played = None if branch is None else await self._shop.app.store.session(booth.row.session)
        if branch is None or played is None:
            return None
        points = choice_points(unpack(booth.story, played.state).path)
        return next((point for point in points if point.at == branch.since), None)
