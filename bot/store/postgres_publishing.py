"""The PostgreSQL store's verbs about what is published, and where sessions stand in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from bot.store.drafts import Deed, Land, Moved, PublicationRow
from bot.store.errors import Unstorable
from bot.store.postgres_group import card_rows
from bot.store.postgres_line import Connection
from bot.store.postgres_roles import PostgresRoles
from bot.store.postgres_writing import Loading
from bot.store.records import Session
from bot.store.transaction import Load

PIECE = 500
"""Sessions in one statement: few enough that landing them holds nothing up here, and no statement takes long there."""

One = TypeVar("One")


class PostgresPublishing(PostgresRoles):
    """See the port for each verb."""

    async def publications(self, story: str, limit: int) -> Sequence[PublicationRow]:
        """See the port."""
        return [PublicationRow(*row) for row in await self._rows(self._queries.publications, story, limit)]

    async def published(self) -> Sequence[PublicationRow]:
        """See the port."""
        return [PublicationRow(*row) for row in await self._rows(self._queries.published)]

    async def sessions_in(self, story: str, after: int, limit: int) -> Sequence[Session]:
        """See the port."""
        return [Session(*row) for row in await self._rows(self._queries.sessions_in, story, after, limit)]

    async def publish(
        self, row: PublicationRow, sources: str, moves: Sequence[Moved], land: Land, deed: Deed
    ) -> Sequence[Moved] | None:
        """See the port. Steps of the story's sessions wait until it is done, and what is in one group with them."""

        async def publish(connection: Connection) -> list[Moved] | None:
            async with connection.transaction():
                if not await self._add_publication(row, sources, deed, connection):
                    return None
                await connection.fetch(self._queries.hold_sessions_in, row.story)
                moved = await self._move(moves, connection)
                moved += await self._land_late(row, land, connection)
                # Last, since a card's number is made of the time: who reads in their order is soon past it.
                await self._send([move for move in moved if move.cards], connection)
                return moved

        published: list[Moved] | None = await self._database.apart(publish)
        return published

    async def _add_publication(self, row: PublicationRow, sources: str, deed: Deed, connection: Connection) -> bool:
        queries = self._queries
        values = (row.story, row.number, row.version, row.state, row.viewer, row.at, row.clips)
        if await connection.fetchval(queries.add_publication, *values) is None:
            return False
        await connection.execute(queries.keep_version, row.story, row.version, sources, row.at)
        await self._note(deed, connection)
        return True

    async def _land_late(self, row: PublicationRow, land: Land, connection: Connection) -> list[Moved]:
        done: list[Moved] = []
        loading = Loading(self._queries.sessions)
        late = await connection.fetch(self._queries.sessions_elsewhere, row.story, row.version)
        for piece in pieces(late):
            sessions = await loading.together([Load(id, None) for (id,) in piece], connection)
            found = [landed(one, land) for one in sessions if one is not None]
            done += await self._move([one for one in found if one.after is not one.before], connection)
        return done

    async def _move(self, moves: Sequence[Moved], connection: Connection) -> list[Moved]:
        done: list[Moved] = []
        for piece in pieces(moves):
            before, after = [move.before for move in piece], [move.after for move in piece]
            rows = await connection.fetch(
                self._queries.land_sessions,
                [one.id for one in before], [one.version for one in before], [one.revision for one in before],
                [one.version for one in after], [one.revision for one in after], [one.state for one in after],
            )  # fmt: skip
            there = {row[0] for row in rows}
            done += [move for move in piece if move.before.id in there]
        return done

    async def _send(self, moves: Sequence[Moved], connection: Connection) -> None:
        for piece in pieces(moves):
            cards = [card for move in piece for card in move.cards]
            await connection.execute(self._queries.add_cards, list(card_rows(1, cards)))


def landed(session: Session, land: Land) -> Moved:
    """Where the session stands then. Raises `Unstorable` when that fails, however it does."""
    try:
        return land(session)
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
        raise Unstorable(f"session {session.id} stands nowhere ({said}); nothing was published.") from error


def pieces(whole: Sequence[One]) -> Iterator[Sequence[One]]:
    """In their order, so many at a time."""
    return (whole[start : start + PIECE] for start in range(0, len(whole), PIECE))
