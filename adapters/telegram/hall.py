"""The hall: shows a watch-along's scenes in its group, each with its vote, and clears away what is decided."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import structlog
from telegram import InlineKeyboardButton

from adapters.telegram.background import Background
from adapters.telegram.billboard import Billboard
from adapters.telegram.chat import Chat
from adapters.telegram.files import Media
from adapters.telegram.page import Shop
from adapters.telegram.scene import page_button, scene_of
from adapters.telegram.sender import Look, Sender
from adapters.telegram.settle import Settler
from adapters.telegram.stand import Stand, stand_of
from adapters.telegram.standing import Standing, Standings
from adapters.telegram.text import bold, joined, plain
from adapters.text import cut
from adapters.verdict import verdict_line
from adapters.words import Words, words
from bot.delivery.delivery import Unshowable
from bot.delivery.parcel import Parcel
from bot.rooms import Rooms
from bot.story.story import Story
from bot.watch.rules import Rules

log = structlog.get_logger()

NAME = 64
"""UTF-16 units of a host's name that are shown."""

MOST_NAMES = 1_000
"""Names that wait for their room to open."""

NOTHING = Stand("", ())


class Hall:
    """One bot's. Raises what `Sender` raises."""

    def __init__(
        self,
        shop: Shop,
        rooms: Rooms,
        sender: Sender,
        standings: Standings,
        billboard: Billboard,
        background: Background,
    ) -> None:
        self._shop = shop
        self._rooms = rooms
        self._sender = sender
        self._standings = standings
        self._billboard = billboard
        self._settler = Settler(sender, background)
        self._names: dict[int, str] = {}
        """Hosts' names, from the command to the message that opens the room: they are kept nowhere else."""

    def hosted(self, session: int, name: str) -> None:
        """The host of a room that is about to open is called so."""
        self._names[session] = name
        if len(self._names) > MOST_NAMES:
            # The oldest: its room was shown before, or will open without it.
            del self._names[next(iter(self._names))]

    async def show(self, chat: Chat, story: Story, parcel: Parcel) -> None:
        """Show a room's card in its group; the message before keeps how its vote went, and loses its buttons."""
        said = words(parcel.card.language)
        before = await self._standings.of(chat, parcel.session)
        await self._billboard.take_down(chat, parcel.session)
        if before is None and parcel.revision == 0:
            before = await self._opened(chat, story, parcel, said)
        under = verdict_line(story, parcel.card.language, parcel.taken, said, bold) if parcel.taken is not None else ""
        stand = await self._stand(story, parcel, said)
        _, standing = await asyncio.gather(
            self._settled(chat, before, under), self._sent(chat, story, parcel, said, stand)
        )
        await self._standings.keep(chat, parcel.session, standing, self._shop.now())
        if standing.waits:
            self._billboard.put(chat, parcel.session, standing, stand)

    async def _opened(self, chat: Chat, story: Story, parcel: Parcel, said: Words) -> Standing:
        """The message that opens the room. It alone has the host's name."""
        booth = await self._rooms.look(parcel.session)
        seconds = (booth.room.rules if booth is not None else Rules()).seconds
        title = bold(story.wording(parcel.card.language).plain("title"))
        name = self._names.pop(parcel.session, None)
        if name is None:
            html = said("watch_begins_again", title=title, seconds=seconds)
        else:
            html = said("watch_begins", title=title, host=plain(cut(name, NAME)) or "…", seconds=seconds)
        message = await self._sender.text(chat, html)
        standing = Standing(-1, message, False, "", waits=False)
        # Kept at once: if the scene fails now and is tried again, the room is not opened a second time.
        await self._standings.keep(chat, parcel.session, standing, self._shop.now())
        return standing

    async def _stand(self, story: Story, parcel: Parcel, said: Words) -> Stand:
        """What stands under the card: the vote, or why there is none any more."""
        card, buttons = parcel.card, self._shop.buttons
        if card.toll is not None:
            title = bold(story.wording(card.language).plain(f"episode/{card.toll}"))
            alone = InlineKeyboardButton(said("watch_alone"), url=self._shop.bot.link(f"p-{story.id}"))
            return Stand(said("watch_toll", title=title), [[alone]])
        if card.stuck:
            return Stand(plain(said("watch_gap")), ())
        if card.ending is not None:
            again = page_button(buttons, said("watch_again"), "watch-begin", story.id)
            share = InlineKeyboardButton(said("share"), switch_inline_query=story.id)
            return Stand(plain(said("watch_over")), [[again], [share]])
        booth = await self._rooms.look(parcel.session, parcel.revision) if card.options else None
        if booth is None or booth.row.revision != parcel.revision:
            return NOTHING
        return stand_of(booth, buttons, said, self._shop.now())

    async def _sent(self, chat: Chat, story: Story, parcel: Parcel, said: Words, stand: Stand) -> Standing:
        """Send the card as new messages; the last of them has the buttons."""
        # A gap is told of in the stand; and to a group every ending would be a new one.
        card = replace(parcel.card, stuck=False, new=False)
        first, *others = scene_of(story, replace(parcel, card=card), self._shop.buttons, said).texts
        media = await self._media(story, parcel)
        message, caption = await self._clip(chat, story, media, said, first, NOTHING if others else stand)
        last = first
        for number, last in enumerate(others, 1):
            bottom = stand if number == len(others) else NOTHING
            message = await self._sender.text(chat, joined([last, bottom.below]), bottom.keyboard, reply=message)
        waits = stand.tally is not None
        return Standing(parcel.revision, message, caption and not others, last, waits)

    async def _media(self, story: Story, parcel: Parcel) -> Media | None:
        scene = story.scenes[parcel.card.scene]
        if parcel.card.toll is not None:
            return None
        seconds = story.seconds.get(scene.id, 0.0)
        return await self._sender.files.media(story, scene.clip, self._shop.now() / 1000, seconds)

    async def _clip(
        self, chat: Chat, story: Story, media: Media | None, said: Words, html: str, stand: Stand
    ) -> tuple[int, bool]:
        """The clip with its caption, else a text: the message, and whether its words are a caption."""
        look = Look(protect=story.protect, spoiler=story.covered)
        below = joined([html, stand.below])
        if media is not None:
            try:
                return await self._sender.video(chat, media, below, stand.keyboard, look=look), True
            except Unshowable as error:
                log.warning("clip_refused", story=story.id, error=str(error))
                link = "" if media.link is None else said("watch_clip", link=plain(media.link))
                below = joined([link, below])
        return await self._sender.text(chat, below or "🎬", stand.keyboard, look=look), False

    # -- clearing away

    async def _settled(self, chat: Chat, before: Standing | None, under: str) -> None:
        """Clear away the card before. What goes wrong there never holds up the next scene."""
        if before is not None and (before.waits or (under and before.revision >= 0)):
            await self._settler.settle(chat, before, under)
