"""The parts of a bot at a local Bot API server, each by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from telegram import Bot

from adapters.button import Buttons
from adapters.shares import Shares
from adapters.telegram import page
from adapters.telegram.background import Background
from adapters.telegram.cashier import Cashier
from adapters.telegram.chat import Chat
from adapters.telegram.desk import Desk
from adapters.telegram.files import Files
from adapters.telegram.inline import Inline
from adapters.telegram.intake import Intake
from adapters.telegram.page import Guest, Shop
from adapters.telegram.player import Player
from adapters.telegram.poster import Poster
from adapters.telegram.request import AiohttpRequest
from adapters.telegram.screen import Screen
from adapters.telegram.sender import Sender
from adapters.telegram.standing import Standings
from adapters.telegram.taste import Tastes
from adapters.telegram.ticker import Ticker
from adapters.telegram.warmer import Warmer
from adapters.telegram.watch import Watch
from adapters.words import words
from bot.app import App
from bot.clips.library import ClipLibrary
from bot.clips.link import ClipLinks
from bot.clips.shelf import Shelf
from bot.delivery.delivery import Pauses
from bot.delivery.pace import Pace
from bot.library import Library
from bot.link import Links
from bot.rooms import Rooms
from tests.fakes.house import START, Clock, House
from tests.fakes.store import FailingStore
from tests.fakes.telegram import Person, TelegramServer
from tests.fakes.telegram.fixtures import CLIP, PICTURE

SHORT = Pauses(first=0.001, last=0.004, idle=0.01)
SECRET = b"a secret of the tests, 32 bytes.."

TALE = """\
title: Tale
synopsis: Short.
language: en
poster: poster.jpg
episodes:
  one:
    title: One
    scenes:
      road:
        title: The road
        clip: road.mp4
        lines: [{narrator: A road.}]
        choices: {on: {label: Go on, to: hill}, back: {label: Go back, to: home}, flee: {label: Flee, to: away}}
      hill: {title: The hill, clip: hill.mp4, lines: [{narrator: A hill.}], choices: {on: {label: Down, to: home}}}
      home: {clip: road.mp4, lines: [{narrator: Home.}], ending: {title: Home, kind: happy}}
      away: {lines: [{narrator: Away.}], ending: {title: Away, kind: happy}}
"""


@dataclass
class Parts:
    """One bot, nothing of it running."""

    app: App
    bot: Bot
    shelf: Shelf
    sender: Sender
    buttons: Buttons
    standings: Standings
    ticker: Ticker
    cashier: Cashier
    screen: Screen
    shop: Shop
    poster: Poster
    background: Background

    @property
    def store(self) -> FailingStore:
        """The store, which fails when it is told to."""
        assert isinstance(self.app.store, FailingStore)
        return self.app.store

    async def guest(self, person: Person, about: Mapping[str, str] | None = None) -> Guest:
        """A viewer whom a page is for."""
        viewer = await self.app.store.viewer("telegram", str(person.id))
        return Guest(viewer, person.id, Chat(person.id), words("en"), about or {})


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    """Every call is held against the official description."""
    async with TelegramServer() as running:
        yield running
        assert running.violations == []


@pytest.fixture
async def bot(server: TelegramServer) -> AsyncIterator[Bot]:
    """The library's bot on our own transport."""
    async with bot_of(server) as bot:
        yield bot


def bot_of(server: TelegramServer, token: str = "") -> Bot:
    request = AiohttpRequest()
    return Bot(
        token or server.token,
        base_url=f"{server.url}/bot",
        base_file_url=f"{server.url}/file/bot",
        request=request,
        get_updates_request=request,
    )


@pytest.fixture
async def parts(house: House, clock: Clock, bot: Bot) -> AsyncIterator[Parts]:
    """Beside the house's own story there is one with a poster and two clips."""
    house.write("tale", TALE)
    folder = house.stories / "tale"
    (folder / "poster.jpg").write_bytes(PICTURE)
    (folder / "road.mp4").write_bytes(CLIP)
    (folder / "hill.mp4").write_bytes(CLIP + b"hill")
    store = FailingStore(house.database)
    await store.open()
    try:
        shelf = Shelf(ClipLibrary(house.stories), ClipLinks(SECRET, ""))
        library = Library(house.stories, store, shelf.lengths)
        await library.load(START)
        made = put_together(App(store, library), bot, shelf, clock)
        yield made
        await made.ticker.close()
        await made.background.close()
    finally:
        await store.close()


def put_together(app: App, bot: Bot, shelf: Shelf, clock: Clock, public_url: str | None = None) -> Parts:
    files = Files(app.store, shelf, bot.id, public_url)
    sender = Sender(bot, Pace(lambda address: None, None), files)
    buttons, tastes, standings = Buttons(SECRET, "telegram", bot.id), Tastes(app.store), Standings(app.store)
    ticker, cashier = Ticker(clock), Cashier(app, bot, SECRET, clock)
    warmer = Warmer(sender, app.library, None, clock)
    background = Background()
    screen = Screen(sender, standings, buttons, tastes, Shares(app.store), ticker, cashier, warmer, background, clock)
    about = page.Bot(bot.id, bot.username, None, None, ())
    shop = Shop(app, about, buttons, files, tastes, cashier, Rooms(app), Links(app), clock)
    return Parts(
        app,
        bot,
        shelf,
        sender,
        buttons,
        standings,
        ticker,
        cashier,
        screen,
        shop,
        Poster(shop, sender, standings),
        background,
    )


@asynccontextmanager
async def taking(parts: Parts, clock: Clock, pauses: Pauses = SHORT) -> AsyncIterator[Intake]:
    """The parts' intake, with all that stands behind it."""
    background = Background()
    watch = Watch(parts.shop, Rooms(parts.app), parts.sender, parts.standings, background, lambda _: True)
    player, inline = Player(parts.shop, parts.standings), Inline(parts.shop, background)
    desk = Desk(parts.app, parts.bot, parts.buttons, player, watch, parts.cashier, inline, background, clock)
    try:
        yield Intake(desk, parts.bot, parts.app.store, clock, pauses)
    finally:
        await watch.close()
        await background.close()


@pytest.fixture
async def ann(server: TelegramServer) -> Person:
    """Somebody who has started the bot."""
    person = server.person("Ann")
    await person.say("/start")
    return person


def clip_at(parts: Parts, story: str, path: str) -> Path:
    """A story's file on disk."""
    return parts.app.library.folder / story / path
