"""Logging in from inside Telegram: the browser becomes the viewer of the chat, with all their sessions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from time import time

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from adapters.web import body
from adapters.web.cookie import Cookies
from adapters.web.mini_app import Unproven, checked
from adapters.web.refusal import Refusal, refusal_of
from bot.store.port import Identity, Store

TELEGRAM = "telegram"
LOGIN_PATH = "/api/telegram"


class Login:
    """`token` is that of the bot whose Mini App the page is; `platform` is what the browser's names belong to."""

    def __init__(self, store: Store, cookies: Cookies, token: str, platform: str) -> None:
        self._store = store
        self._cookies = cookies
        self._token = token
        self._platform = platform

    def routes(self) -> list[BaseRoute]:
        """In and out."""
        return [
            Route(LOGIN_PATH, _polite(self.enter), methods=["POST"]),
            Route(LOGIN_PATH, _polite(self.leave), methods=["DELETE"]),
        ]

    async def enter(self, request: Request) -> Response:
        """Log in with `initData`. Answers with the language that the viewer chose, or that of their Telegram."""
        sent = await body.read(request, body.TelegramBody, body.MAX_LOGIN_BODY)
        try:
            user = checked(sent.init_data, self._token, int(time()))
        except Unproven as error:
            raise Refusal(401, "unproven", f"Telegram does not vouch for this viewer: {error}.") from None
        viewer = await self._store.viewer(TELEGRAM, str(user.id))
        name = self._cookies.name_of(user.id)
        await self._store.link(Identity(self._platform, name), viewer.id)
        response = JSONResponse({"language": viewer.language or user.language_code})
        self._cookies.put(response, name)
        return response

    async def leave(self, request: Request) -> Response:
        """Be nobody but the browser again."""
        response = JSONResponse({})
        self._cookies.drop(response)
        return response


def _polite(call: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            response = await call(request)
        except Exception as error:
            response = refusal_of(error).response()
        response.headers["cache-control"] = "no-store"
        return response

    return answer
