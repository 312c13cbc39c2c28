"""Steering: the host's panel, and whoever may act for the host."""

from __future__ import annotations

import time

import structlog

from adapters.discord.arrival import EPHEMERAL, Arrival
from adapters.discord.card import Sheet
from adapters.discord.notices import LEFT, handed_on, left, stopped
from adapters.discord.panel import END, WISHES, ending_of, guest_of, panel_of
from adapters.discord.place import PLATFORM
from adapters.discord.shop import Shop
from adapters.discord.trouble import PASSING
from adapters.discord.voice import Voice
from adapters.words import Words, words
from bot.delivery.delivery import Later, Unshowable
from bot.rooms import Reply
from bot.rooms.booth import Booth
from bot.store.port import EventKey
from bot.watch.event import HandOver
from bot.watch.vote import Voter

log = structlog.get_logger()

LOOK_EVERY = 60.0
"""Seconds between two looks at whether a host is still in the server."""

MOST_LOOKED = 1_000
"""Rooms whose host was looked for lately."""

STEERED = {
    Reply.NOT_HOST: "host_only",
    Reply.LATE: "panel_moved_on",
    Reply.OVER: "room_over",
    Reply.NOTHING_TO_DO: "nothing_to_do",
}
DONE = {
    "pause": "watch_paused", "resume": "watch_resumed", "stop": "room_over", "close": "panel_counted",
    "skip": "panel_skipped", "extend": "panel_extended", "back": "panel_went_back",
}  # fmt: skip
"""What the panel says of it. A second round or too few votes are seen on the card."""


class Steering:
    """One bot's. Raises `StoreError` where nothing was answered."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._rooms = shop.rooms
        self._looked: dict[int, float] = {}

    async def panel(self, voice: Voice, session: int, happened: str = "") -> None:
        """Everything a host can do, for the host alone; somebody else is told whose it is."""
        arrived, said = voice.arrived, words(voice.arrived.language)
        booth = await self._rooms.look(session)
        if booth is None or booth.ended:
            await voice.say(said("room_over"))
        elif _acts(arrived, booth).steward or await self._leads(arrived, booth):
            await voice.show(panel_of(booth, self._shop, said, happened).message(EPHEMERAL))
        elif _may_leave(arrived, booth):
            await voice.show(guest_of(booth, self._shop, said).message(EPHEMERAL))
        else:
            await voice.say(said("host_only"))

    async def leave(self, voice: Voice, session: int) -> None:
        """A channel that only watches along does so no more, where somebody wants that who may."""
        voice.patient()
        arrived, said = voice.arrived, words(voice.arrived.language)
        booth = await self._rooms.look(session)
        if booth is None or booth.ended:
            await voice.say(said("room_over"))
        elif not _may_leave(arrived, booth):
            await voice.say(said("host_only"))
        else:
            address = str(arrived.channel)
            await self._rooms.leave(arrived.key, session, PLATFORM, address, arrived.at)
            await self._shop.app.post(EventKey(PLATFORM, f"{LEFT}:{arrived.id}"), left(booth, address))
            await voice.update(Sheet(None, (said("room_left"),)).message())

    async def steer(self, voice: Voice, what: str, session: int, revision: int, *, panel: bool) -> None:
        """Do what the host wants. On the panel, the panel shows what came of it."""
        arrived, said = voice.arrived, words(voice.arrived.language)
        voice.patient()
        if what == END:
            await self._asked(voice, session, said)
            return
        wish = WISHES[what](_acts(arrived, await self._rooms.look(session)), revision)
        reply = await self._rooms.control(arrived.key, session, wish, arrived.at)
        if what == "stop" and reply is Reply.DONE:
            await self._stopped(session)
        happened = said(DONE[what]) if what in DONE else ""
        if reply is not Reply.DONE:
            happened = said(STEERED.get(reply, "nothing_to_do") if panel or reply is not Reply.LATE else "vote_late")
        await self._after(voice, session, happened, said, panel=panel)

    async def _asked(self, voice: Voice, session: int, said: Words) -> None:
        """The question before everything ends; to whoever may end it."""
        booth = await self._rooms.look(session)
        if booth is None or booth.ended:
            await voice.say(said("room_over"))
        elif not (_acts(voice.arrived, booth).steward or await self._leads(voice.arrived, booth)):
            await voice.say(said("host_only"))
        elif voice.arrived.ephemeral:
            await voice.update(ending_of(booth, self._shop, said).message())

    async def back_to_panel(self, voice: Voice, session: int) -> None:
        """The host thought better of it."""
        voice.patient()
        await self._after(voice, session, "", words(voice.arrived.language), panel=True)

    async def _stopped(self, session: int) -> None:
        """The evening is over before the story: it has its recap all the same."""
        booth = await self._rooms.look(session)
        if booth is not None:
            await self._shop.app.post(*stopped(booth))

    async def hand_over(self, voice: Voice, session: int, to: str | None) -> None:
        """The host makes somebody else the host; None: they chose a bot."""
        arrived, said = voice.arrived, words(voice.arrived.language)
        if to is None:
            await self._after(voice, session, said("room_no_bot"), said, panel=True)
            return
        wish = HandOver(_acts(arrived, await self._rooms.look(session)), f"{PLATFORM}:{to}")
        reply = await self._rooms.control(arrived.key, session, wish, arrived.at)
        if reply is not Reply.DONE:
            await self._after(voice, session, said(STEERED.get(reply, "nothing_to_do")), said, panel=True)
            return
        await voice.update(Sheet(None, (said("room_handed_over", host=f"<@{to}>"),)).message())
        booth = await self._rooms.look(session)
        if booth is not None:
            await self._shop.app.post(EventKey(PLATFORM, f"handed on:{arrived.id}"), handed_on(booth, to))

    async def _after(self, voice: Voice, session: int, happened: str, said: Words, *, panel: bool) -> None:
        # Nothing but a panel may become one: elsewhere everybody would see it.
        booth = await self._rooms.look(session) if panel and voice.arrived.ephemeral else None
        if booth is not None:
            await voice.update(panel_of(booth, self._shop, said, happened).message())
        elif happened:
            await voice.say(happened)
        else:
            await voice.nothing()

    async def _leads(self, arrived: Arrival, booth: Booth) -> bool:
        """Whether somebody is the host by now: where the host has left the server, another takes over by rule."""
        session = booth.row.session
        if await self._rooms.leads(session, arrived.voter, arrived.at):
            return True
        host = booth.room.host
        if not await self._has_left(arrived, booth, host):
            return False
        heir = await self._rooms.host_left(arrived.key, session, host or "", arrived.at)
        log.info("host_left", taken_over=heir is not None)
        return await self._rooms.leads(session, arrived.voter, arrived.at)

    async def _has_left(self, arrived: Arrival, booth: Booth, host: str | None) -> bool:
        """Whether the host is no longer in the server; asked for once a minute at the most."""
        platform, _, user = (host or "").partition(":")
        if platform != PLATFORM or arrived.guild is None or not arrived.at_home(booth.row.platform, booth.row.address):
            # Whoever hosts is not in the servers where their room only visits.
            return False
        session = booth.row.session
        if time.monotonic() - self._looked.get(session, -LOOK_EVERY) < LOOK_EVERY:
            return False
        if len(self._looked) >= MOST_LOOKED:
            self._looked.clear()
        self._looked[session] = time.monotonic()
        try:
            return not await self._shop.sender.is_member(arrived.guild, int(user))
        except (*PASSING, Later, Unshowable) as error:
            log.info("host_not_looked_up", error=type(error).__name__)
            return False


def _may_leave(arrived: Arrival, booth: Booth) -> bool:
    """Whether the channel is a guest, and somebody decides for it: who manages events there, or whose chat it is."""
    guest = (PLATFORM, str(arrived.channel)) in booth.room.chats
    return guest and (arrived.steward or arrived.direct)


def _acts(arrived: Arrival, booth: Booth | None) -> Voter:
    """Who steers: as a steward only where the room is at home. Of a room that is gone nothing can be steered."""
    return arrived.voter if booth is None else arrived.voter_in(booth.row.platform, booth.row.address)
