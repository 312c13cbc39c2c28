"""Where the ferry is played at Telegram: a local Bot API server, and a bot at it that can be started again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path

from bot.app import App
from tests.fakes.on_telegram import bot_at
from tests.fakes.telegram import TelegramServer
from tests.fakes.telegram.bell import PATIENCE
from tests.journeys.ferry import standing_at, taps_counted
from tests.journeys.ferry_goer import FerryGoer

_LOOK_SECONDS = 0.002


@dataclass(frozen=True)
class Harbour:
    """`folder` has the stories and, once the bot was there, its database."""

    server: TelegramServer
    folder: Path

    def bot(self, **changes: object) -> AbstractAsyncContextManager[App]:
        """A bot's life, its clock set by the server's. `changes` as in `on_telegram.account`."""
        return bot_at(self.server, self.folder, self.folder / "stories", self.now, **changes)

    def now(self) -> int:
        """The server's time in Unix ms."""
        return round(self.server.clock.now() * 1000)

    def goer(self, name: str = "Ann") -> FerryGoer:
        return FerryGoer(self.server.person(name))

    def goers(self, *names: str) -> list[FerryGoer]:
        return [self.goer(name) for name in names]

    def assert_counted(self, goer: FerryGoer, taps: int) -> None:
        """So many of the goer's taps counted, each once, and their story stands there."""
        revisions = [revision for revision, _ in taps_counted(self.folder / "bot.db", goer.id)]
        assert revisions == list(range(1, taps + 1))
        assert standing_at(self.folder / "bot.db", goer.id) == taps

    async def at_rest(self, app: App) -> None:
        """Until everything was shown and is noted as shown."""

        async def nothing_waits() -> bool:
            return not await app.store.pending("telegram", 0, 1)

        await until_so(nothing_waits)

    async def taken(self) -> None:
        """Until the bot has confirmed every update."""
        updates = self.server.updates
        await until(lambda: not updates.pending and not updates.again)


async def until(look: Callable[[], object], within: float = PATIENCE) -> None:
    """Until `look` finds something."""
    async with asyncio.timeout(within):
        while not look():
            await asyncio.sleep(_LOOK_SECONDS)


async def at_once(look: Callable[[], object], within: float = PATIENCE) -> None:
    """The same, without a moment's delay: for what is but a few milliseconds away."""
    async with asyncio.timeout(within):
        while not look():
            await asyncio.sleep(0)


async def until_so(look: Callable[[], Awaitable[object]], within: float = PATIENCE) -> None:
    """The same for what has to be waited for."""
    async with asyncio.timeout(within):
        while not await look():
            await asyncio.sleep(_LOOK_SECONDS)
