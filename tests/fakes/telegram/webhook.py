"""Delivery to the bot's own server, where setWebhook asked for it."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp

from tests.fakes.telegram.clock import Clock
from tests.fakes.telegram.reach import Reach
from tests.fakes.telegram.refusal import Body, Refused
from tests.fakes.telegram.updates import Update, Updates

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
FIRST_PAUSE = 0.05
LONGEST_PAUSE = 60.0
_ANSWER_SECONDS = 60


class Webhook:
    """Updates of one queue come one after the other, different queues side by side, as from the real server."""

    def __init__(self, clock: Clock, updates: Updates, reach: Reach) -> None:
        self._clock = clock
        self._updates = updates
        self._reach = reach
        self.perform: Callable[[str, Body], Awaitable[Any]] | None = None
        """Does a call that the bot puts into its answer."""
        self.url = ""
        self.secret = ""
        self.connections = 40
        self.last_error: tuple[int, str] | None = None
        self.attempts = 0
        self._task: asyncio.Task[None] | None = None
        self._busy: dict[str, asyncio.Task[None]] = {}

    def set(self, url: str, secret: str, connections: int) -> None:
        """Starts to deliver; what was set before ends."""
        self.remove()
        self.url, self.secret, self.connections = url, secret, connections
        self._task = asyncio.get_running_loop().create_task(self._run())

    def remove(self) -> None:
        self.url = ""
        for task in [*self._busy.values(), *([self._task] if self._task else [])]:
            task.cancel()
        self._busy.clear()
        self._task = None

    async def close(self) -> None:
        """Ends for good; waits until nothing is under way."""
        ending = [*self._busy.values(), *([self._task] if self._task else [])]
        self.remove()
        await asyncio.gather(*ending, return_exceptions=True)

    def info(self) -> Body:
        """As getWebhookInfo tells it."""
        updates = self._updates
        info: Body = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(updates.pending),
        }
        if self.url:
            info["max_connections"] = self.connections
        if self.last_error:
            info["last_error_date"], info["last_error_message"] = self.last_error
        if updates.allowed:
            info["allowed_updates"] = sorted(updates.allowed)
        return info

    async def _run(self) -> None:
        timeout = aiohttp.ClientTimeout(total=_ANSWER_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while True:
                self._launch(session)
                await self._updates.bell.rung(1.0)

    def _launch(self, session: aiohttp.ClientSession) -> None:
        updates = self._updates
        updates.expire()
        again, updates.again = updates.again, []
        for number, update in enumerate(again):
            self._start(f"again {update.id} {number}", session, update)
        for update in list(updates.pending.values()):
            if update.queue not in self._busy and len(self._busy) < self.connections:
                self._start(update.queue, session, update)

    def _start(self, queue: str, session: aiohttp.ClientSession, update: Update) -> None:
        self._busy[queue] = asyncio.get_running_loop().create_task(self._deliver(queue, session, update))

    async def _deliver(self, queue: str, session: aiohttp.ClientSession, update: Update) -> None:
        """Until it was taken, however long that takes, unless the update grows too old."""
        pause = FIRST_PAUSE
        while not await self._post(session, update):
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            self._updates.expire()
            if not queue.startswith("again") and update.id not in self._updates.pending:
                break
        self._updates.pending.pop(update.id, None)
        del self._busy[queue]
        self._updates.bell.ring()

    async def _post(self, session: aiohttp.ClientSession, update: Update) -> bool:
        local = self._reach.local(self.url)
        if local is None:
            return self._failed("Failed to resolve host: Name or service not known")
        self.attempts += 1
        headers = {"Content-Type": "application/json"} | ({SECRET_HEADER: self.secret} if self.secret else {})
        try:
            async with session.post(local, data=json.dumps(update.body), headers=headers) as response:
                answer = await response.read()
                if not 200 <= response.status < 300:
                    return self._failed(f"Wrong response from the webhook: {response.status} {response.reason}")
        except (aiohttp.ClientError, TimeoutError):
            return self._failed("Connection refused")
        await self._call_in(answer)
        return True

    def _failed(self, why: str) -> bool:
        self.last_error = (self._clock.date(), why)
        return False

    async def _call_in(self, answer: bytes) -> None:
        """A bot may put one call into its answer; the result goes nowhere."""
        try:
            call = json.loads(answer)
        except ValueError:
            return
        if self.perform and isinstance(call, dict) and "method" in call:
            # Whatever comes of it, the bot never hears.
            with contextlib.suppress(Refused):
                await self.perform(call.pop("method"), call)
