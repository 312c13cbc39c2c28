"""The PostgreSQL store's verbs about watch-alongs to begin later."""

from __future__ import annotations

from collections.abc import Sequence

from bot.store.access import ID_BITS
from bot.store.postgres_access import PostgresAccess
from bot.store.postgres_group import key_row
from bot.store.postgres_line import Connection
from bot.store.records import EventKey, Outcome, PlanRow


class PostgresPlans(PostgresAccess):
    """See the port for each verb."""

    async def plan(self, event: EventKey | None, row: PlanRow) -> Outcome:
        """See the port."""
        values = (row.id, row.platform, row.address, row.host, row.at, row.body)

        async def keep(connection: Connection) -> Outcome:
            return Outcome(await connection.fetchval(self._queries.keep_plan, key_row(event), values))

        outcome: Outcome = await self._database.aside(keep)
        return outcome

    async def plans_due(self, now: int, limit: int) -> Sequence[PlanRow]:
        """See the port."""
        return [PlanRow(*row) for row in await self._rows(self._queries.plans_due, now, limit)]

    async def next_plan(self) -> int | None:
        """See the port."""
        at: int | None = (await self._row(self._queries.next_plan))[0]
        return at

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
        return id.bit_length() <= ID_BITS and await self._changed(self._queries.drop_plan, id)
