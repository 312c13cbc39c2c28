"""Shows notes: makes the page they name, and sends it or puts it in place of the message it was asked from."""

from __future__ import annotations

from dataclasses import replace

import structlog
from telegram import InlineKeyboardMarkup

from adapters.telegram.chat import PLATFORM, Chat
from adapters.telegram.files import Media
from adapters.telegram.page import Guest, Page, Shop
from adapters.telegram.pages import PAGES
from adapters.telegram.sender import Sender
from adapters.telegram.standing import Standings
from adapters.words import words
from bot.delivery.delivery import Unshowable
from bot.delivery.parcel import Note
from bot.store.port import Viewer

log = structlog.get_logger()

NOBODY = Viewer(0, None)
FOR_ANYBODY = frozenset({"forgotten", "help", "privacy", "terms", "private-only", "watch-usage"})
"""Pages that need not know the viewer, who may just have been forgotten."""


class Poster:
    """One bot's. Raises what `Sender` raises."""

    def __init__(self, shop: Shop, sender: Sender, standings: Standings) -> None:
        self._shop = shop
        self._sender = sender
        self._standings = standings

    async def show(self, chat: Chat, note: Note) -> None:
        """Make the page and show it."""
        make = PAGES.get(note.note)
        if make is None:
            raise Unshowable(f'there is no page "{note.note}"')
        guest = await self._guest(chat, note)
        page = await make(self._shop, guest)
        if note.note == "ask":
            # Before it is asked: a quick answer may be there before the question's own sending returns.
            await self._asked(chat, note)
        message = note.about.get("message")
        if message is None or not await self._in_place(chat, int(message), page, "caption" in note.about):
            await self._send(chat, page)

    async def _guest(self, chat: Chat, note: Note) -> Guest:
        viewer = NOBODY
        if note.note not in FOR_ANYBODY:
            viewer = await self._shop.app.store.viewer(PLATFORM, note.user)
        said = words(viewer.language or note.about.get("language"))
        return Guest(viewer, int(note.user), chat, said, note.about)

    async def _send(self, chat: Chat, page: Page) -> int:
        if page.document is not None:
            name, content = page.document
            return await self._sender.document(chat, content, name, page.html)
        if page.picture is not None:
            try:
                return await self._sender.photo(chat, page.picture, page.html, page.markup)
            except Unshowable as error:
                log.warning("picture_refused", error=str(error))
        return await self._sender.text(chat, page.html, page.question or page.markup)

    async def _in_place(self, chat: Chat, message: int, page: Page, caption: bool) -> bool:
        """Change the message the page was asked from; False when a new one must be sent."""
        markup: InlineKeyboardMarkup | None = page.markup
        if isinstance(page.picture, Media) and caption:
            try:
                return await self._sender.replace(chat, message, page.picture, page.html, markup, photo=True)
            except Unshowable:
                # A new message says why, or does without the picture.
                return False
        if page.picture is None and page.document is None and not caption:
            return await self._sender.edit(chat, message, page.html, markup, caption=False)
        return False

    async def _asked(self, chat: Chat, note: Note) -> None:
        """The next text is the answer to this choice."""
        session = int(note.about["session"])
        standing = await self._standings.of(chat, session)
        if standing is not None:
            asked = replace(standing, asked=note.about["choice"])
            await self._standings.keep(chat, session, asked, self._shop.now())
