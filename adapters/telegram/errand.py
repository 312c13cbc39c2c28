"""Errands: what creators asked for that takes seconds, done when its turn comes in their chat's outbox."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from telegram import Bot
from telegram.constants import ChatAction

from adapters.studio.acting import Who
from adapters.studio.ask import Ask, ready
from adapters.studio.denial import told
from adapters.studio.door import Counter
from adapters.studio.sheet import PAGE
from adapters.telegram.acting import acting
from adapters.telegram.chat import PLATFORM, Chat
from adapters.telegram.download import MOST, Downloads, NotThere, TooLarge
from adapters.telegram.sheets import asked
from bot.app import App
from bot.delivery.parcel import Note, wrap_note
from bot.store.port import EventKey, OutboxCard

FILE, PRESS = f"{PAGE}-file", f"{PAGE}-press"
"""Notes that are errands: a file to be fetched and read, a button that takes long."""

TOO_LARGE = f"Telegram hands me no more than {MOST // 1024**2} MB of a file. Make it smaller, and send it again."
NOT_THERE = "Telegram no longer has that file. Send it again."


class Errands:
    """One bot's. Raises `StoreError`, and `TelegramError` or `OSError` where it may be done later."""

    def __init__(self, counter: Counter, app: App, bot: Bot) -> None:
        self._counter = counter
        self._app = app
        self._bot = bot
        self._downloads = Downloads(bot)

    async def run(self, chat: Chat, note: Note) -> None:
        """Do it, and put the answer into the outbox: once, also where the errand is begun again after that."""
        done = EventKey(PLATFORM, f"{note.about['event']}:done")
        if await self._app.store.seen(done):
            return
        who = await self._counter.who(PLATFORM, note.user, note.about.get("language", ""))
        async with acting(self._bot, chat, ChatAction.TYPING):
            answer = await self._done(who, note)
        here = _here(note.about)
        pages = [{**asked(answer), **here}]
        if answer.then is not None:
            pages.append({**asked(answer.then), "language": here.get("language", "")})
        cards = [
            OutboxCard(PLATFORM, chat.address, 0, 0, wrap_note(Note(PAGE, note.user, about))) for about in pages
        ]  # fmt: skip
        await self._app.post(done, cards)

    async def _done(self, who: Who, note: Note) -> Ask:
        if note.note == PRESS:
            return await self._counter.desk.press(who, note.about["press"])
        with tempfile.TemporaryDirectory(prefix="cliffhanger-", ignore_cleanup_errors=True) as folder:
            path = Path(folder) / "sent"
            try:
                await self._downloads.fetch(note.about["file"], path)
            except TooLarge:
                return ready(told(TOO_LARGE))
            except NotThere:
                return ready(told(NOT_THERE))
            return await self._counter.desk.file(who, path, note.about["name"], note.about["text"])


def _here(about: Mapping[str, str]) -> dict[str, str]:
    return {name: about[name] for name in ("language", "message", "caption") if name in about}
