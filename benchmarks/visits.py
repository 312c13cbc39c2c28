"""Visits: viewers who come, play for a while, stay away until a clock runs out for them, and are forgotten."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from itertools import count

from benchmarks.players import CHOICES, PLATFORM, SEED, STORY, Players
from bot.event import Answer, Event, Open, Tell
from bot.play.event import Choose
from bot.store.port import EventKey

VIEWERS = 96
"""At a time."""

TAPS = 6
PAUSE = 0.4
"""Seconds between two taps of a viewer, about: minutes of a day sped up, so that most clocks run out in between."""

AWAY = 1.5
"""Seconds from a viewer's last tap until they are forgotten: their last clock has run out by then."""


class Visits:
    """All visits of one worker. `forgotten` counts those that are over."""

    def __init__(self, players: Players, clock: Callable[[], int]) -> None:
        self.forgotten = 0
        self._app = players.app
        self._clock = clock
        self._chance = random.Random(SEED)
        self._viewers = count()
        self._events = count()

    async def keep_coming(self, seconds: float) -> None:
        """A new viewer comes whenever one is gone, for so long."""
        end = time.perf_counter() + seconds

        async def seat() -> None:
            while time.perf_counter() < end:
                await self._visit()

        await asyncio.gather(*(seat() for _ in range(VIEWERS)))

    async def pass_through(self, viewers: int) -> None:
        """So many come and play as fast as they can, and stay."""
        left = iter(range(viewers))

        async def seat() -> None:
            for _ in left:
                await self._play(f"passer-{next(self._viewers)}", 0.0)

        await asyncio.gather(*(seat() for _ in range(VIEWERS)))

    async def _visit(self) -> None:
        user = f"visitor-{next(self._viewers)}"
        viewer = await self._play(user, PAUSE)
        await asyncio.sleep(AWAY)
        await self._app.store.forget(viewer, [(PLATFORM, user)])
        self.forgotten += 1

    async def _play(self, user: str, pause: float) -> int:
        answer = await self._do(user, Open(STORY))
        for _ in range(TAPS):
            await asyncio.sleep(self._chance.uniform(0.5, 1.5) * pause)
            revision = answer.session.revision
            # Where the clock was faster, the answer is where the story stands by now.
            answer = await self._do(user, Tell(answer.session.id, Choose(revision, CHOICES[revision % 2])))
        return answer.session.viewer

    async def _do(self, user: str, what: Open | Tell) -> Answer:
        event = Event(
            EventKey(PLATFORM, f"visit-{next(self._events)}"), user, what, self._clock(), f"{PLATFORM}:{user}"
        )
        return await self._app.handle(event)
