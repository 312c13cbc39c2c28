"""What the rest of the house asks of the crew, whether there are several workers or one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from bot.crew.lanes import Lanes
from bot.crew.news import News
from bot.store.port import OutboxCard


class Workers(Protocol):
    """`worker` is the number of this one, `news` what it tells the others and hears from them."""

    worker: int
    news: News
    several: bool
    """Whether there may be others."""

    def sharing(self, platform: str) -> AbstractAsyncContextManager[Lanes]:
        """This worker's lanes of that platform, for as long as it serves it."""

    async def alone_at(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do what one worker alone may do at a time: whenever it is this one, until another one is. Raises what the
        work raises.
        """

    def posted(self, cards: Sequence[OutboxCard]) -> None:
        """These cards are in the outbox: whoever has their lanes is told, unless that is this worker."""
