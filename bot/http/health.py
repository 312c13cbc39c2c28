"""`/readyz`: whether this process can do its work, part by part, in words that tell a stranger nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Container, Sequence
from time import monotonic, time_ns

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.store.errors import StoreError, Unstorable
from bot.store.port import Store

STORE_SECONDS = 2.0
"""A write that takes longer is as good as none: somebody waits for it with a finger on a button."""

KEPT_SECONDS = 1.0
"""An answer of the store is good for this long, so that nobody can make the disk busy by asking."""

OK = "ok"
MARK = "readiness"


class Readiness:
    """`started` says whether the entrance is through. `wanted` are platforms that have a token; `reached` holds those
    that are at work now, and one that was reached once no longer stands in the way: the others play on without it.
    """

    def __init__(
        self, store: Store, started: Callable[[], bool], wanted: Sequence[str], reached: Container[str] = ()
    ) -> None:
        self._store = store
        self._started = started
        self._wanted = wanted
        self.reached = reached
        self._met: set[str] = set()
        self._look: asyncio.Task[str] | None = None
        self._looked = 0.0

    def route(self) -> Route:
        """For the web server."""
        return Route("/readyz", self._answer)

    async def parts(self) -> dict[str, str]:
        """Each part in a word or two; `OK` and "lost" are no obstacle."""
        server = OK if self._started() else "starting or stopping"
        return {
            "server": server,
            "store": await self._stored(),
            **{name: self._platform(name) for name in self._wanted},
        }

    async def _answer(self, _: Request) -> Response:
        parts = await self.parts()
        ready = all(word in (OK, "lost") for word in parts.values())
        text = json.dumps({"ready": ready, **parts}, indent=1) + "\n"
        return Response(text, 200 if ready else 503, {"cache-control": "no-store"}, "application/json")

    def _platform(self, name: str) -> str:
        if name in self.reached:
            self._met.add(name)
            return OK
        return "lost" if name in self._met else "not reached"

    async def _stored(self) -> str:
        """What the last write came to. There is one at a time, however many ask and however long it takes."""
        if self._look is None or (self._look.done() and monotonic() - self._looked > KEPT_SECONDS):
            self._look, self._looked = asyncio.create_task(self._write()), monotonic()
        try:
            async with asyncio.timeout(STORE_SECONDS):
                return await asyncio.shield(self._look)
        except TimeoutError:
            return "slow"

    async def _write(self) -> str:
        """The smallest thing the store makes durable: one row, always the same, that no bot asks for."""
        try:
            await self._store.keep_clip_file(MARK, MARK, str(time_ns()))
        except (StoreError, Unstorable):
            return "not writable"
        return OK
