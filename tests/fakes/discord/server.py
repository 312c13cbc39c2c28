"""The server and everything a test does with it."""

from __future__ import annotations

import base64
import secrets
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.fakes.discord.control import Control
from tests.fakes.discord.door import Door
from tests.fakes.discord.fast import FastServer
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.town import Town
from tests.fakes.discord.world import APPLICATION, World

_SHUTDOWN_SECONDS = 0.05
LENIENCY = 60.0
"""Real seconds more for a bot on the same event loop: what a busy machine takes is no fault of its."""


class DiscordServer(Town):
    """`async with DiscordServer() as server`: a bot may use `server.api`, `server.gateway_url` and `server.token`."""

    def __init__(self, port: int = 0, *, checks: bool = True, record: bool = True, token: str = "") -> None:
        world = World(token or new_token(), checks=checks, record=record)
        world.gateway = Gateway(world)
        super().__init__(world)
        world.leniency = LENIENCY
        self._port = port
        self.url = ""
        self.limits = checks
        self._door = Door(world, Control(self).obey)
        server = web.Server(self._door.handle, access_log=None) if checks else FastServer(self._door)
        self._runner = web.ServerRunner(server, shutdown_timeout=_SHUTDOWN_SECONDS)

    @property
    def api(self) -> str:
        """The REST base: for `discord.http.Route.BASE`."""
        return f"{self.url}/api/v10"

    @property
    def gateway_url(self) -> str:
        """For `DiscordWebSocket.DEFAULT_GATEWAY`, as a yarl.URL; /gateway/bot tells the same."""
        return f"{self.url.replace('http', 'ws', 1)}/gateway"

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self._port}"
        self.world.files.base = self.url
        self.gateway.url = self.gateway_url
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.gateway.drop()
        await self._runner.cleanup()


def new_token() -> str:
    """In the shape of a real one: the application's id, a time, a secret."""
    head = base64.b64encode(str(APPLICATION).encode()).decode().rstrip("=")
    return f"{head}.{secrets.token_urlsafe(4)}.{secrets.token_urlsafe(28)}"
