"""Pace: how fast a platform may be spoken to, in each chat and overall."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

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

    async def turn(self, address: str) -> None:
        """Wait for a turn in that chat, then for one overall: a crowded chat takes nobody else's turn."""
        meter = self._chat(address)
        if meter is not None:
            await _pause(meter.take(self._clock()))
        if self._overall is not None:
            await _pause(self._overall.take(self._clock()))

    def spare(self, address: str) -> bool:
        """Whether there is room for what nobody would miss, such as one more second of a countdown."""
        meter, now = self._chat(address), self._clock()
        return (meter is None or meter.spare(now)) and (self._overall is None or self._overall.spare(now))

    def _chat(self, address: str) -> Meter | None:
        meter = self._chats.get(address)
        if meter is None:
            rate = self._rate_of(address)
            if rate is None:
                return None
            if len(self._chats) >= FORGET_EVERY:
                self._forget()
            meter = self._chats[address] = Meter(rate)
        return meter

    def _forget(self) -> None:
        now = self._clock()
        self._chats = {address: meter for address, meter in self._chats.items() if meter.full > now}


async def _pause(seconds: float) -> None:
    if seconds > 0:
        await asyncio.sleep(seconds)
