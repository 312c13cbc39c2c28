"""Inline mode: the bot's name typed in any chat offers story cards to share."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResult,
    InlineQueryResultArticle,
    InlineQueryResultCachedPhoto,
    InputTextMessageContent,
)
from telegram.constants import ParseMode

from adapters.button import Forged
from adapters.telegram.background import Background
from adapters.telegram.page import Shop
from adapters.telegram.text import bold, plain
from adapters.text import cut
from adapters.words import Words, words
from bot.story.story import Story

MOST = 20
"""Stories offered; Telegram takes 50 results."""

CACHE_SECONDS = 60
SYNOPSIS = 300


class Inline:
    """Answers inline queries. Nothing is kept of them."""

    def __init__(self, shop: Shop, background: Background) -> None:
        self._shop = shop
        self._background = background

    async def answer(self, query: InlineQuery) -> None:
        """Offer the stories whose id or title has what was typed."""
        said = words(query.from_user.language_code)
        wanted = query.query.strip().casefold()
        moment = await self._moment(query.query.strip(), said)
        found = [story for story in self._shop.app.library.stories.values() if _fits(story, wanted, said)]
        results = [await self._result(story, said) for story in found[:MOST]]
        self._background.soon(query.answer([*moment, *results], cache_time=CACHE_SECONDS, is_personal=True))

    async def _moment(self, token: str, said: Words) -> list[InlineQueryResult]:
        """A moment of the one who shares it."""
        try:
            session = await self._shop.app.store.session(self._shop.buttons.shared(token)[0])
        except Forged:
            return []
        story = self._shop.app.library.stories.get(session.story) if session is not None else None
        if story is None:
            return []
        title = story.wording(said.language).plain("title")
        content = InputTextMessageContent(said("share_card", title=bold(title)), parse_mode=ParseMode.HTML)
        button = InlineKeyboardButton(said("play"), url=self._shop.bot.link(f"m-{token}"))
        id = uuid5(NAMESPACE_URL, token).hex
        label = said("share_card", title=title)
        return [InlineQueryResultArticle(id, label, content, reply_markup=InlineKeyboardMarkup([[button]]))]

    async def _result(self, story: Story, said: Words) -> InlineQueryResult:
        wording = story.wording(said.language)
        title, synopsis = wording.plain("title"), cut(wording.plain("synopsis"), SYNOPSIS)
        html = f"{bold(title)}\n{plain(synopsis)}"
        button = InlineKeyboardButton(said("play"), url=self._shop.bot.link(f"s-{story.id}"))
        markup = InlineKeyboardMarkup([[button]])
        id = uuid5(NAMESPACE_URL, f"{story.id}/{said.language}").hex
        poster = await self._shop.files.media(story, story.poster, self._shop.now() / 1000)
        known = poster.ways[0] if poster is not None and poster.known else None
        if isinstance(known, str):
            return InlineQueryResultCachedPhoto(
                id, known, title=title, description=synopsis, caption=html, parse_mode=ParseMode.HTML,
                reply_markup=markup,
            )  # fmt: skip
        content = InputTextMessageContent(html, parse_mode=ParseMode.HTML)
        return InlineQueryResultArticle(id, title, content, description=synopsis, reply_markup=markup)


def _fits(story: Story, wanted: str, said: Words) -> bool:
    title = story.wording(said.language).plain("title").casefold()
    return wanted in story.id or wanted in title
