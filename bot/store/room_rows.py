"""Writing the rooms and the ballots that steps carry."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from bot.store.queries import Queries
from bot.store.records import BallotRow, RoomRow
from bot.store.rows import ask_rows, send_rows


class RoomsBefore:
    """What the rooms of a group find, kept up to date as they are accepted one after the other."""

    def __init__(self, queries: Queries, rooms: Sequence[RoomRow], connection: sqlite3.Connection) -> None:
        self._versions: dict[int, int] = {}
        self._holders: dict[str, int] = {}
        asked = [(number, room.session, room.code) for number, room in enumerate(rooms)]
        for [answer] in ask_rows(connection, queries.look_rooms, asked):
            for number, version, holder in json.loads(answer):
                if version is not None:
                    self._versions[rooms[number].session] = version
                if holder is not None:
                    self._holders[rooms[number].code] = holder

    def accept(self, room: RoomRow) -> bool:
        """Whether the room is newer than what is there and has its code to itself; then those that follow find it."""
        before = self._versions.get(room.session)
        if before is not None and room.version <= before:
            return False
        if self._holders.get(room.code, room.session) != room.session:
            return False
        self._versions[room.session] = room.version
        self._holders[room.code] = room.session
        return True


def put_rooms(queries: Queries, rooms: Sequence[RoomRow], connection: sqlite3.Connection) -> None:
    """Insert the rooms, or replace those of their sessions. Raises `sqlite3.IntegrityError` when a code is taken."""
    send_rows(connection, queries.put_rooms, [
        (
            room.session, room.code, room.platform, room.address, room.revision,
            int(room.open), room.body, room.version, int(room.ended),
        )
        for room in rooms
    ])  # fmt: skip


def put_ballots(queries: Queries, ballots: Sequence[BallotRow], connection: sqlite3.Connection) -> None:
    """Insert decided ballots. Raises `sqlite3.IntegrityError` when the session has one at that revision."""
    send_rows(connection, queries.add_ballots, [
        (one.session, one.revision, one.host, one.body, one.winner, one.at) for one in ballots
    ])  # fmt: skip
