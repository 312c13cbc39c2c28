"""Shows the studio's sheets: in place of the message they were asked from, or as new ones. A test play's scenes are new
messages, and the one before loses its buttons."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import structlog
from telegram import ForceReply
from telegram.constants import ChatAction

from adapters.button import Buttons
from adapters.studio.ask import Ask
from adapters.studio.door import Counter
from adapters.studio.sheet import Sheet
from adapters.telegram.acting import acting
from adapters.telegram.background import Background
from adapters.telegram.chat import PLATFORM, Chat
from adapters.telegram.files import Media
from adapters.telegram.keyboard import Keyboard, keyboard_of
from adapters.telegram.pages.sheet import sheet_rows, sheet_texts
from adapters.telegram.scene import LABEL
from adapters.telegram.sender import Sender
from adapters.telegram.settle import Settler
from adapters.telegram.standing import Standing, Standings
from adapters.telegram.text import bold
from adapters.text import cut
from adapters.words import words
from bot.delivery.delivery import Unshowable
from bot.delivery.parcel import Note

log = structlog.get_logger()

OURS = frozenset({"ask", "language", "message", "caption", "pressed", "label"})
"""What a note says besides what the ask is about."""

TEST_PLAY = 0
"""The session under which it is kept where a chat's test play stands; no viewer's has that number."""

IN_PLACE = frozenset({"c", "time", "back", "again"})
"""Buttons of a scene whose answer, where the play stays where it is, is written into the scene's own message."""

CHOICES = frozenset({"c", "time"})
"""Buttons of a scene that stay readable below it."""

OF_A_SCENE = IN_PLACE | {"why", "vars", "link"}

RESULTS = frozenset({"proof"})
"""Sheets of words alone that leave what they were asked from where it is."""

PATIENCE = 30
"""Seconds for which an old message's buttons wait for a moment in which the chat has nothing else to be told."""

ACTIONS = {
    "map": ChatAction.UPLOAD_PHOTO,
    "heat": ChatAction.UPLOAD_PHOTO,
    "figures": ChatAction.UPLOAD_DOCUMENT,
}


@dataclass(frozen=True, slots=True)
class _Sent:
    """The message that has the buttons, what it says, and whether that is a caption."""

    message: int
    html: str
    caption: bool


def asked(ask: Ask) -> dict[str, str]:
    """An ask as a note is about it."""
    return {"ask": ask.page, **ask.about}


class Sheets:
    """One bot's. Raises what `Sender` raises."""

    def __init__(
        self, counter: Counter, sender: Sender, standings: Standings, buttons: Buttons, background: Background,
        now: Callable[[], int],
    ) -> None:  # fmt: skip
        self._counter = counter
        self._sender = sender
        self._standings = standings
        self._buttons = buttons
        self._background = background
        self._settler = Settler(sender, background)
        self._now = now

    async def show(self, chat: Chat, note: Note) -> None:
        """Make the sheet and show it."""
        sheet = await self._made(chat, note)
        if sheet.revision is not None:
            await self._play(chat, note.about, sheet)
        elif not await self._in_place(chat, note.about, sheet):
            await self._sent(chat, sheet, None, note.about.get("language"))

    async def _made(self, chat: Chat, note: Note) -> Sheet:
        about = note.about
        who = await self._counter.who(PLATFORM, note.user, about.get("language", ""))
        ask = Ask(about["ask"], {name: said for name, said in about.items() if name not in OURS})
        if not ask.slow:
            return await self._counter.sheet(who, ask)
        async with acting(self._sender.bot, chat, ACTIONS.get(ask.page, ChatAction.TYPING)):
            return await self._counter.sheet(who, ask)

    async def _in_place(self, chat: Chat, about: Mapping[str, str], sheet: Sheet) -> bool:
        """Write it into the message whose button was pressed, unless that shows a scene or a file, or this does."""
        texts = sheet_texts(sheet, captioned=False)
        keeps = "caption" in about or about.get("pressed") in OF_A_SCENE or about["ask"] in RESULTS
        more = sheet.question or sheet.picture is not None or sheet.document is not None
        if "message" not in about or keeps or more or len(texts) > 1:
            return False
        return await self._sender.edit(
            chat, int(about["message"]), texts[0] or "…", self._keyboard(sheet), caption=False
        )

    # -- a test play

    async def _play(self, chat: Chat, about: Mapping[str, str], sheet: Sheet) -> None:
        before = await self._standings.of(chat, TEST_PLAY)
        if before is not None and before.revision == sheet.revision and about.get("pressed") in IN_PLACE:
            texts = sheet_texts(sheet, before.caption)
            if len(texts) == 1 and await self._sender.edit(
                chat, before.message, texts[0] or "…", self._keyboard(sheet), caption=before.caption
            ):
                return await self._standings.keep(chat, TEST_PLAY, replace(before, html=texts[0]), self._now())
        sent = await self._sent(chat, sheet, await self._media(sheet), about.get("language"))
        standing = Standing(sheet.revision or 0, sent.message, sent.caption, sent.html, waits=True)
        await self._standings.keep(chat, TEST_PLAY, standing, self._now())
        if before is not None:
            self._background.soon(self._settled(chat, before, _chosen(before, about)))
        return None

    async def _media(self, sheet: Sheet) -> Media | None:
        story = await self._counter.story(sheet)
        if story is None or sheet.scene is None or sheet.scene[2] not in story.scenes:
            return None
        scene = story.scenes[sheet.scene[2]]
        seconds = story.seconds.get(scene.id, 0.0)
        return await self._sender.files.media(story, scene.clip, self._now() / 1000, seconds)

    async def _settled(self, chat: Chat, before: Standing, chosen: str) -> None:
        """Take the buttons of the scene before away, once the chat has time: who taps fast waits for no tidying."""
        for _ in range(PATIENCE):
            if self._sender.pace.spare(chat.address):
                break
            await asyncio.sleep(1)
        await self._settler.settle(chat, before, chosen)

    # -- new messages

    async def _sent(self, chat: Chat, sheet: Sheet, media: Media | None, language: str | None) -> _Sent:
        """Send it, in as many messages as it takes."""
        keyboard = self._question(language) if sheet.question else self._keyboard(sheet)
        captioned = media is not None or sheet.picture is not None or sheet.document is not None
        first, *others = texts = sheet_texts(sheet, captioned)
        if captioned:
            under = None if others or isinstance(keyboard, ForceReply) else keyboard
            try:
                message = await self._shown(chat, sheet, media, first, under)
            except Unshowable as error:
                log.warning("clip_refused" if media else "picture_refused", error=str(error))
            else:
                if not others:
                    return _Sent(message, first, caption=True)
                texts = others
        *before, last = texts
        for text in before:
            await self._sender.text(chat, text or "…")
        return _Sent(await self._sender.text(chat, last or "…", keyboard), last, caption=False)

    async def _shown(self, chat: Chat, sheet: Sheet, media: Media | None, html: str, keyboard: Keyboard) -> int:
        """What the words stand under."""
        if media is not None:
            return await self._sender.video(chat, media, html, keyboard)
        if sheet.document is not None:
            name, content = sheet.document
            return await self._sender.document(chat, content, name, html, keyboard)
        picture = sheet.picture or b""
        try:
            return await self._sender.photo(chat, picture, html, keyboard)
        except Unshowable:
            # Of a large story, the map may be larger than a photo may be.
            return await self._sender.document(chat, picture, "map.png", html, keyboard)

    def _keyboard(self, sheet: Sheet) -> Keyboard:
        return keyboard_of(sheet_rows(sheet, self._buttons))

    def _question(self, language: str | None) -> ForceReply:
        return ForceReply(selective=True, input_field_placeholder=words(language)("ask_placeholder"))


def _chosen(before: Standing, about: Mapping[str, str]) -> str:
    """The choice that led on from the scene before, where it was made by a button of that scene's."""
    made = about.get("pressed") in CHOICES and about.get("message") == str(before.message)
    return f"▸ {bold(cut(about['label'], LABEL))}" if made and about.get("label") else ""
