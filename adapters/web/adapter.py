"""The browser as an adapter: routes for the web server, and an end to its open streams."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from starlette.routing import BaseRoute

from adapters.base import Capabilities
from adapters.studio.door import StudioDoor
from adapters.web.call import PLATFORM
from adapters.web.calls import Calls
from adapters.web.cookie import Cookies
from adapters.web.link import LinkCalls
from adapters.web.login import Login
from adapters.web.page import page_routes
from adapters.web.room_calls import RoomCalls
from adapters.web.studio_calls import StudioCalls
from bot.app import App
from bot.clips.shelf import Shelf
from bot.delivery.delivery import Gone
from bot.delivery.parcel import Note, Parcel
from bot.rooms import Rooms


class WebAdapter:
    """Browsers ask for their cards and keep the time themselves, so nothing is ever pushed to one; `now` is Unix ms.

    With a `telegram_token` the page is that bot's Mini App too: it opens inside Telegram, as the viewer of the chat.
    """

    capabilities = Capabilities(PLATFORM, pushes=False, keeps_time=True)

    def __init__(
        self,
        app: App,
        rooms: Rooms,
        shelf: Shelf,
        secret: bytes,
        *,
        public_url: str,
        now: Callable[[], int],
        telegram_token: str | None = None,
        studio: StudioDoor | None = None,
    ) -> None:
        cookies = Cookies(secret, secure=public_url.startswith("https:"))
        self._calls = Calls(app, shelf, cookies, now)
        self._rooms = RoomCalls(app, rooms, shelf, cookies, secret, public_url, now)
        login = Login(app.store, cookies, telegram_token, PLATFORM).routes() if telegram_token else []
        desk = StudioCalls(app.store, studio, shelf, cookies, public_url, now).routes() if studio else []
        self.routes: list[BaseRoute] = [
            *self._calls.routes(),
            *self._rooms.routes(),
            *LinkCalls(app, cookies, now).routes(),
            *login,
            *desk,
            *page_routes(app.library, mini_app=telegram_token is not None),
        ]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Calls are answered while the web server runs; leaving ends the streams."""
        try:
            yield
        finally:
            self._calls.hang_up()
            self._rooms.hang_up()

    @property
    def room_listeners(self) -> int:
        """How many browsers watch a room now."""
        return self._rooms.listening

    async def show(self, address: str, parcel: Parcel | Note) -> None:
        """A browser has no address to push to."""
        raise Gone
