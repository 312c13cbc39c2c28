"""A chat platform that remembers what it was shown, and misbehaves as it is told."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque

from bot.delivery.parcel import Note, Parcel


class Chat:
    """`trouble` is raised by address, one for each try; a chat in `closed` takes nothing until its event is set."""

    def __init__(self) -> None:
        self.shown: defaultdict[str, list[Parcel]] = defaultdict(list)
        self.tries: defaultdict[str, int] = defaultdict(int)
        self.trouble: defaultdict[str, deque[Exception]] = defaultdict(deque)
        self.closed: dict[str, asyncio.Event] = {}
        self._news = asyncio.Event()

    async def show(self, address: str, parcel: Parcel | Note) -> None:
        self.tries[address] += 1
        self._news.set()
        if address in self.closed:
            await self.closed[address].wait()
        if self.trouble[address]:
            raise self.trouble[address].popleft()
        assert isinstance(parcel, Parcel)
        self.shown[address].append(parcel)
        self._news.set()

    def scenes(self, address: str) -> list[str]:
        """The scenes shown there, in order."""
        return [parcel.card.scene for parcel in self.shown[address]]

    async def wait_for(self, address: str, cards: int) -> None:
        """Until that many cards were shown there."""
        while len(self.shown[address]) < cards:
            self._news.clear()
            await self._news.wait()

    async def wait_for_tries(self, address: str, tries: int) -> None:
        """Until that many were tried there."""
        while self.tries[address] < tries:
            self._news.clear()
            await self._news.wait()
