"""Long polling: asks for updates, and acknowledges them once they are durable."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog
from telegram import Bot
from telegram.error import Conflict, EndPointNotFound, InvalidToken, RetryAfter, TelegramError

from adapters.telegram import trouble
from adapters.telegram.intake import KINDS, Intake
from bot.delivery.delivery import Pauses

log = structlog.get_logger()

LONG_POLL = 25
"""Seconds that Telegram keeps a call open while there is nothing."""

SLACK = 10
"""Seconds more that we wait for the answer."""

BATCH = 100
"""Updates in an answer at the most (Bot API, getUpdates)."""

GOODBYE = 2.0
"""Seconds for the last acknowledgement when the bot ends."""

PAUSES = Pauses(first=0.5, last=30.0)


class Polling:
    """One poller; a second one on the same token is told so by Telegram, and waits for its chance."""

    def __init__(self, bot: Bot, intake: Intake) -> None:
        self._bot = bot
        self._intake = intake
        self._offset = 0

    async def run(self) -> None:
        """Poll until cancelled. Raises `InvalidToken`; nothing else ends it."""
        pauses = PAUSES.growing()
        while True:
            try:
                await asyncio.shield(self._take(await self._ask(LONG_POLL, BATCH)))
            except InvalidToken:
                raise
            except TelegramError as error:
                await asyncio.sleep(self._wait(error, next(pauses)))
            except Exception:
                # Not acknowledged, so it comes again.
                log.exception("updates_not_taken")
                await asyncio.sleep(next(pauses))
            else:
                pauses = PAUSES.growing()

    async def say_goodbye(self) -> None:
        """Acknowledge what was taken; what is not acknowledged comes again and changes nothing."""
        if self._offset:
            try:
                async with asyncio.timeout(GOODBYE):
                    await self._ask(0, 1)
            except (TelegramError, TimeoutError) as error:
                log.info("last_updates_not_acknowledged", error=type(error).__name__)

    async def _take(self, updates: list[dict[str, Any]]) -> None:
        await self._intake.take_all(updates)
        for update in updates:
            self._offset = max(self._offset, int(update["update_id"]) + 1)

    async def _ask(self, seconds: int, most: int) -> list[dict[str, Any]]:
        """The next updates; asking acknowledges those before them."""
        wanted: dict[str, Any] = {"timeout": seconds, "limit": most, "allowed_updates": list(KINDS)}
        if self._offset:
            wanted["offset"] = self._offset
        # As they come, not read into the library's types: one that cannot be read must not hold up the others.
        # In small letters, since the library wants its own method to be used; to Telegram it is the same.
        try:
            found: list[dict[str, Any]] = await self._bot.do_api_request(
                "getupdates", wanted, read_timeout=seconds + SLACK
            )
        except EndPointNotFound as error:
            # What the library makes of a token that is refused, in a call that it does not know.
            raise InvalidToken(error.message) from None
        return found

    def _wait(self, error: TelegramError, pause: float) -> float:
        """Say what is wrong, and how long to wait."""
        if isinstance(error, RetryAfter):
            return trouble.seconds(error)
        if isinstance(error, Conflict):
            log.warning("telegram_has_another_poller", waits=pause, help="stop the other bot with this token")
        else:
            log.warning("telegram_unreachable", waits=pause, error=type(error).__name__)
        return pause
