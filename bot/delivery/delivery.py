"""Delivery: carries a platform's outbox to its adapter, in order for each chat, until every card is shown."""

from __future__ import annotations

import asyncio
import contextlib
import math
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Protocol

import structlog

from bot.crew.lanes import Lanes
from bot.delivery.couriers import CalledBack, Couriers, Owed
from bot.delivery.parcel import Note, Parcel, unwrap
from bot.delivery.reason import reason_of
from bot.delivery.waiting import Waiting
from bot.store.errors import StoreError
from bot.store.port import EventKey, OutboxCard, Store, Trouble

log = structlog.get_logger()

MOST_FAULTS = 10
"""Tries at a card that our own code fails on, before it is set aside and no longer holds up its chat."""

BATCH = 500
"""Cards read from the outbox at a time."""

SELDOM = 20
"""How many times as long as it took to read the whole outbox passes before that is done again, at least."""


@dataclass(frozen=True, slots=True)
class Pauses:
    """Seconds between tries of what fails, doubled from `first` up to `last`; and how long the outbox is left
    alone when nobody calls."""

    first: float = 0.5
    last: float = 60.0
    idle: float = 5.0

    def growing(self) -> Iterator[float]:
        """The pauses between tries, without end."""
        pause = self.first
        while True:
            yield pause
            pause = min(pause * 2, self.last)


PAUSES = Pauses()


class Gone(Exception):
    """The chat can never be reached again (blocked, deleted): its cards are dropped."""


class Later(Exception):
    """The platform asks for patience: `seconds` before this chat is tried again."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"wait {seconds} s")


class Unshowable(Exception):
    """This card will never be taken, whenever it is tried: it is set aside, and the chat's next ones follow."""


class Show(Protocol):
    """Shows what lies in the outbox at an address. Raises `Gone`, `Later` or `Unshowable`; anything else is tried
    again."""

    async def __call__(self, address: str, parcel: Parcel | Note) -> None: ...


class Left(Exception):
    """The chat is another worker's by now."""


class Delivery:
    """One platform's delivery, for the chats in this worker's lanes. Chats wait for themselves only: a slow one never
    holds up another.
    """

    def __init__(
        self,
        store: Store,
        platform: str,
        show: Show,
        pauses: Pauses = PAUSES,
        passing: tuple[type[Exception], ...] = (),
        lanes: Lanes | None = None,
    ) -> None:
        """`passing`: what the platform raises while it cannot be reached, which is tried again without end. `lanes`:
        None where all are this worker's.
        """
        self._store = store
        self._platform = platform
        self._show = show
        self._pauses = pauses
        self._passing = passing
        self._chats: dict[str, deque[OutboxCard]] = defaultdict(deque)
        self._call = asyncio.Event()
        self._last = 0
        self._whole = 0.0
        """When the outbox is to be read from its beginning again, by the clock of `time.monotonic`."""
        self._done_meanwhile: set[int] = set()
        """Cards that were done with while the outbox was read: what was read may be older than that."""
        self._forgotten = 0
        """How often somebody was forgotten: what was read of the outbox before may be gone."""
        self._lanes = lanes or Lanes(platform)
        self._lanes.listen(self._dealt)
        self._deals = 0
        """How often the lanes have changed."""
        self._couriers = Couriers(self._lanes, self._serve, self._back)
        self._figures = store.figures
        self.waiting = Waiting()
        """For the figures: what was taken from the outbox and is not shown yet."""

    @property
    def busy(self) -> int:
        """Chats with a card on its way."""
        return len(self._couriers)

    def call(self) -> None:
        """There may be something new in the outbox."""
        self.waiting.called()
        self._call.set()

    def owes(self, address: str) -> bool:
        """Whether something is on its way to that chat."""
        return address in self._couriers

    def owes_more(self, address: str, parcel: Parcel) -> bool:
        """Whether something waits for that chat that is not of the parcel's own step."""
        step = (parcel.session, parcel.revision)
        return any((card.session, card.revision) != step for card in self._chats.get(address, ()))

    def forgot(self) -> None:
        """The store has forgotten somebody: what was taken from the outbox before is looked for there once more."""
        self._forgotten += 1

    async def run(self) -> None:
        """Deliver until cancelled. What is not yet shown then is shown after the next start."""
        self._couriers.begin()
        try:
            while True:
                self._call.clear()
                await self._collect()
                # Not wait_for(): in Python 3.11 it can swallow the cancellation that ends this.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._pauses.idle):
                        await self._call.wait()
        finally:
            await self._couriers.end()

    async def _collect(self) -> None:
        """Hand every new card to its chat's courier."""
        self.waiting.read()
        # Lanes that come meanwhile are read from their beginning: no card of theirs must come before an older one.
        began, mine, deals = time.monotonic(), self._lanes.mine, self._deals
        whole = began >= self._whole
        if whole:
            self._whole = math.inf
        # Of several workers one may write a card after another one wrote a later one, which was read already.
        after = 0 if whole else max(0, self._last - self._store.late)
        self._done_meanwhile.clear()
        try:
            while cards := await self._pending(after, BATCH, mine):
                if deals != self._deals:
                    return  # a lane that was lost and is ours again has older cards, which come first
                after = cards[-1].id
                for card in cards:
                    self._take(card)
        except StoreError as error:
            log.warning("outbox_unreadable", platform=self._platform, error=str(error))
            if whole:
                self._whole = 0.0
            return
        if whole and self._store.late:
            now = time.monotonic()
            self._whole = min(self._whole, now + max(self._pauses.idle, SELDOM * (now - began)))

    def _take(self, card: OutboxCard) -> None:
        """Put the card into its chat's line, by its number; the first one there is on its way already."""
        self._last = max(self._last, card.id)
        if card.id in self.waiting or card.id in self._done_meanwhile or not self._lanes.has(card.address):
            return
        self.waiting.took(card.id)
        cards = self._chats[card.address]
        place = len(cards)
        while place > 1 and cards[place - 1].id > card.id:
            place -= 1
        cards.insert(place, card)
        self._couriers.send(card.address)

    async def _pending(self, after: int, limit: int, lanes: frozenset[int] | None = None) -> Sequence[OutboxCard]:
        """What is in the outbox now; read again where somebody was forgotten meanwhile: some of it may be gone."""
        while True:
            forgotten = self._forgotten
            cards = await self._store.pending(self._platform, after, limit, lanes)
            if forgotten == self._forgotten:
                return cards

    async def _serve(self, address: str) -> None:
        """Deliver a chat's cards in order, then leave."""
        cards, waited = self._chats[address], False
        with contextlib.suppress(Left):
            while cards and self._couriers.may_go(address):
                owed = not waited or await self._owed(cards[0])
                done, waited = await self._deliver(address, cards) if owed else 1, True
                ids = [card.id for card in islice(cards, done)]
                await self._written(partial(self._store.delivered, ids))
                self.waiting.drop(ids)
                self._done_meanwhile.update(ids)
                # Not cleared: while the store was writing, more may have come, or some been forgotten.
                while cards and cards[0].id in ids:
                    cards.popleft()

    def _back(self, address: str) -> None:
        """Nobody is on the way there. What is left is shown by whoever has the chat now."""
        cards = self._chats.pop(address)
        self.waiting.drop([card.id for card in cards])
        if cards and self._lanes.has(address):
            self._dealt()  # the lane was lost, and is ours again before this ended

    def _dealt(self) -> None:
        """Other lanes are ours: what lies in them was never looked at."""
        self._deals += 1
        self._whole = 0.0
        self._call.set()

    async def _deliver(self, address: str, cards: deque[OutboxCard]) -> int:
        """Deal with the chat's first card: how many of its cards are then done with."""
        card = cards[0]
        try:
            await self._until_shown(address, card, unwrap(card.body))
        except Gone:
            self._failed("gone")
            log.info("chat_gone", platform=self._platform, dropped=len(cards))
            return len(cards)
        except (ValueError, Unshowable) as error:
            self._failed("set_aside")
            await self._set_aside(card, error)
        else:
            self._figures.shown_seconds[self._platform].note(self.waiting.seconds(card.id))
        return 1

    async def _until_shown(self, address: str, card: OutboxCard, parcel: Parcel | Note) -> None:
        pauses, faults = self._pauses.growing(), 0
        while True:
            if not self._couriers.may_go(address):
                raise Left
            try:
                with self._couriers.calling(address, self._owing(card)):
                    return await self._shown(address, parcel)
            except (Gone, Unshowable):
                raise
            except CalledBack:
                wait = 0.0
            except Later as later:
                self._failed("later")
                wait = later.seconds
            except Exception as error:
                self._failed("failed")
                log.warning("delivery_failed", platform=self._platform, card=card.id, error=type(error).__name__)
                await self._count_failure(card, error)
                if not isinstance(error, (StoreError, OSError, *self._passing)):
                    faults += 1
                    if faults == MOST_FAULTS:
                        raise Unshowable(reason_of(error)) from error
                wait = next(pauses)
            await asyncio.sleep(wait)
            if not await self._owed(card):
                return None

    def _owing(self, card: OutboxCard) -> Owed:
        """Whether a card that is being shown is owed still: looked up where somebody was forgotten meanwhile."""
        known = self._forgotten

        async def owed() -> bool:
            nonlocal known
            if known != self._forgotten and not await self._owed(card):
                return False
            known = self._forgotten
            return True

        return owed

    async def _owed(self, card: OutboxCard) -> bool:
        """Whether a card that has waited is in the outbox still: its viewer may have been forgotten, here or by another
        process.
        """
        for pause in self._pauses.growing():
            try:
                # Whosever lane it is in by now: what is no longer owed is taken out of the outbox.
                found = await self._pending(card.id - 1, 1)
            except StoreError as error:
                log.warning("outbox_unreadable", platform=self._platform, error=str(error))
                await asyncio.sleep(pause)
            else:
                return bool(found) and found[0].id == card.id
        return False

    def _shown(self, address: str, parcel: Parcel | Note) -> Awaitable[None]:
        trace, shown = self._figures.trace, self._show(address, parcel)
        return shown if trace is None else trace.around(shown, "card", platform=self._platform)

    def _failed(self, kind: str) -> None:
        self._figures.delivery_failures[self._platform, kind] += 1

    async def _count_failure(self, card: OutboxCard, error: Exception) -> None:
        try:
            await self._store.attempted(card.id, reason_of(error))
        except StoreError as fault:
            log.warning("attempt_not_counted", card=card.id, error=str(fault))

    async def _set_aside(self, card: OutboxCard, error: Exception) -> None:
        log.error("card_set_aside", platform=self._platform, card=card.id, error=type(error).__name__)
        at = time.time_ns() // 1_000_000
        trouble = Trouble(EventKey(self._platform, f"card:{card.id}"), reason_of(error), at)
        await self._written(partial(self._store.set_aside, trouble))

    async def _written(self, change: Callable[[], Awaitable[None]]) -> None:
        """Make the change durable, however long the store is at fault: the chat waits meanwhile."""
        for pause in self._pauses.growing():
            try:
                await change()
            except StoreError as error:
                log.warning("delivery_not_noted", platform=self._platform, error=str(error))
                await asyncio.sleep(pause)
            else:
                return
