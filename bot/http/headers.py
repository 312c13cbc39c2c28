"""Headers that every answer carries, so that a browser trusts our pages no further than they need."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


def content_security(scripts: str = "", frames: str = "") -> str:
    """The policy of a page that may also run the scripts of these hosts, and stand in frames of those."""
    return (
        "default-src 'self'; img-src 'self' https: data: blob:; media-src 'self' https: blob:; style-src 'self'; "
        f"script-src 'self' {scripts}; connect-src 'self' https:; object-src 'none'; base-uri 'none'; "
        f"form-action 'self'; frame-ancestors 'self' {frames}"
    ).rstrip()


_HEADERS = {
    "content-security-policy": content_security(),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


class SafeHeaders:
    """An ASGI middleware that adds the headers where a route has not set its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)
