"""Calls that outlast the grace at the end: told to come again, instead of a traceback in the log."""

from __future__ import annotations

import asyncio

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class CutOff:
    """An ASGI middleware. The server cancels a call only when it ends and has waited long enough."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def noting_send(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, noting_send)
        except asyncio.CancelledError:
            if not started:
                await PlainTextResponse("The server ends; try again in a moment.", 503)(scope, receive, send)
