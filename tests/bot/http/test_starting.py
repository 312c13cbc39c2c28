"""While the bot begins, whoever calls is asked to come again, and is not told that there is nothing."""

from __future__ import annotations

import httpx
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.http.server import WebServer


async def here(request: Request) -> PlainTextResponse:
    return PlainTextResponse("here")


async def test_what_is_not_there_yet_is_asked_for_again() -> None:
    server = WebServer("127.0.0.1", 0, [])
    async with server.running(), httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}") as client:
        early = await client.post("/api/sessions/1/tap", json={})
        assert (early.status_code, early.json()["error"]["code"]) == (503, "busy")
        assert early.headers["retry-after"] == "1"
        server.add([Route("/here", here)])
        assert (await client.get("/here")).text == "here"
        server.ready = True
        assert (await client.get("/elsewhere")).status_code == 404
