"""The PostgreSQL store's verbs about watch-alongs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.store.access import ID_BITS
from bot.store.postgres_access import PostgresAccess
from bot.store.postgres_group import card_rows, due_rows, room_row
from bot.store.postgres_line import Connection
from bot.store.records import BallotRow, Due, EventKey, OutboxCard, Outcome, RoomRow, VoteRow
from bot.store.transaction import Cast


class PostgresRooms(PostgresAccess):
    """See the port for each verb."""

    async def room(self, session: int) -> RoomRow | None:
        """See the port."""
        # Ids come back from buttons, and anybody can forge one.
        row = await self._row(self._queries.room, session) if session.bit_length() <= ID_BITS else None
        return None if row is None else RoomRow(*row)

    async def room_by_code(self, code: str) -> RoomRow | None:
        """See the port."""
        row = await self._row(self._queries.room_by_code, code)
        return None if row is None else RoomRow(*row)

    async def room_at(self, platform: str, address: str) -> RoomRow | None:
        """See the port."""
        row = await self._row(self._queries.room_at, platform, address)
        return None if row is None else RoomRow(*row)

    async def rooms_in(self, platform: str, address: str) -> Sequence[int]:
        """See the port."""
        return [session for (session,) in await self._rows(self._queries.rooms_in, platform, address)]

    async def keep_room(
        self,
        event: EventKey | None,
        room: RoomRow,
        expected: int,
        cards: Sequence[OutboxCard] = (),
        dues: Sequence[Due] | None = None,
    ) -> Outcome:
        """See the port."""
        kept = replace(room, version=expected + 1)
        # Of what is about a session, the event lies with it.
        key = (None, None, None) if event is None else (room.session, event.platform, event.id)

        async def keep(connection: Connection) -> Outcome:
            rows = (room_row(1, kept), list(card_rows(1, cards)))
            agenda = list(due_rows(1, dues or ()))
            return Outcome(
                await connection.fetchval(self._queries.keep_room, key, *rows, dues is not None, agenda)
            )  # fmt: skip

        outcome: Outcome = await self._database.write(keep)
        return outcome

    async def cast(self, event: EventKey, vote: VoteRow) -> Outcome:
        """See the port."""
        if max(vote.session.bit_length(), vote.revision.bit_length()) > ID_BITS:
            return Outcome.CONFLICT
        return await self._database.commit(Cast(event, vote))

    async def vote_of(self, session: int, revision: int, voter: str) -> VoteRow | None:
        """See the port."""
        row = await self._row(self._queries.vote_of, session, revision, voter)
        return None if row is None else VoteRow(*row)

    async def votes(self, session: int, revision: int) -> Sequence[VoteRow]:
        """See the port."""
        return [VoteRow(*row) for row in await self._rows(self._queries.votes, session, revision)]

    async def tally(self, session: int, revision: int) -> Mapping[str, int]:
        """See the port."""
        return dict(await self._rows(self._queries.tally, session, revision))

    async def votes_in(self, session: int) -> Sequence[VoteRow]:
        """See the port."""
        return [VoteRow(*row) for row in await self._rows(self._queries.votes_in, session)]

    async def ballots(self, session: int) -> Sequence[BallotRow]:
        """See the port."""
        return [BallotRow(*row) for row in await self._rows(self._queries.ballots, session)]
