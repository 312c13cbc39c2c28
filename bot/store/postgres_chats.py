"""The PostgreSQL store's verbs about chats: cards of no step, what stands where, which chats are lost or moved."""

from __future__ import annotations

from collections.abc import Sequence

from bot.store.postgres_access import PostgresAccess
from bot.store.postgres_group import Post
from bot.store.postgres_line import Connection
from bot.store.records import EventKey, OutboxCard, Outcome, Shown
from bot.store.lane import chat_of, lane_of


class PostgresChats(PostgresAccess):
    """See the port for each verb."""

    async def post(self, event: EventKey | None, cards: Sequence[OutboxCard]) -> Outcome:
        """See the port."""
        return await self._database.commit(Post(event, tuple(cards)))

    async def shown(self, platform: str, address: str, session: int) -> Shown | None:
        """See the port."""
        row = await self._row(self._queries.shown, platform, address, session)
        return None if row is None else Shown(*row)

    async def shown_in(self, platform: str, address: str) -> Sequence[Shown]:
        """See the port."""
        return [Shown(*row) for row in await self._rows(self._queries.shown_in, platform, address)]

    async def keep_shown(self, shown: Shown) -> None:
        """See the port."""
        await self._database.aside(shown)

    async def lose_chat(self, platform: str, address: str, at: int) -> None:
        """See the port."""
        queries = self._queries

        async def lose(connection: Connection) -> None:
            for statement in (queries.lose_cards, queries.lose_dues, queries.lose_plans):
                await connection.execute(statement, platform, address)
            await connection.execute(queries.lose_chat, platform, address, at)

        await self._whole(lose)

    async def chat_lost(self, platform: str, address: str) -> int | None:
        """See the port."""
        since: int | None = (await self._row(self._queries.chat_lost, platform, address, chat_of(address)))[0]
        return since

    async def find_chat(self, platform: str, address: str) -> None:
        """See the port."""
        await self._change(self._queries.find_chat, platform, address, chat_of(address))

    async def move_chat(self, platform: str, old: str, new: str) -> None:
        """See the port."""
        queries = self._queries

        async def move(connection: Connection) -> None:
            for statement in (
                queries.move_sessions_at,
                queries.move_rooms,
                queries.move_plans,
                queries.move_lost,
                queries.move_shown,
            ):
                await connection.execute(statement, platform, old, new)
            await connection.execute(queries.move_cards, platform, old, new, lane_of(platform, new))
            for statement in (queries.forget_lost_at, queries.forget_shown_at):
                await connection.execute(statement, platform, old)

        if old != new:
            await self._whole(move)
