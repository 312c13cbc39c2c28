"""Patience with the store: what was sent must be remembered, or it would be sent again."""

from __future__ import annotations

import asyncio

import structlog

from bot.delivery.delivery import PAUSES
from bot.store.errors import StoreError
from bot.store.port import Shown, Store

log = structlog.get_logger()


async def keep_shown(store: Store, shown: Shown) -> None:
    """Keep what stands in a chat now, however long the store is at fault."""
    for pause in PAUSES.growing():
        try:
            await store.keep_shown(shown)
        except StoreError as error:
            log.warning("standing_not_kept", error=str(error))
            await asyncio.sleep(pause)
        else:
            return
