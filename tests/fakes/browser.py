"""A browser without a screen: it keeps its cookie, and calls what the page calls."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.fakes.visitor import new_event

Json = dict[str, Any]
PATIENCE = 60.0
"""Seconds; a busy machine is no fault of the bot."""


class Browser:
    """Remembers the session it opened and the revision it last saw."""

    def __init__(self, address: str, **headers: str) -> None:
        self.http = httpx.AsyncClient(base_url=address, headers=headers, timeout=PATIENCE, trust_env=False)
        self.session = ""
        self.revision = 0

    async def open(self, story: str = "crossroads", **body: object) -> Json:
        return self._seen(await self.post(f"/api/stories/{story}/open", **body))

    async def tap(self, choice: str, **body: object) -> Json:
        return await self.tell("tap", choice=choice, **body)

    async def tell(self, call: str, **body: object) -> Json:
        """A call about the open session, at the revision last seen."""
        return self._seen(await self.post(f"{self.here}/{call}", **{"revision": self.revision, **body}))

    async def get(self, path: str, **headers: str) -> Json:
        response = await self.http.get(path, headers=headers)
        assert response.status_code == 200, response.text
        answer: Json = response.json()
        return answer

    async def post(self, path: str, **body: object) -> httpx.Response:
        return await self.http.post(path, json={"event": new_event(), **body})

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[AsyncIterator[int]]:
        """The revisions that the open session's stream tells."""
        async with self.http.stream("GET", f"{self.here}/events") as response:
            assert response.status_code == 200
            assert response.headers["content-type"].startswith("text/event-stream")
            yield _revisions(response)

    @property
    def here(self) -> str:
        return f"/api/sessions/{self.session}"

    def _seen(self, response: httpx.Response) -> Json:
        assert response.status_code == 200, response.text
        view: Json = response.json()
        self.session, self.revision = view["session"], view["revision"]
        return view


async def _revisions(response: httpx.Response) -> AsyncIterator[int]:
    async for line in response.aiter_lines():
        if line.startswith("data: "):
            yield json.loads(line.removeprefix("data: "))["revision"]


def scenes(view: Json) -> list[str]:
    """The scenes of a view's cards."""
    return [card["scene"] for card in view["cards"]]
