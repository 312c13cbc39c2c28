"""The hall: shows a watch-along's scenes in its channel, each with its vote, and clears away what is decided."""

from __future__ import annotations

from dataclasses import replace

import discord
import structlog

from adapters.discord.board import Board
from adapters.discord.branches import Branches
from adapters.discord.card import Rows, Sheet, bare, link_button, page_button, texts_of
from adapters.discord.clips import Media
from adapters.discord.place import PLATFORM
from adapters.discord.shop import Shop
from adapters.discord.stand import NOTHING, Stand, stand_of
from adapters.discord.standing import Standing
from adapters.discord.text import bold, plain
from adapters.discord.trouble import PASSING, Missing, Old
from adapters.verdict import verdict_line
from adapters.words import Words, words
from bot.delivery.delivery import Gone, Later, Unshowable
from bot.delivery.parcel import Parcel
from bot.rooms.booth import Booth
from bot.story.story import Story

log = structlog.get_logger()


class Hall:
    """One bot's. Raises what `Sender` raises."""

    def __init__(self, shop: Shop, board: Board, branches: Branches) -> None:
        self._shop = shop
        self._board = board
        self._branches = branches

    async def show(self, address: str, story: Story, parcel: Parcel) -> None:
        """Show a room's card; the one before keeps how its vote went, and loses its buttons."""
        try:
            await self._show(address, story, parcel)
        except Gone:
            # Of a branch it may be the thread alone.
            await self._branches.again(address, parcel)
            await self._show(address, story, parcel)

    async def _show(self, address: str, story: Story, parcel: Parcel) -> None:
        said = words(parcel.card.language)
        channel = await self._branches.channel(address, parcel)
        booth = await self._shop.rooms.look(parcel.session, parcel.revision)
        before = await self._before(address, parcel, booth)
        await self._board.take_down(address, parcel.session)
        under = verdict_line(story, parcel.card.language, parcel.taken, said, bold) if parcel.taken is not None else ""
        if before is not None and not under and before.revision < parcel.revision:
            under = said("room_went_back")
        if before is not None and before.channel != channel:
            # Nobody won where both happen.
            under = _split(story, parcel, said, booth) or under
        stand = self._stand(story, parcel, said, booth)
        if before is None and parcel.again:
            before, under = await self._shop.standings.of(address, parcel.session), said("room_further_down")
        standing = await self._sent(address, channel, story, parcel, said, booth, stand)
        # Only then: where the new card is refused, each try would be refused twice.
        await self._settled(before, under)
        await self._leave(address, parcel, booth)
        await self._shop.standings.keep(address, parcel.session, standing, self._shop.now())
        if standing.waits:
            self._board.put(address, parcel.session, standing, stand)

    def _stand(self, story: Story, parcel: Parcel, said: Words, booth: Booth | None) -> Stand:
        """What stands under the card: the vote, or why there is none any more."""
        card = parcel.card
        if card.toll is not None:
            title = bold(story.wording(card.language).plain(f"episode/{card.toll}"))
            return Stand(said("watch_toll", title=title), self._after(story, parcel, said, booth))
        if card.stuck:
            return Stand(plain(said("watch_gap")), ())
        if card.ending is not None:
            return Stand(plain(said("watch_over")), self._after(story, parcel, said, booth))
        if booth is None or not card.options or booth.row.revision != parcel.revision:
            return NOTHING
        return stand_of(booth, self._shop, said)

    def _after(self, story: Story, parcel: Parcel, said: Words, booth: Booth | None) -> Rows:
        """What can be done when a watch-along is over."""
        buttons = self._shop.buttons
        primary = discord.ButtonStyle.primary
        row = [
            page_button(buttons, said("watch_again"), "room-again", str(parcel.session), primary),
            page_button(buttons, said("watch_alone"), "begin", story.id),
        ]
        rows: Rows = [row]
        url = None if booth is None or parcel.card.ending is None else self._shop.room_url(booth.row.code)
        return rows if url is None else [[*row, link_button(said("room_browser"), url)]]

    async def _sent(
        self, address: str, channel: int, story: Story, parcel: Parcel, said: Words, booth: Booth | None, stand: Stand
    ) -> Standing:
        """Send the card; what of its words does not fit stands in messages before it."""
        name = f"{parcel.session} {parcel.revision} {parcel.card.scene}{parcel.again}"
        # To a group every ending would be a new one.
        *others, last = texts_of(story, replace(parcel.card, new=False), said)
        head = self._opening(address, story, parcel, said, booth)
        if others and head:
            others, head = [f"{head}\n\n{others[0]}", *others[1:]], ""
        for number, text in enumerate(others):
            await self._shop.sender.send(channel, f"{name} {number}", bare(text))
        media = await self._media(story, parcel)
        message = await self._card(channel, name, Sheet(media, (last, stand.below), stand.rows, head))
        shown = media or Media("")
        return Standing(
            parcel.revision, channel, message, (last,), stand.tally is not None,
            shown.url or None, shown.covered, self._shop.now(), head,
        )  # fmt: skip

    def _opening(self, address: str, story: Story, parcel: Parcel, said: Words, booth: Booth | None) -> str:
        """The line that opens the room, and says whose it is where they are known: at home."""
        if parcel.revision or booth is None or booth.room.branch is not None:
            return ""
        title = bold(story.wording(parcel.card.language).plain("title"))
        seconds = booth.room.rules.seconds
        rules = booth.room.rules
        who = (
            said(f"room_votes_{rules.who.value}", role=f"<@&{rules.role}>")
            if rules.role
            else said(f"room_votes_{rules.who.value}")
        )
        how = " · ".join([who, said("room_pace", seconds=seconds) if seconds else said("room_no_pace")])
        platform, _, host = (booth.room.host or "").partition(":")
        if platform != PLATFORM or (booth.row.platform, booth.row.address) != (PLATFORM, address):
            return said("room_begins_again", title=title, how=how)
        return said("room_begins", title=title, host=f"<@{host}>", how=how)

    async def _card(self, channel: int, name: str, sheet: Sheet) -> int:
        files = () if sheet.media is None else sheet.media.files
        try:
            return await self._shop.sender.send(channel, name, sheet.components, files)
        except Unshowable as error:
            if sheet.media is None:
                raise
            # Better without its clip than not at all.
            log.warning("clip_refused", error=str(error))
        bare_sheet = Sheet(None, sheet.texts, sheet.rows, sheet.head)
        return await self._shop.sender.send(channel, f"{name} bare", bare_sheet.components)

    async def _media(self, story: Story, parcel: Parcel) -> Media | None:
        if parcel.card.toll is not None:
            return None
        scene = story.scenes[parcel.card.scene]
        return await self._shop.clips.media(story, scene.clip, self._shop.now() / 1000)

    async def _before(self, address: str, parcel: Parcel, booth: Booth | None) -> Standing | None:
        """The card that was voted on before this one: at that address, or where the room was when it split."""
        places = [address] if booth is None or booth.room.branch is None else [address, address.partition("/")[0]]
        for place in places:
            standing = await self._shop.standings.of(place, parcel.session)
            if standing is not None and standing.waits and standing.revision < parcel.revision:
                if place != address:
                    await self._settle(place, parcel.session, standing)
                return standing
        return None

    async def _leave(self, address: str, parcel: Parcel, booth: Booth | None) -> None:
        """A room that has met its other branch is home again: in its thread nothing is left to press."""
        parted = booth.room.parted if booth is not None and booth.room.branch is None and "/" not in address else ()
        if not parted:
            return
        thread = f"{address}/{parted[-1].revision}{'a' if parted[-1].main else 'b'}"
        standing = await self._shop.standings.of(thread, parcel.session)
        if standing is not None and standing.waits:
            await self._settle(thread, parcel.session, standing)
            await self._settled(standing, words(parcel.card.language)("room_met", home=f"<#{address}>"))

    async def left(self, address: str, session: int) -> None:
        """A channel does not watch along any more: nothing is left to press in it."""
        standing = await self._shop.standings.of(address, session)
        booth = await self._shop.rooms.look(session)
        if standing is not None and standing.waits and booth is not None:
            await self._settle(address, session, standing)
            await self._settled(standing, words(booth.card.language)("room_left"))

    async def _settle(self, place: str, session: int, standing: Standing) -> None:
        """Nothing more is written there."""
        await self._board.take_down(place, session)
        await self._shop.standings.keep(place, session, standing.settled(), self._shop.now())

    async def _settled(self, before: Standing | None, under: str) -> None:
        """Take the buttons of the card before away, and write under it how the vote went."""
        if before is None:
            return
        sheet = Sheet(before.media, (*before.texts, under), head=before.head)
        if not any(sheet.texts):
            sheet = Sheet(before.media, ("…",))
        try:
            await self._shop.sender.edit(before.channel, before.message, sheet.components)
        except (*PASSING, Later, Gone, Unshowable, Missing, Old) as error:
            # It does no harm where it stays: its votes are late.
            log.info("buttons_left", error=type(error).__name__)


def _split(story: Story, parcel: Parcel, said: Words, booth: Booth | None) -> str:
    """That the room has split on that vote, and into what."""
    branch, taken = None if booth is None else booth.room.branch, parcel.taken
    if branch is None or taken is None:
        return ""
    texts = story.wording(parcel.card.language).texts
    sides = [texts.get(f"scene/{taken.scene}/choice/{choice}") for choice in (branch.side, branch.other)]
    one, other = (bold((side.plain if side is not None else "") or "…") for side in sides)
    return said("room_forked", one=one, other=other)
