"""The browser as an adapter: routes for the web server, and an end to its open streams."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.routing import BaseRoute

from adapters.base import Capabilities
from adapters.web.calls import PLATFORM, Calls
from adapters.web.cookie import Cookies
from adapters.web.login import Login
from adapters.web.page import page_routes
from bot.app import App
from bot.clips.shelf import Shelf
from bot.delivery.delivery import Gone
from bot.delivery.parcel import Note, Parcel


class WebAdapter:
    """Browsers ask for their cards and keep the time themselves, so nothing is ever pushed to one.

    With a `telegram_token` the page is that bot's Mini App too: it opens inside Telegram, as the viewer of the chat.
    """

    capabilities = Capabilities(PLATFORM, pushes=False, keeps_time=True)

    def __init__(
        self, app: App, shelf: Shelf, secret: bytes, *, secure: bool, telegram_token: str | None = None
    ) -> None:
        cookies = Cookies(secret, secure=secure)
        self._calls = Calls(app, shelf, cookies)
        login = Login(app.store, cookies, telegram_token, PLATFORM).routes() if telegram_token else []
        self.routes: list[BaseRoute] = [
            *self._calls.routes(),
            *login,
            *page_routes(app.library, mini_app=telegram_token is not None),
        ]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Calls are answered while the web server runs; leaving ends the streams."""
        try:
            yield
        finally:
            self._calls.hang_up()

    async def show(self, address: str, parcel: Parcel | Note) -> None:
        """A browser has no address to push to."""
        raise Gone
