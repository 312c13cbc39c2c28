"""One worker among those that share a database: what it has to itself is leased, and renewed with every beat.

A lease ends by the database's clock. A worker that cannot renew its leases stops, by its own clock, well before anybody
else can have them; so nothing is ever done by two.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Sequence
from contextlib import asynccontextmanager

import structlog

from bot.crew.clock import Clock
from bot.crew.duty import Duty
from bot.crew.lanes import Lanes
from bot.crew.news import News, Topic
from bot.crew.watch import Watch
from bot.store.errors import StoreError
from bot.store.port import Leases, OutboxCard, Store

log = structlog.get_logger()

BEAT = 2.0
"""Seconds between two renewals."""

LEASE = 8.0
"""Seconds a lease lasts: what a worker that was killed had is taken over after that."""

MARGIN = 2.0
"""Seconds before its end from which nothing is done on it: what is on its way then has ended when it is over."""

WORKER_BITS = 62


class Crew:
    """Everything is another worker's until the first beats of `running`."""

    several = True

    def __init__(self, store: Store, clock: Clock, worker: int | None = None) -> None:
        """`worker`: the number that this one is known by; one that takes over from a dead one may have its number."""
        self.worker = secrets.randbits(WORKER_BITS) if worker is None else worker
        self.news = News(self.worker, store.tell)
        self._store = store
        self._clock = clock
        self._watches: dict[str, Watch] = {}
        self._duties: dict[str, Duty] = {}
        self._given_up: set[str] = set()
        self._soon = asyncio.Event()
        self._over: asyncio.TimerHandle | None = None
        self.news.listen(Topic.CREW, lambda _: self._soon.set())

    # -- what there is to have

    @asynccontextmanager
    async def sharing(self, platform: str) -> AsyncIterator[Lanes]:
        """See `Workers`."""
        watch = self._watches[platform] = Watch(platform, self.worker, self._gave_up)
        self._soon.set()
        try:
            yield watch.lanes
        finally:
            del self._watches[platform]
            await watch.close()

    async def alone_at(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """See `Workers`."""
        duty = self._duties[name] = Duty()
        self._soon.set()
        try:
            await duty.do(work)
        finally:
            del self._duties[name]
            self._gave_up([name])

    def posted(self, cards: Sequence[OutboxCard]) -> None:
        """See `Workers`."""
        for card in cards:
            watch = self._watches.get(card.platform)
            if watch is None or not watch.lanes.has(card.address):
                self.news.tell(Topic.CARDS, card.platform)

    # -- the beat

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Hear the others and keep what is ours while the context lasts; then everything is free for them."""
        self._store.hear(self.news.heard)
        with contextlib.suppress(StoreError):
            await self.beat()  # before anything is done by a clock that may be hours wrong
        beating = asyncio.create_task(self._run())
        try:
            yield
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)
            self._lose()
            with contextlib.suppress(StoreError):
                await self._store.hold(self.worker, [], 0, sorted(self._given_up))
            self.news.tell(Topic.CREW)
            await self.news.close()

    async def _run(self) -> None:
        while True:
            self._soon.clear()
            try:
                await self.beat()
            except StoreError as error:
                log.warning("leases_not_renewed", error=str(error))
            except Exception:
                log.exception("beat_failed")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(BEAT):
                    await self._soon.wait()

    async def beat(self) -> None:
        """Renew what is ours, take what is to be ours and is free, give up what is to be another one's. Raises
        `StoreError`: then nothing is known, and what we have lasts until its end.
        """
        loop = asyncio.get_running_loop()
        given_up, began, before = frozenset(self._given_up), loop.time(), self._clock.own()
        wanted = [*self._duties, *(name for watch in self._watches.values() for name in watch.wanted())]
        leases = await self._store.hold(self.worker, wanted, round(LEASE * 1000), sorted(given_up))
        self._given_up -= given_up
        self._clock.compare(before, leases.now, self._clock.own())
        if self._over is not None:
            self._over.cancel()
            if self._over.when() <= loop.time():
                self._lose()  # the loop stood still, and this comes first
        # From before the call: the database may have counted from then.
        over = began + LEASE - MARGIN
        if loop.time() >= over:
            log.warning("leases_not_renewed", error="the database answered when they were about to end")
            self._lose()
            return
        self._over = loop.call_at(over, self._lose)
        self._apply(leases, frozenset(wanted), over)
        if given_up:
            self.news.tell(Topic.CREW)

    def _apply(self, leases: Leases, asked: Collection[str], until: float) -> None:
        for name, duty in self._duties.items():
            duty.change(mine=name in asked and leases.held.get(name) == self.worker)
        for watch in self._watches.values():
            if watch.deal(leases, asked, until):
                self._soon.set()
                self.news.tell(Topic.CREW)

    def _gave_up(self, names: Iterable[str]) -> None:
        self._given_up.update(names)
        self._soon.set()

    def _lose(self) -> None:
        """The leases are about to end, and could not be renewed: from now on all of it may be another worker's."""
        for duty in self._duties.values():
            duty.change(mine=False)
        for watch in self._watches.values():
            watch.lose()
