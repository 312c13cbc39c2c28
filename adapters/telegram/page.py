"""A page: what a chat is told that is no scene, such as the catalogue or the settings."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from telegram import ForceReply, InlineKeyboardButton, InlineKeyboardMarkup

from adapters.button import Buttons
from adapters.telegram.cashier import Cashier
from adapters.telegram.chat import Chat
from adapters.telegram.files import Files, Media
from adapters.telegram.taste import Tastes
from adapters.words import Words
from bot.app import App
from bot.link import Links
from bot.rooms import Rooms
from bot.store.port import Viewer

Rows = list[list[InlineKeyboardButton]]


@dataclass(frozen=True, slots=True)
class Page:
    """What is sent: words, and perhaps buttons, a picture (or the story's poster), a file, or a question."""

    html: str
    rows: Rows | None = None
    picture: Media | bytes | None = None
    document: tuple[str, bytes] | None = None
    question: ForceReply | None = None

    @property
    def markup(self) -> InlineKeyboardMarkup | None:
        return InlineKeyboardMarkup(self.rows) if self.rows else None


@dataclass(frozen=True, slots=True)
class Bot:
    """What pages know of the bot."""

    id: int
    name: str
    """Its user name, for links."""
    player: str | None
    """The address of the web player as a Mini App; None where it is not reached over https."""
    contact: str | None
    owners: tuple[int, ...]

    def link(self, start: str) -> str:
        """A link that opens the bot with `start`."""
        return f"https://t.me/{self.name}?start={start}"


@dataclass(frozen=True, slots=True)
class Shop:
    """All that pages are made from."""

    app: App
    bot: Bot
    buttons: Buttons
    files: Files
    tastes: Tastes
    cashier: Cashier
    rooms: Rooms
    links: Links
    now: Callable[[], int]


@dataclass(frozen=True, slots=True)
class Guest:
    """Who a page is for and what it is about."""

    viewer: Viewer
    user: int
    chat: Chat
    words: Words
    about: Mapping[str, str]

    @property
    def language(self) -> str:
        """The language that stories are told to them in, where they have it."""
        return self.viewer.language or self.about.get("language") or self.words.language


MakePage = Callable[[Shop, Guest], Awaitable[Page]]
