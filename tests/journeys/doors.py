"""One house with several doors: a bot at a local Discord, at a local Telegram and in browsers, as run_bot.py has it."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from adapters.discord import adapter as discord_adapter
from adapters.discord.board import GAP
from adapters.telegram.adapter import TelegramAdapter
from adapters.web.adapter import WebAdapter
from bot.agenda import Agenda
from bot.app import App
from bot.clips.library import ClipLibrary
from bot.clips.link import ClipLinks
from bot.clips.shelf import Shelf
from bot.crew import Alone, Crew, Workers
from bot.crew import Clock as OwnClock
from bot.http.server import WebServer
from bot.library import Library
from bot.link import Links
from bot.rooms import Rooms
from bot.store.port import EventKey, Outcome, Store, VoteRow
from bot.store.postgres import PostgresStore
from bot.store.sqlite import SQLiteStore
from tests.fakes.discord import DiscordServer
from tests.fakes.on_discord import MOMENT, SECRET, SITE, Bot
from tests.fakes.on_telegram import account
from tests.fakes.store import FailingStore
from tests.fakes.telegram import TelegramServer
from tests.fakes.web import NewBrowser, browsing

Clock = Callable[[], int]


class VotelessStore(FailingStore):
    """A real store that takes no votes while `failures["cast"]` lasts."""

    async def cast(self, event: EventKey, vote: VoteRow) -> Outcome:
        self._fail("cast")
        return await super().cast(event, vote)

    def fails(self, verb: str, times: int) -> Counter[str]:
        """So often from now on."""
        failures: Counter[str] = self.__dict__.setdefault("failures", Counter())
        failures[verb] = times
        return failures


@dataclass(frozen=True)
class Inside:
    """What is behind all doors. `clock` is Unix ms."""

    app: App
    rooms: Rooms
    shelf: Shelf
    clock: Clock


def clock_of(server: DiscordServer) -> Clock:
    """The server's time in Unix ms, which a test may jump."""
    return lambda: round(server.clock.now() * 1000)


@asynccontextmanager
async def inside(
    folder: Path, stories: Path, clock: Clock, new_store: Callable[[Path], SQLiteStore] = SQLiteStore
) -> AsyncIterator[Inside]:
    """A life of the house: leave and enter again, and it was restarted."""
    store = new_store(folder / "bot.db")
    await store.open()
    try:
        async with _lived_in(store, Alone(), stories, clock) as house:
            yield house
    finally:
        await store.close()


@asynccontextmanager
async def at_work(database: str, worker: int, stories: Path, clock: Clock) -> AsyncIterator[Inside]:
    """The same for one of several workers on a PostgreSQL database."""
    store = PostgresStore(database)
    await store.open()
    try:
        crew = Crew(store, OwnClock(), worker)
        async with crew.running(), _lived_in(store, crew, stories, clock) as house:
            yield house
    finally:
        await store.close()


@asynccontextmanager
async def _lived_in(store: Store, crew: Workers, stories: Path, clock: Clock) -> AsyncIterator[Inside]:
    shelf = Shelf(ClipLibrary(stories), ClipLinks(SECRET, ""))
    library = Library(stories, store, shelf.lengths)
    await library.load(clock())
    app = App(store, library, crew)
    rooms = Rooms(app)
    agenda = asyncio.create_task(Agenda(app, rooms, clock).run())
    try:
        yield Inside(app, rooms, shelf, clock)
    finally:
        agenda.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await agenda


@asynccontextmanager
async def at_discord(
    house: Inside, server: DiscordServer, *, clients: int = 1, **changes: object
) -> AsyncIterator[Bot]:
    """Its door to Discord, open once so many shards are connected."""
    links = Links(house.app)
    settings: dict[str, object] = {
        "token": server.token, "secret": SECRET, "api_url": server.api, "public_url": SITE, "paced": server.limits,
        "gap": GAP if server.limits else MOMENT,
    }  # fmt: skip
    account = discord_adapter.Account(**{**settings, **changes})  # type: ignore[arg-type]
    adapter = discord_adapter.DiscordAdapter(house.app, house.rooms, links, house.shelf, account, house.clock)
    async with adapter.running():
        await server.gateway.ready(clients)
        yield Bot(house.app, house.rooms, links)


@asynccontextmanager
async def at_telegram(house: Inside, server: TelegramServer) -> AsyncIterator[None]:
    """Its door to Telegram."""
    adapter = TelegramAdapter(house.app, house.rooms, house.shelf, account(server), house.clock)
    async with adapter.running():
        yield


@asynccontextmanager
async def in_browsers(house: Inside) -> AsyncIterator[NewBrowser]:
    """Its page, and browsers that open it."""
    web = WebAdapter(house.app, house.rooms, house.shelf, SECRET, public_url="http://127.0.0.1", now=house.clock)
    server = WebServer("127.0.0.1", 0, web.routes)
    async with server.running(), web.running():
        server.ready = True
        async with browsing(server) as new_browser:
            yield new_browser
