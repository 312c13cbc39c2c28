"""The PostgreSQL store's verbs about purchases."""

from __future__ import annotations

from collections.abc import Sequence

from bot.store.postgres_access import PostgresAccess
from bot.store.postgres_group import card_rows, key_row
from bot.store.postgres_line import Connection
from bot.store.records import EventKey, OutboxCard, Outcome, Purchase


class PostgresPurchases(PostgresAccess):
    """See the port for each verb."""

    async def buy(self, event: EventKey, purchase: Purchase, cards: Sequence[OutboxCard] = ()) -> Outcome:
        """See the port."""
        who = (purchase.charge, purchase.platform, purchase.user, purchase.viewer)
        what = (purchase.story, purchase.episode, purchase.stars, purchase.at, purchase.refunded)

        async def pay(connection: Connection) -> Outcome:
            rows = list(card_rows(1, cards))
            return Outcome(await connection.fetchval(self._queries.buy, key_row(event), (*who, *what), rows))

        outcome: Outcome = await self._database.write(pay)
        return outcome

    async def purchase(self, charge: str) -> Purchase | None:
        """See the port."""
        row = await self._row(self._queries.purchase, charge)
        return None if row is None else Purchase(*row)

    async def purchases(self, viewer: int) -> Sequence[Purchase]:
        """See the port."""
        return [Purchase(*row) for row in await self._rows(self._queries.purchases, viewer)]

    async def bought(self, viewer: int, story: str) -> frozenset[str]:
        """See the port."""
        return frozenset(episode for (episode,) in await self._rows(self._queries.bought, viewer, story))

    async def refund(self, charge: str, at: int) -> bool:
        """See the port."""
        return await self._changed(self._queries.refund, charge, at)
