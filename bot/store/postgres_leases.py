"""The PostgreSQL store's verbs about workers: what each has to itself, and what they tell one another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from bot.store.postgres_access import PostgresAccess
from bot.store.postgres_ear import TELL, Ear
from bot.store.records import Leases


class PostgresLeases(PostgresAccess):
    """See the port for each verb."""

    _listening: asyncio.Task[None] | None = None

    async def hold(self, worker: int, wanted: Sequence[str], milliseconds: int, given_up: Sequence[str] = ()) -> Leases:
        """See the port."""
        rows = await self._database.aside(
            lambda connection: connection.fetch(self._queries.hold, worker, wanted, given_up, milliseconds)
        )
        return Leases(rows[0][0], {name: holder for _, name, holder in rows if name is not None})

    async def tell(self, news: str) -> None:
        """See the port."""
        await self._change(TELL, news)

    def hear(self, listener: Callable[[str], None]) -> None:
        """See the port."""
        self._listening = asyncio.create_task(Ear(self._database.target, listener).run())

    async def _hang_up(self) -> None:
        listening, self._listening = self._listening, None
        if listening is not None:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
