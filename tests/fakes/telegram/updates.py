"""The queue of updates: order, lifetime, long polling, two pollers."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import count

from tests.fakes.telegram.bell import Bell
from tests.fakes.telegram.clock import Clock
from tests.fakes.telegram.refusal import Body, Refused

CALLBACK_SECONDS = 150
INLINE_SECONDS = 30
UPDATE_SECONDS = 24 * 3600
LONGEST_POLL = 50
FIRST_ID = 700_000_001
KEPT = 10_000
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_LIFETIMES = {"callback_query": CALLBACK_SECONDS, "inline_query": INLINE_SECONDS}


CALLER_THERE: ContextVar[Callable[[], bool]] = ContextVar("CALLER_THERE", default=lambda: True)
"""Whether whoever calls just now is still there to hear the answer. An aiohttp server goes on with the calls of those
who are not."""


@dataclass(eq=False)
class Update:
    """`queue` is what it keeps its order in: messages per chat, queries per person, apart from each other."""

    id: int
    kind: str
    content: Body
    queue: str
    at: float

    @property
    def body(self) -> Body:
        return {"update_id": self.id, self.kind: self.content}


@dataclass
class Updates:
    """What the bot has not confirmed yet."""

    clock: Clock
    bell: Bell = field(default_factory=Bell)
    allowed: frozenset[str] | None = None
    """None is the default: all but NOT_BY_DEFAULT."""
    pending: dict[int, Update] = field(default_factory=dict)
    again: list[Update] = field(default_factory=list)
    """Updates to be delivered once more though they were confirmed."""
    seen: deque[Update] = field(default_factory=lambda: deque(maxlen=KEPT))
    """The latest ones, confirmed or not, newest last."""
    conflicts: int = 0
    """How many polls ended because of another one."""
    lost: list[Update] = field(default_factory=list)
    """Updates that grew too old before the bot took them."""

    def __post_init__(self) -> None:
        self._ids = count(FIRST_ID)
        self._held: list[Update] | None = None
        self._poller: asyncio.Future[None] | None = None
        self._here = CALLER_THERE.get()

    def add(self, kind: str, content: Body, queue: str) -> Update | None:
        """None when the bot does not want this kind."""
        wanted = kind in self.allowed if self.allowed else kind not in NOT_BY_DEFAULT
        if not wanted:
            return None
        update = Update(0, kind, content, queue, self.clock.now())
        if self._held is None:
            self._enter(update)
        else:
            self._held.append(update)
        return update

    def hold(self) -> None:
        """Updates gather from now on and are not delivered until `release`."""
        self._held = self._held or []

    def release(self, order: Iterable[int] | Callable[[list[Update]], Iterable[Update]] | None = None) -> None:
        """Delivers what was held: in this order of places, or as a function (such as `reversed`) puts it."""
        held, self._held = self._held or [], None
        chosen = order(held) if callable(order) else [held[place] for place in order] if order is not None else held
        for update in chosen:
            self._enter(update)

    def redeliver(self, update: Update) -> None:
        """The very same update once more, as after a lost confirmation."""
        self.again.append(update)
        self.bell.ring()

    def drop(self) -> None:
        self.pending.clear()

    def set_allowed(self, kinds: list[str] | None) -> None:
        """A call's allowed_updates: None leaves it as it was, an empty list is the default."""
        if kinds is not None:
            self.allowed = frozenset(kinds) or None

    def conflict(self) -> None:
        """Ends the poll that waits now, if one does: it gets a 409. Counted where somebody is there to hear it, and not
        of one that was killed or has hung up.
        """
        if self._poller and not self._poller.done():
            self.conflicts += self._here()
            self._poller.set_exception(_conflict())

    def expire(self) -> None:
        """Forgets what is too old."""
        now = self.clock.now()
        for update in list(self.pending.values()):
            if now - update.at <= _LIFETIMES.get(update.kind, UPDATE_SECONDS):
                continue
            self.lost.append(self.pending.pop(update.id))

    def confirm(self, offset: int) -> None:
        """As getUpdates does with its offset; negative counts from the end."""
        if offset < 0:
            offset = [0, *self.pending][offset:][0] if len(self.pending) >= -offset else 0
        while self.pending and (first := next(iter(self.pending))) < offset:
            del self.pending[first]

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Update]:
        """At least one update, or none after `timeout` real seconds. Another poll ends this one with a 409."""
        self.conflict()
        self.confirm(offset)
        mine = self._poller = asyncio.get_running_loop().create_future()
        self._here = CALLER_THERE.get()
        end = asyncio.get_running_loop().time() + min(timeout, LONGEST_POLL)
        try:
            while not (ready := self._ready(limit)) and (left := end - asyncio.get_running_loop().time()) > 0:
                await self._woken(mine, left)
            return ready
        finally:
            if self._poller is mine:
                self._poller = None
            mine.cancel()

    async def _woken(self, mine: asyncio.Future[None], left: float) -> None:
        # Heard from now on, not from when a task of its own begins: an update in between would lie until the next one.
        ring = self.bell.next()
        try:
            await asyncio.wait((ring, mine), timeout=left, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ring.cancel()
        if mine.done():
            mine.result()

    def _ready(self, limit: int) -> list[Update]:
        self.expire()
        again, self.again = self.again[:limit], self.again[limit:]
        fresh = [update for update, _ in zip(self.pending.values(), range(limit - len(again)), strict=False)]
        return [*again, *fresh]

    def _enter(self, update: Update) -> None:
        update.id = next(self._ids)
        self.pending[update.id] = update
        self.seen.append(update)
        self.bell.ring()


def _conflict() -> Refused:
    return Refused(
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    )
