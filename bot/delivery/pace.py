"""Pace: how fast a platform may be spoken to, in each chat and overall."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.store.lane import chat_of

FORGET_EVERY = 1_000
"""Chats that are remembered before those which are long since rested are looked for."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many a second for long, and `burst` at once after a rest."""

    per_second: float
    burst: int = 1


class Meter:
    """One rate's clock (generic cell rate algorithm): a single number, however many pass."""

    __slots__ = ("_rate", "full")

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self.full = 0.0
        """When it is as rested as it can be."""

    def take(self, now: float) -> float:
        """Take one turn: seconds to wait until it may be used."""
        step = 1 / self._rate.per_second
        begins = max(self.full, now)
        self.full = begins + step
        return max(0.0, begins - (self._rate.burst - 1) * step - now)

    def spare(self, now: float) -> bool:
        """Whether half of the burst is left: room for what nobody would miss."""
        return self.full - now <= self._rate.burst / 2 / self._rate.per_second


class Pace:
    """Turns in each chat and overall. None for a rate: no limit there."""

    def __init__(
        self,
        chat: Callable[[str], Rate | None],
        overall: Rate | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rate_of = chat
        self._overall = Meter(overall) if overall else None
        self._clock = clock
        self._chats: dict[str, Meter] = {}
        self._held: dict[str, float] = {}
        """Chats that are to be left alone, and until when."""

    async def turn(self, address: str) -> None:
        """Wait for a turn in that chat, then for one overall: a crowded chat takes nobody else's turn."""
        chat = chat_of(address)
        while (wait := self._held.get(chat, 0.0) - self._clock()) > 0:
            await _pause(wait)
        self._held.pop(chat, None)
        meter = self._chat(chat)
        if meter is not None:
            await _pause(meter.take(self._clock()))
        if self._overall is not None:
            await _pause(self._overall.take(self._clock()))

    def hold(self, address: str, seconds: float) -> None:
        """The platform asks for patience: nobody's turn comes in that chat before so long."""
        chat = chat_of(address)
        self._held[chat] = max(self._held.get(chat, 0.0), self._clock() + seconds)

    def spare(self, address: str) -> bool:
        """Whether there is room for what nobody would miss, such as one more second of a countdown."""
        chat, now = chat_of(address), self._clock()
        if self._held.get(chat, 0.0) > now:
            return False
        meter = self._chat(chat)
        return (meter is None or meter.spare(now)) and (self._overall is None or self._overall.spare(now))

    def _chat(self, chat: str) -> Meter | None:
        meter = self._chats.get(chat)
        if meter is None:
            rate = self._rate_of(chat)
            if rate is None:
                return None
            if len(self._chats) >= FORGET_EVERY:
                self._forget()
            meter = self._chats[chat] = Meter(rate)
        return meter

    def _forget(self) -> None:
        now = self._clock()
        self._chats = {address: meter for address, meter in self._chats.items() if meter.full > now}
        self._held = {address: until for address, until in self._held.items() if until > now}


async def _pause(seconds: float) -> None:
    if seconds > 0:
        await asyncio.sleep(seconds)
