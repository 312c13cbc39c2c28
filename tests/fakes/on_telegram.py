"""The bot at a local Bot API server, put together as run_bot.py does it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.studio.door import StudioDoor
from adapters.telegram.adapter import Account, TelegramAdapter
from bot.agenda import Agenda
from bot.app import App
from bot.clips.library import ClipLibrary
from bot.clips.link import ClipLinks
from bot.clips.shelf import Shelf
from bot.clips.vault.folder import FolderVault
from bot.library import Library
from bot.rooms import Rooms
from bot.store.sqlite import SQLiteStore
from bot.studio.studio import Studio
from tests.fakes.telegram import TelegramServer

STORIES = Path(__file__).parents[2] / "stories"
SECRET = b"a secret of the tests, 32 bytes.."
OWNER = 900_001
MOMENT = 0.5
"""Seconds between two edits of a room's card."""


def now() -> int:
    """Unix ms."""
    return time.time_ns() // 1_000_000


def account(server: TelegramServer, **changes: object) -> Account:
    """The operator's settings for that server."""
    settings: dict[str, object] = {
        "token": server.token,
        "secret": SECRET,
        "api_url": server.url,
        "public_url": "http://127.0.0.1:8080",
        "owners": (OWNER,),
        "sends_per_second": None,
        "gap": MOMENT,
    }
    return Account(**{**settings, **changes})  # type: ignore[arg-type]


@asynccontextmanager
async def bot_at(
    server: TelegramServer,
    folder: Path,
    stories: Path = STORIES,
    clock: Callable[[], int] = now,
    **changes: object,
) -> AsyncIterator[App]:
    """A bot's life: leave and enter again, and it was restarted."""
    store = SQLiteStore(folder / "bot.db")
    await store.open()
    try:
        vault = FolderVault(folder / "vault")
        shelf = Shelf(ClipLibrary(stories), ClipLinks(SECRET, ""), vault)
        library = Library(stories, store, shelf.lengths)
        await library.load(clock())
        app = App(store, library)
        rooms = Rooms(app)
        door = StudioDoor(Studio(store, library, vault, app.spread), store, frozenset({f"telegram:{OWNER}"}))
        adapter = TelegramAdapter(app, rooms, shelf, account(server, **changes), clock, door)
        agenda = asyncio.create_task(Agenda(app, rooms, clock).run())
        try:
            async with door.running(), adapter.running():
                yield app
        finally:
            agenda.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await agenda
    finally:
        await store.close()
