"""A room as it lies in the store: the room itself, and whether its ballot is being closed just now, and by whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

from bot.store.port import Due, RoomRow, VoteRow
from bot.watch.room import Room, pack, unpack
from bot.watch.vote import Vote

CLOSE = "close"
"""The kind of agenda row that says: this ballot's time is over."""


class Shut(Enum):
    """Who closed the ballot. With one of these on it, its votes are final and wait to be counted."""

    CLOCK = b"c"
    NOW = b"n"
    """The host, or the last vote that was waited for."""
    SKIP = b"s"


_MARKS = {shut.value: shut for shut in Shut}


@dataclass(frozen=True, slots=True)
class Kept:
    """What was read of a room."""

    row: RoomRow
    room: Room
    shut: Shut | None = None

    @property
    def running(self) -> bool:
        return not self.row.ended

    def with_room(self, room: Room, shut: Shut | None = None, *, ended: bool = False) -> Kept:
        """The same with another moment of the room, ready to be written over this one."""
        return Kept(written(self.row, room, shut, ended=ended), room, shut)


def read(row: RoomRow) -> Kept:
    """The room in a row. Raises `BadRoom` when it is damaged."""
    shut = _MARKS.get(row.body[:1])
    return Kept(row, unpack(row.body if shut is None else row.body[1:]), shut)


def written(row: RoomRow, room: Room, shut: Shut | None = None, *, ended: bool = False) -> RoomRow:
    """The row with that room in it; it takes votes while the ballot is open, nobody has paused and nothing ended."""
    ballot = room.ballot
    open_now = ballot is not None and not ballot.closed and not room.paused and shut is None and not ended
    mark = b"" if shut is None else shut.value
    return replace(row, open=open_now, body=mark + pack(room), ended=ended)


def dues(session: int, room: Room) -> tuple[Due, ...]:
    """The agenda rows of a room: its ballot's close, while a clock runs."""
    ballot = room.ballot
    if ballot is None or ballot.closed or ballot.closes is None:
        return ()
    return (Due(ballot.closes, CLOSE, session, ballot.revision),)


def vote_row(session: int, revision: int, vote: Vote) -> VoteRow:
    """The vote as it is stored."""
    return VoteRow(session, revision, vote.voter, " ".join(vote.ranking), vote.weight, vote.at)


def votes_of(rows: Iterable[VoteRow]) -> dict[str, Vote]:
    """Stored votes by voter."""
    return {row.voter: Vote(row.voter, tuple(row.ranking.split()), row.weight, row.at) for row in rows if row.ranking}
