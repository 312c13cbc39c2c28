"""The SQLite store's verbs about chats: cards of no step, what stands where, which chats are lost or moved."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import partial

from bot.store.access import Access, add_cards, claim
from bot.store.lane import chat_of
from bot.store.records import EventKey, OutboxCard, Outcome, Shown


class SQLiteChats(Access):
    """See the port for each verb."""

    async def post(self, event: EventKey | None, cards: Sequence[OutboxCard]) -> Outcome:
        """See the port."""
        return await self._database.write(partial(self._post, event, tuple(cards)))

    def _post(self, event: EventKey | None, cards: Sequence[OutboxCard], connection: sqlite3.Connection) -> Outcome:
        if not claim(self._queries, event, connection):
            return Outcome.DUPLICATE
        add_cards(self._queries, [card for card in cards if self._stands(card, connection)], connection)
        return Outcome.COMMITTED

    def _stands(self, card: OutboxCard, connection: sqlite3.Connection) -> bool:
        """Whether a card's session is still where it was when the card was made."""
        if card.session == 0:
            return True
        row = connection.execute(self._queries.revision, (card.session,)).fetchone()
        return row is not None and row[0] <= card.revision

    async def shown(self, platform: str, address: str, session: int) -> Shown | None:
        """See the port."""
        row = await self._row(self._queries.shown, platform, address, session)
        return None if row is None else Shown(*row)

    async def shown_in(self, platform: str, address: str) -> Sequence[Shown]:
        """See the port."""
        return [Shown(*row) for row in await self._rows(self._queries.shown_in, platform, address)]

    async def keep_shown(self, shown: Shown) -> None:
        """See the port."""
        where = (shown.platform, shown.address, shown.session)
        await self._change(self._queries.keep_shown, *where, shown.revision, shown.body, shown.at)

    async def lose_chat(self, platform: str, address: str, at: int) -> None:
        """See the port."""
        await self._database.write(partial(self._lose, platform, address, at))

    def _lose(self, platform: str, address: str, at: int, connection: sqlite3.Connection) -> None:
        connection.execute(self._queries.lose_cards, (platform, address))
        connection.execute(self._queries.lose_dues, (platform, address))
        connection.execute(self._queries.lose_plans, (platform, address))
        connection.execute(self._queries.lose_chat, (platform, address, at))

    async def chat_lost(self, platform: str, address: str) -> int | None:
        """See the port."""
        since: int | None = (await self._row(self._queries.chat_lost, platform, address, chat_of(address)))[0]
        return since

    async def find_chat(self, platform: str, address: str) -> None:
        """See the port."""
        await self._change(self._queries.find_chat, platform, address, chat_of(address))

    async def move_chat(self, platform: str, old: str, new: str) -> None:
        """See the port."""
        if old != new:
            await self._database.write(partial(self._move, platform, old, new))

    def _move(self, platform: str, old: str, new: str, connection: sqlite3.Connection) -> None:
        queries = self._queries
        for statement in (
            queries.move_sessions_at,
            queries.move_cards,
            queries.move_rooms,
            queries.move_plans,
            queries.move_lost,
        ):
            connection.execute(statement, (platform, old, new))
        connection.execute(queries.move_shown, (platform, old, new))
        connection.execute(queries.forget_shown_at, (platform, old))
