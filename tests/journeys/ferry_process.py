"""`run_bot.py` at a local Bot API server that lives in the test's own event loop, which nothing here may block."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.fakes.entrance import Begin, Running, born
from tests.fakes.telegram import TelegramServer


@asynccontextmanager
async def bot_process(
    server: TelegramServer, folder: Path, begin: Begin = born, /, **settings: object
) -> AsyncIterator[Running]:
    """A bot until the context ends, if it still runs then: it must end cleanly. Inside, it may be killed."""
    given = {"TELEGRAM_TOKEN": server.token, "TELEGRAM_API_URL": server.url, "TELEGRAM_SENDS_PER_SECOND": 1000}
    bot = await asyncio.to_thread(lambda: Running(begin(folder, **{**given, **settings})))
    try:
        yield bot
    finally:
        if bot.process.poll() is None:
            await told_to(bot, signal.SIGTERM)
    assert bot.process.returncode in (0, -signal.SIGKILL), bot.errors
    assert "Traceback" not in "".join(bot.errors)


async def told_to(bot: Running, number: signal.Signals) -> int:
    """Tell it to end: its exit code."""
    return await asyncio.to_thread(bot.end, number)


def lines(bot: Running, event: str) -> list[str]:
    """The lines of its log that tell of this."""
    return [line for line in bot.errors if f'"{event}"' in line]
