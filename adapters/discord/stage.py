"""The stage: shows what lies in the outbox, each where it belongs, and says where a permission is missing."""

from __future__ import annotations

from collections import OrderedDict

import discord
import structlog

from adapters.discord.calendar import Calendar
from adapters.discord.card import bare
from adapters.discord.hall import Hall
from adapters.discord.notices import LEFT, PLAN_MISSED, RECAP_NOTE, Notices
from adapters.discord.permission import IN_CHANNEL, IN_THREAD, NEW_THREADS, missing, named
from adapters.discord.place import PLATFORM, home_of
from adapters.discord.screen import Screen
from adapters.discord.shop import Shop
from adapters.discord.text import plain
from adapters.discord.trouble import PASSING, Forbidden
from adapters.words import words
from bot.delivery.delivery import Gone, Later, Unshowable
from bot.delivery.parcel import Note, Parcel
from bot.library import UnknownStory
from bot.rooms.booth import Booth
from bot.store.errors import StoreError
from bot.store.port import EventKey
from bot.watch.event import Pause
from bot.watch.vote import Voter

log = structlog.get_logger()

MOST_TOLD = 1_000
"""Rooms whose host was told of a missing permission."""


class Stage:
    """One bot's. Raises what `Sender` raises."""

    def __init__(
        self, shop: Shop, hall: Hall, screen: Screen, notices: Notices, calendar: Calendar, client: discord.Client
    ) -> None:
        self._shop = shop
        self._hall = hall
        self._screen = screen
        self._notices = notices
        self._calendar = calendar
        self._client = client
        self._told: OrderedDict[int, None] = OrderedDict()

    async def show(self, address: str, parcel: Parcel | Note) -> None:
        """Show it. Raises `Gone`, `Later` and `Unshowable`."""
        if isinstance(parcel, Note):
            await self._notices.show(address, parcel)
            if parcel.note == PLAN_MISSED:
                await self._calendar.missed(address, int(parcel.about["plan"]), self._shop.now())
            elif parcel.note == LEFT:
                await self._hall.left(address, int(parcel.about["session"]))
            elif parcel.note == RECAP_NOTE:
                await self._calendar.over(address, self._shop.now())
            return
        try:
            story = await self._shop.app.library.version(parcel.story, parcel.version)
        except UnknownStory as error:
            raise Unshowable(str(error)) from error
        booth = await self._shop.rooms.look(parcel.session) if parcel.room else None
        if booth is None:
            await self._screen.show(address, story, parcel)
            return
        try:
            await self._hall.show(address, story, parcel)
        except Forbidden:
            await self._stopped(address, booth)
            raise
        self._told.pop(parcel.session, None)
        await self._around(address, parcel, booth)

    async def _around(self, address: str, parcel: Parcel, booth: Booth) -> None:
        """What comes with a room's first and last scene: neither may hold up the others."""
        card = parcel.card
        over = card.ending is not None or card.toll is not None or card.stuck
        try:
            if parcel.revision == 0:
                await self._calendar.begun(address, self._shop.now())
            if over and (booth.room.branch is None or booth.room.branch.main):
                await self._calendar.over(address, self._shop.now())
                standing = await self._shop.standings.of(address, parcel.session)
                if standing is not None:
                    home = booth.row.platform == PLATFORM and home_of(booth.row.address) == home_of(address)
                    await self._notices.recap(standing.channel, parcel.session, named=home)
        except (*PASSING, Later, Gone, Unshowable) as error:
            log.info("recap_left", error=type(error).__name__)
        except StoreError:
            raise
        except Exception:
            # The scene is shown: to fail for what comes with it would be to show it again.
            log.exception("recap_left")

    async def _stopped(self, address: str, booth: Booth) -> None:
        """A permission is missing: the room waits, and its host is told which, once."""
        session, row = booth.row.session, booth.row
        if row.platform != PLATFORM or home_of(row.address) != home_of(address):
            # A chat that only watches along holds up nobody but itself.
            return
        if session in self._told:
            return
        self._told[session] = None
        if len(self._told) > MOST_TOLD:
            self._told.popitem(last=False)
        host = booth.room.host or "nobody:"
        now = self._shop.now()
        key = EventKey(PLATFORM, f"forbidden:{session}:{booth.row.revision}")
        await self._shop.rooms.control(key, session, Pause(Voter(host, steward=True)), now)
        platform, _, user = host.partition(":")
        log.warning("permission_missing", session=session)
        if platform == PLATFORM:
            await self._tell(int(user), address, booth)

    async def _tell(self, user: int, address: str, booth: Booth) -> None:
        said = words(booth.card.language)
        names = named(self._lacking(address), said) or said("may_send")
        title = plain(booth.story.wording(booth.card.language).plain("title"))
        text = said("room_waits", title=title, names=names, channel=f"<#{home_of(address)}>")
        try:
            direct = await self._shop.sender.direct(user)
            await self._shop.sender.send(direct, f"forbidden {booth.row.session} {booth.row.revision}", bare(text))
        except (*PASSING, Later, Gone, Unshowable) as error:
            log.info("host_not_told", error=type(error).__name__)

    def _lacking(self, address: str) -> list[int]:
        """What the bot may not do in that channel, as far as it knows of it."""
        where = self._client.get_channel(home_of(address))
        if not isinstance(where, discord.abc.GuildChannel | discord.Thread) or where.guild.me is None:
            return []
        here = IN_THREAD if isinstance(where, discord.Thread) else IN_CHANNEL
        needed = (*here, *NEW_THREADS) if "/" in address else here
        return missing(where.permissions_for(where.guild.me).value, *needed)
