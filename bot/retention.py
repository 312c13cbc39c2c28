"""What is not kept for ever: goes after its time, in small pieces with pauses, so that no tap waits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog

from bot.store.errors import StoreError
from bot.store.trimming import Mark, Trimmed, Trimming

log = structlog.get_logger()

PIECE = 500
"""Rows looked at in one go: a few milliseconds of the database."""

REST = 9
"""After each piece it rests this many times as long as that took: it uses a tenth of one line to the database."""

FIRST_AFTER = 60.0
"""Seconds after a start before anything is looked at: at first there is enough to do."""

EVERY = 6 * 3600.0
"""Seconds between the end of one sweep and the next."""

DAY = 24 * 3600 * 1000

Piece = Callable[[Mark | None], Awaitable[Trimmed]]


@dataclass(frozen=True, slots=True)
class Kept:
    """How many days each is kept."""

    events: int = 30
    facts: int = 90
    troubles: int = 90
    cards: int = 30
    """Those of a platform that is not served."""


@dataclass(frozen=True, slots=True)
class Swept:
    """How many rows went."""

    events: int
    facts: int
    troubles: int
    cards: int


class Retention:
    """Sweeps while `run` is not cancelled. Of several workers the one may whose `alone` says so; when it no longer
    does, the sweep ends where it is. `served`: the platforms that this worker serves.
    """

    def __init__(
        self,
        store: Trimming,
        kept: Kept,
        served: Sequence[str],
        clock: Callable[[], int],
        alone: Callable[[], bool] = lambda: True,
        rest: float = REST,
    ) -> None:
        self._store = store
        self._kept = kept
        self._served = served
        self._clock = clock
        self._alone = alone
        self._rest = rest

    async def run(self) -> None:
        """Work until cancelled. A sweep that fails is begun again at its next time; nothing is counted twice."""
        await asyncio.sleep(FIRST_AFTER)
        while True:
            try:
                await self.sweep()
            except StoreError as error:
                log.warning("retention_waits", error=str(error))
            except Exception:
                log.exception("retention_failed")
            await asyncio.sleep(EVERY)

    async def sweep(self) -> Swept:
        """Look through everything once. Raises `StoreError`; what went by then is gone."""
        store, now = self._store, self._clock()
        await store.serve(self._served, now)
        kept = self._kept
        swept = Swept(
            await self._through(lambda mark: store.trim_events(now - kept.events * DAY, now, mark, PIECE)),
            await self._through(lambda mark: store.trim_facts(now - kept.facts * DAY, mark, PIECE)),
            await self._through(lambda mark: store.trim_troubles(now - kept.troubles * DAY, mark, PIECE)),
            await self._through(lambda mark: store.trim_cards(now - kept.cards * DAY, now, mark, PIECE)),
        )
        log.info("swept", events=swept.events, facts=swept.facts, troubles=swept.troubles, cards=swept.cards)
        return swept

    async def _through(self, trim: Piece) -> int:
        gone = 0
        mark: Mark | None = None
        while self._alone():
            began = time.monotonic()
            trimmed = await trim(mark)
            gone += trimmed.gone
            mark = trimmed.mark
            if mark is None:
                break
            await asyncio.sleep((time.monotonic() - began) * self._rest)
        return gone
