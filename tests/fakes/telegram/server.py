"""The server and everything a test does with it."""

from __future__ import annotations

import secrets
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.fakes.telegram.control import Control
from tests.fakes.telegram.door import Door
from tests.fakes.telegram.parameters import Parameters
from tests.fakes.telegram.town import Town
from tests.fakes.telegram.world import World

FIRST_BOT = 6_200_000_001
_SHUTDOWN_SECONDS = 0.05


class TelegramServer(Town):
    """`async with TelegramServer() as server`: a bot may use `server.url` and `server.token` until it ends."""

    def __init__(self, port: int = 0, *, checks: bool = True, record: bool = True, token: str = "") -> None:
        self._checks, self._record = checks, record
        self._port = port
        self.worlds: dict[str, World] = {}
        super().__init__(self.new_bot("cliffhanger_bot", token))
        self._door = Door(self.worlds, Control(self).obey)
        self._runner = web.ServerRunner(
            web.Server(self._door.handle, access_log=None), shutdown_timeout=_SHUTDOWN_SECONDS
        )
        self.url = ""

    def new_bot(self, username: str, token: str = "") -> World:
        """Another bot on the same server, with files, chats and people of its own."""
        world = World(
            token or f"{FIRST_BOT + len(self.worlds)}:{secrets.token_urlsafe(26)}",
            username,
            checks=self._checks,
            record=self._record,
        )
        self.worlds[world.token] = world
        world.webhook.perform = lambda method, values: self._door.perform(world, method, Parameters(values))
        return world

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self._port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for world in self.worlds.values():
            world.updates.conflict()
            await world.webhook.close()
        await self._runner.cleanup()
