"""The SQLite store's verbs about purchases."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import partial

from bot.store.access import Access, add_cards, claim
from bot.store.records import EventKey, OutboxCard, Outcome, Purchase


class SQLitePurchases(Access):
    """See the port for each verb."""

    async def buy(self, event: EventKey, purchase: Purchase, cards: Sequence[OutboxCard] = ()) -> Outcome:
        """See the port."""
        return await self._database.write(partial(self._buy, event, purchase, tuple(cards)))

    def _buy(
        self, event: EventKey, bought: Purchase, cards: Sequence[OutboxCard], connection: sqlite3.Connection
    ) -> Outcome:
        # The charge first: an event that only repeats one must stay unknown.
        if connection.execute(self._queries.purchase, (bought.charge,)).fetchone() is not None:
            return Outcome.DUPLICATE
        if not claim(self._queries, event, connection):
            return Outcome.DUPLICATE
        who = (bought.charge, bought.platform, bought.user, bought.viewer)
        what = (bought.story, bought.episode, bought.stars, bought.at, bought.refunded)
        connection.execute(self._queries.add_purchase, (*who, *what))
        add_cards(self._queries, cards, connection)
        return Outcome.COMMITTED

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
        return await self._database.write(
            lambda connection: connection.execute(self._queries.refund, (charge, at)).rowcount == 1
        )
