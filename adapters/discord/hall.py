"""The hall: shows a watch-along's scenes in its channel, each with its vote, and clears away what is decided."""

from __future__ import annotations

import asyncio

import discord
import structlog

from adapters.discord.board import Board
from adapters.discord.branches import Branches
from adapters.discord.card import Rows, Sheet, bare, link_button, page_button, texts_of
from adapters.discord.clips import Media
from adapters.discord.shop import Shop
from adapters.discord.stand import NOTHING, Stand, stand_of
from adapters.discord.standing import Standing
from adapters.discord.text import bold, plain
from adapters.discord.trouble import PASSING, Missing, Old
from adapters.text import cut
from adapters.verdict import verdict_line
from adapters.words import Words, words
from bot.delivery.delivery import Gone, Later, Unshowable
from bot.delivery.parcel import Parcel
from bot.rooms.booth import Booth
from bot.story.story import Story

log = structlog.get_logger()

NAME = 64
"""Characters of a host's name that are shown."""

MOST_NAMES = 1_000
"""Names that wait for their room to open."""


class Hall:
    """One bot's. Raises what `Sender` raises."""

    def __init__(self, shop: Shop, board: Board, branches: Branches) -> None:
        self._shop = shop
        self._board = board
        self._branches = branches
        self._names: dict[int, str] = {}
        """Hosts' names, from the command to the card that opens the room: they are kept nowhere else."""

    def hosted(self, session: int, name: str) -> None:
        """The host of a room that is about to open is called so."""
        self._names[session] = name
        if len(self._names) > MOST_NAMES:
            # The oldest: its room was shown before, or will open without it.
            del self._names[next(iter(self._names))]

    async def show(self, address: str, story: Story, parcel: Parcel) -> None:
        """Show a room's card; the one before keeps how its vote went, and loses its buttons."""
        said = words(parcel.card.language)
        channel = await self._branches.channel(address, parcel)
        before = await self._shop.standings.of(address, parcel.session)
        await self._board.take_down(address, parcel.session)
        under = verdict_line(story, parcel.card.language, parcel.taken, said, bold) if parcel.taken is not None else ""
        booth = await self._shop.rooms.look(parcel.session)
        stand = self._stand(story, parcel, said, booth)
        _, standing = await asyncio.gather(
            self._settled(before, parcel, under), self._sent(channel, story, parcel, said, booth, stand)
        )
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
            page_button(buttons, said("watch_again"), "room-again", story.id, primary),
            page_button(buttons, said("watch_alone"), "begin", story.id),
        ]
        rows: Rows = [row]
        url = None if booth is None or parcel.card.ending is None else self._shop.room_url(booth.row.code)
        return rows if url is None else [[*row, link_button(said("room_browser"), url)]]

    async def _sent(
        self, channel: int, story: Story, parcel: Parcel, said: Words, booth: Booth | None, stand: Stand
    ) -> Standing:
        """Send the card; what of its words does not fit stands in messages before it."""
        name = f"{parcel.session} {parcel.revision} {parcel.card.scene}"
        *others, last = texts_of(story, parcel.card, said, self._opening(story, parcel, said, booth))
        for number, text in enumerate(others):
            await self._shop.sender.send(channel, f"{name} {number}", bare(text))
        media = await self._media(story, parcel)
        message = await self._card(channel, name, Sheet(media, (last, stand.below), stand.rows))
        shown = media or Media("")
        return Standing(
            parcel.revision, channel, message, (last,), stand.tally is not None,
            shown.url or None, shown.covered, self._shop.now(),
        )  # fmt: skip

    def _opening(self, story: Story, parcel: Parcel, said: Words, booth: Booth | None) -> str:
        """The line that opens the room. It alone has the host's name."""
        if parcel.revision or booth is None or booth.room.branch is not None:
            return ""
        name = self._names.get(parcel.session, "")
        title = bold(story.wording(parcel.card.language).plain("title"))
        seconds = booth.room.rules.seconds
        key = ("watch_begins" if name else "watch_begins_again") if seconds else "room_begins_unhurried"
        return said(key, title=title, seconds=seconds, **({"host": plain(cut(name, NAME))} if name and seconds else {}))

    async def _card(self, channel: int, name: str, sheet: Sheet) -> int:
        files = () if sheet.media is None else sheet.media.files
        try:
            return await self._shop.sender.send(channel, name, sheet.components, files)
        except Unshowable as error:
            if sheet.media is None:
                raise
            # Better without its clip than not at all.
            log.warning("clip_refused", error=str(error))
        bare_sheet = Sheet(None, sheet.texts, sheet.rows)
        return await self._shop.sender.send(channel, f"{name} bare", bare_sheet.components)

    async def _media(self, story: Story, parcel: Parcel) -> Media | None:
        if parcel.card.toll is not None:
            return None
        scene = story.scenes[parcel.card.scene]
        return await self._shop.clips.media(story, scene.clip, self._shop.now() / 1000)

    async def _settled(self, before: Standing | None, parcel: Parcel, under: str) -> None:
        """Take the buttons of the card before away, and write under it how the vote went."""
        if before is None or not before.waits or before.revision >= parcel.revision:
            return
        sheet = Sheet(before.media, (*before.texts, under))
        if not any(sheet.texts):
            sheet = Sheet(before.media, ("…",))
        try:
            await self._shop.sender.edit(before.channel, before.message, sheet.components)
        except (*PASSING, Later, Gone, Unshowable, Missing, Old) as error:
            # It does no harm where it stays: its votes are late.
            log.info("buttons_left", error=type(error).__name__)
