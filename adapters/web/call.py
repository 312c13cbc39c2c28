"""A call of the page's: its viewer is known from the cookie, and what goes wrong is told as a refusal."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.web.cookie import Cookies
from adapters.web.refusal import refusal_of
from bot.store.port import EventKey

PLATFORM = "web"

Call = Callable[[Request, str], Awaitable[Response]]
"""Gets the request, and the browser's name from its cookie."""


def call_route(cookies: Cookies, method: str, path: str, call: Call) -> Route:
    """A route that answers with what `call` does; the browser keeps its name, and no cache the answer."""

    async def answer(request: Request) -> Response:
        user = cookies.user(request)
        try:
            response = await call(request, user)
        except Exception as error:
            response = refusal_of(error).response()
        response.headers.setdefault("cache-control", "no-store")
        cookies.put(response, user)
        return response

    return Route(path, answer, methods=[method])


def event_key(user: str, id: str) -> EventKey:
    """The key of an event that the page made the id of."""
    # The browser makes the id, so it counts only among that browser's own; keys are logged, so they name nobody.
    return EventKey(PLATFORM, f"{sha256(user.encode()).hexdigest()[:16]}:{id}")
