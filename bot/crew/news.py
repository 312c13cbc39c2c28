"""What workers tell one another: hints where to look, many in one call. Who misses some finds out a little later."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from enum import Enum

import structlog
from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_json

from bot.store.errors import StoreError

log = structlog.get_logger()

GATHERING = 0.02
"""Seconds in which hints are gathered before they are told."""

LARGEST = 7_900
"""Bytes in one call, of which PostgreSQL takes 7,999; where there are more, it is said that there is much
(`EVERYTHING`)."""

EVERYTHING = "*"

Tell = Callable[[str], Awaitable[None]]


class Topic(Enum):
    """What a hint is about; its name says which."""

    CARDS = "cards"
    """A lane of a platform has new cards: "telegram 7"."""
    ROOM = "room"
    """A watch-along was voted in or has changed: its session."""
    PLACES = "places"
    """Sessions have other owners or addresses than they had."""
    CREW = "crew"
    """A worker came or went."""
    WHISPER = "whisper"
    """An answer that only its viewer sees is out of date: its key."""
    STORIES = "stories"
    """A story was published, or is not any more: its id."""


Hear = Callable[[str], None]
"""Called with a name, or with `EVERYTHING`."""

_HINTS = TypeAdapter(dict[str, list[str]])
SENDER = "from"


class News:
    """One worker's. Hints of its own never come back to it."""

    def __init__(self, worker: int, tell: Tell) -> None:
        self._worker = str(worker)
        self._tell = tell
        self._waiting: defaultdict[Topic, set[str]] = defaultdict(set)
        self._telling: asyncio.Task[None] | None = None
        self._listeners: defaultdict[Topic, list[Hear]] = defaultdict(list)

    def listen(self, topic: Topic, hear: Hear) -> None:
        """Have it called with every hint about that."""
        self._listeners[topic].append(hear)

    def tell(self, topic: Topic, name: str = EVERYTHING) -> None:
        """Tell the others, soon."""
        if self._tell is nobody:
            return
        self._waiting[topic].add(name)
        if self._telling is None:
            self._telling = asyncio.create_task(self._tell_soon())

    def heard(self, news: str) -> None:
        """Something was told: "" where some of it was missed."""
        if not news:
            for topic in Topic:
                self._pass(topic, [EVERYTHING])
            return
        try:
            hints = _HINTS.validate_json(news)
        except ValidationError:
            log.warning("news_unreadable")
            return
        if hints.pop(SENDER, []) == [self._worker]:
            return
        for topic in Topic:
            # What a newer release tells besides is nothing to us.
            self._pass(topic, hints.get(topic.value, []))

    async def close(self) -> None:
        """Tell what still waits."""
        if self._telling is not None:
            await asyncio.wait([self._telling])

    def _pass(self, topic: Topic, names: list[str]) -> None:
        for name in names:
            for hear in self._listeners[topic]:
                hear(name)

    async def _tell_soon(self) -> None:
        try:
            await asyncio.sleep(GATHERING)
        finally:
            self._telling = None
        waiting, self._waiting = self._waiting, defaultdict(set)
        try:
            await self._tell(self._written(waiting))
        except StoreError as error:
            log.info("news_untold", error=type(error).__name__)

    def _written(self, waiting: Mapping[Topic, set[str]]) -> str:
        sender = {SENDER: [self._worker]}
        news = to_json(sender | {topic.value: _names(names) for topic, names in waiting.items()})
        if len(news) > LARGEST:
            news = to_json(sender | {topic.value: [EVERYTHING] for topic in waiting})
        return news.decode()


def _names(names: set[str]) -> list[str]:
    return [EVERYTHING] if EVERYTHING in names else sorted(names)


async def nobody(news: str) -> None:
    """Tells nobody: there is nobody else."""
