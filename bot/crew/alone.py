"""A crew of one: everything is its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from bot.crew.lanes import Lanes
from bot.crew.news import News, nobody
from bot.store.port import OutboxCard


class Alone:
    """Where one process has the database to itself, as on SQLite."""

    several = False

    def __init__(self) -> None:
        self.worker = 0
        self.news = News(0, nobody)

    @asynccontextmanager
    async def sharing(self, platform: str) -> AsyncIterator[Lanes]:
        """See `Workers`."""
        yield Lanes(platform)

    async def alone_at(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """See `Workers`."""
        await work()

    def posted(self, cards: Sequence[OutboxCard]) -> None:
        """See `Workers`."""
