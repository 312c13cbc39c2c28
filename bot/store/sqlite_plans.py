"""The SQLite store's verbs about watch-alongs to begin later."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import partial

from bot.store.access import ID_BITS, Access, claim
from bot.store.records import EventKey, Outcome, PlanRow


class SQLitePlans(Access):
    """See the port for each verb."""

    async def plan(self, event: EventKey | None, row: PlanRow) -> Outcome:
        """See the port."""
        return await self._database.write(partial(self._plan, event, row))

    def _plan(self, event: EventKey | None, row: PlanRow, connection: sqlite3.Connection) -> Outcome:
        if not claim(self._queries, event, connection):
            return Outcome.DUPLICATE
        values = (row.id, row.platform, row.address, row.host, row.at, row.body)
        connection.execute(self._queries.add_plan, values)
        return Outcome.COMMITTED

    async def plans_due(self, now: int, limit: int) -> Sequence[PlanRow]:
        """See the port."""
        return [PlanRow(*row) for row in await self._rows(self._queries.plans_due, now, limit)]

    async def next_plan(self) -> int | None:
        """See the port."""
        [at] = await self._row(self._queries.next_plan)
        return None if at is None else int(at)

    async def plan_of(self, id: int) -> PlanRow | None:
        """See the port."""
        # Ids come back from buttons, and anybody can forge one.
        row = await self._row(self._queries.plan, id) if id.bit_length() <= ID_BITS else None
        return None if row is None else PlanRow(*row)

    async def plans_at(self, platform: str, address: str) -> Sequence[PlanRow]:
        """See the port."""
        return [PlanRow(*row) for row in await self._rows(self._queries.plans_at, platform, address)]

    async def drop_plan(self, id: int) -> bool:
        """See the port."""
        if id.bit_length() > ID_BITS:
            return False
        return await self._database.write(
            lambda connection: connection.execute(self._queries.drop_plan, (id,)).rowcount == 1
        )
