"""The web adapter on a real server, and browsers that call it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import time

import httpx

from adapters.studio.door import StudioDoor
from adapters.web.adapter import WebAdapter
from bot.app import App
from bot.clips.library import ClipLibrary
from bot.clips.link import ClipLinks
from bot.clips.shelf import Shelf
from bot.clips.vault.folder import FolderVault
from bot.http.server import WebServer
from bot.rooms import Rooms
from bot.studio.studio import Studio
from tests.fakes.browser import Browser
from tests.fakes.house import House

SECRET = b"k" * 32
NewBrowser = Callable[..., Browser]


@asynccontextmanager
async def serving(
    house: House,
    app: App,
    *,
    telegram_token: str | None = None,
    secure: bool = False,
    rooms: Rooms | None = None,
    studio: Studio | None = None,
    now: Callable[[], int] = lambda: round(time() * 1000),
) -> AsyncIterator[WebServer]:
    shelf = Shelf(ClipLibrary(house.stories), ClipLinks(SECRET, ""), FolderVault(house.folder / "vault"))
    for story in app.library.stories.values():
        shelf.lengths(house.stories / story.id, story)
    web = WebAdapter(
        app,
        rooms or Rooms(app),
        shelf,
        SECRET,
        public_url="https://bot.example" if secure else "http://127.0.0.1",
        now=now,
        telegram_token=telegram_token,
        studio=StudioDoor(studio, app.store) if studio else None,
    )
    server = WebServer("127.0.0.1", 0, web.routes)
    async with server.running(), web.running():
        server.ready = True
        yield server


@asynccontextmanager
async def browsing(server: WebServer) -> AsyncIterator[NewBrowser]:
    browsers: list[Browser] = []

    def new(**headers: str) -> Browser:
        browsers.append(Browser(f"http://127.0.0.1:{server.port}", **headers))
        return browsers[-1]

    yield new
    for browser in browsers:
        await browser.http.aclose()


def error(response: httpx.Response) -> tuple[int, str]:
    """(status, code) of a refusal, which always says something in words too."""
    refusal = response.json()["error"]
    assert set(refusal) == {"code", "message"}
    assert refusal["message"]
    return response.status_code, refusal["code"]


def same_viewer(browser: Browser, new: NewBrowser) -> Browser:
    """Another tab of the same browser, on the same session."""
    other = new()
    other.http.cookies = browser.http.cookies
    other.session, other.revision = browser.session, browser.revision
    return other
