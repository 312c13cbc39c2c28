"""The SQLite store's verbs about watch-alongs."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from bot.store.access import ID_BITS, Access, add_cards, add_dues, claim, known
from bot.store.records import BallotRow, Due, EventKey, OutboxCard, Outcome, RoomRow, VoteRow
from bot.store.room_rows import put_rooms
from bot.store.transaction import Cast


class SQLiteRooms(Access):
    """See the port for each verb."""

    async def room(self, session: int) -> RoomRow | None:
        """See the port."""
        # Ids come back from buttons, and anybody can forge one.
        return read_room(await self._row(self._queries.room, session)) if session.bit_length() <= ID_BITS else None

    async def room_by_code(self, code: str) -> RoomRow | None:
        """See the port."""
        return read_room(await self._row(self._queries.room_by_code, code))

    async def room_at(self, platform: str, address: str) -> RoomRow | None:
        """See the port."""
        return read_room(await self._row(self._queries.room_at, platform, address))

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
        agenda = None if dues is None else tuple(dues)
        return await self._database.write(partial(self._keep_room, event, kept, tuple(cards), agenda))

    def _keep_room(
        self,
        event: EventKey | None,
        room: RoomRow,
        cards: Sequence[OutboxCard],
        dues: Sequence[Due] | None,
        connection: sqlite3.Connection,
    ) -> Outcome:
        # Looked up before anything is written, so that an event that meets a conflict stays unknown.
        if known(self._queries, event, connection):
            return Outcome.DUPLICATE
        if connection.execute(self._queries.room_version, (room.session,)).fetchone() != (room.version - 1,):
            return Outcome.CONFLICT
        claim(self._queries, event, connection)
        put_rooms(self._queries, [room], connection)
        add_cards(self._queries, cards, connection)
        if dues is not None:
            connection.execute(self._queries.clear_dues, (room.session,))
            add_dues(self._queries, dues, connection)
        return Outcome.COMMITTED

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


def read_room(row: tuple[Any, ...] | None) -> RoomRow | None:
    """The room in a row of the table, if there is one."""
    if row is None:
        return None
    session, code, platform, address, revision, open, body, version, ended = row
    return RoomRow(session, code, platform, address, revision, bool(open), body, version, bool(ended))
