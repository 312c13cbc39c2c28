"""Delivery: carries a platform's outbox to its adapter, in order for each chat, until every card is shown."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from typing import Protocol

import structlog

from bot.delivery.parcel import Parcel, unwrap
from bot.store.errors import StoreError
from bot.store.port import OutboxCard, Store

log = structlog.get_logger()

BATCH = 500
"""Cards read from the outbox at a time."""

FIRST_RETRY, LAST_RETRY = 0.5, 60.0
"""Seconds before a failed card is tried again: doubled at each failure, up to the last."""

IDLE = 5.0
"""Seconds after which the outbox is looked at again without having been called."""


class Gone(Exception):
    """The chat can never be reached again (blocked, deleted): its cards are dropped."""


class Later(Exception):
    """The platform asks for patience: `seconds` before this chat is tried again."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"wait {seconds} s")


class Show(Protocol):
    """Shows a parcel at an address of its platform. Raises `Gone` or `Later`; anything else is tried again."""

    async def __call__(self, address: str, parcel: Parcel) -> None: ...


class Delivery:
    """One platform's delivery. Chats wait for themselves only: a slow one never holds up another."""

    def __init__(self, store: Store, platform: str, show: Show) -> None:
        self._store = store
        self._platform = platform
        self._show = show
        self._chats: dict[str, deque[OutboxCard]] = defaultdict(deque)
        self._couriers: dict[str, asyncio.Task[None]] = {}
        self._call = asyncio.Event()
        self._last = 0

    def call(self) -> None:
        """There may be something new in the outbox."""
        self._call.set()

    async def run(self) -> None:
        """Deliver until cancelled. What is not yet shown then is shown after the next start."""
        try:
            while True:
                self._call.clear()
                await self._collect()
                try:
                    await asyncio.wait_for(self._call.wait(), IDLE)
                except TimeoutError:
                    continue
        finally:
            for courier in self._couriers.values():
                courier.cancel()
            await asyncio.gather(*self._couriers.values(), return_exceptions=True)

    async def _collect(self) -> None:
        """Hand every new card to its chat's courier."""
        try:
            while cards := await self._store.pending(self._platform, self._last, BATCH):
                for card in cards:
                    self._last = card.id
                    self._chats[card.address].append(card)
                    if card.address not in self._couriers:
                        self._couriers[card.address] = asyncio.create_task(self._serve(card.address))
        except StoreError as error:
            log.warning("outbox_unreadable", platform=self._platform, error=str(error))

    async def _serve(self, address: str) -> None:
        """Deliver a chat's cards in order, then leave."""
        cards = self._chats[address]
        try:
            while cards:
                try:
                    await self._until_shown(address, cards[0])
                except Gone:
                    log.info("chat_gone", platform=self._platform, dropped=len(cards))
                    await self._store.delivered([card.id for card in cards])
                    cards.clear()
                    continue
                await self._store.delivered([cards[0].id])
                cards.popleft()
        finally:
            del self._couriers[address]
            del self._chats[address]

    async def _until_shown(self, address: str, card: OutboxCard) -> None:
        retry = FIRST_RETRY
        while True:
            try:
                return await self._show(address, unwrap(card.body))
            except Gone:
                raise
            except Later as later:
                wait = later.seconds
            except Exception as error:
                log.warning("delivery_failed", platform=self._platform, card=card.id, error=type(error).__name__)
                await self._store.attempted(card.id, f"{type(error).__name__}: {error}")
                wait, retry = retry, min(retry * 2, LAST_RETRY)
            await asyncio.sleep(wait)
