"""Somebody who watches with others in a browser without a screen."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from tests.fakes.browser import Browser, Json


class RoomGoer:
    """Remembers the room's code; what is sent is for the revision that was seen last."""

    def __init__(self, browser: Browser, code: str = "") -> None:
        self.browser = browser
        self.code = code
        self.revision = 0

    async def gather(self, **rules: object) -> str:
        """Begin a room; its code."""
        answer = await self.browser.post("/api/rooms", **{"story": "crossroads", **rules})
        assert answer.status_code == 200, answer.text
        self.code = answer.json()["code"]
        return self.code

    async def look(self) -> Json:
        """The room as it is now."""
        room = await self.browser.get(self.here)
        self.revision = room["revision"]
        return room

    async def vote(self, choice: str, **body: object) -> str:
        """The reply to a vote."""
        answer = await self.send("vote", choice=choice, **body)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["reply"])

    async def want(self, what: str, **body: object) -> str:
        """The reply to what only a host may want."""
        answer = await self.send("control", what=what, **body)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["reply"])

    async def send(self, deed: str, **body: object) -> httpx.Response:
        return await self.browser.post(f"{self.here}/{deed}", **{"revision": self.revision, **body})

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[AsyncIterator[tuple[str, Json]]]:
        """The room's stream: (name, what) of every event."""
        async with self.browser.http.stream("GET", f"{self.here}/events") as response:
            assert response.status_code == 200
            assert response.headers["content-type"].startswith("text/event-stream")
            yield _events(response)

    @property
    def here(self) -> str:
        return f"/api/rooms/{self.code}"


async def _events(response: httpx.Response) -> AsyncIterator[tuple[str, Json]]:
    name = ""
    async for line in response.aiter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))
