"""A room as it lies in the store: the room itself, and whether its ballot is being closed just now, and by whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

from bot.store.port import BallotRow, Due, RoomRow, VoteRow
from bot.watch.ballot import Ballot
from bot.watch.room import Room, nameless, pack, pack_ballot, unpack, unpack_ballot
from bot.watch.vote import Vote

FACELESS = "room"
"""The platform on which the viewer without a face has an identity that owns a room's session; the user is its code.
A room that is in no chat is on this platform too: no cards go out for it."""

AGENDA = "agenda"
"""The platform of the keys of closes, as the agenda has it: a ballot closes once, whoever closes it."""

CLOSE = "close"
"""The kind of agenda row that says: this ballot's time is over, or the host's to say whether the group splits."""

MEET = "meet"
"""The kind of agenda row that says: see whether this branch meets its twin, or has waited long enough."""


class Shut(Enum):
    """Who closed the ballot. With one of these on it, its votes are final and wait to be counted. The store knows
    these marks too, where it takes votes out.
    """

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

    @property
    def chats(self) -> tuple[tuple[str, str], ...]:
        """Every chat that is shown the room's cards: (platform, address)."""
        own = () if self.row.platform == FACELESS else ((self.row.platform, self.row.address),)
        return (*own, *self.room.chats)

    def with_room(self, room: Room, shut: Shut | None = None, *, ended: bool = False) -> Kept:
        """The same with another moment of the room, ready to be written over this one. One that has ended keeps
        nobody's id.
        """
        room = nameless(room) if ended else room
        return Kept(written(self.row, room, shut, ended=ended), room, shut)

    def asks(self, at: int) -> bool:
        """Whether its host has time to say whether the group splits."""
        parting = self.room.parting
        return self.running and parting is not None and not parting.decided and at < parting.until

    def dues(self, at: int) -> tuple[Due, ...]:
        """Its agenda rows. The end of a branch is told to its twin: at once."""
        if self.running:
            return dues(self.row.session, self.room)
        return () if self.room.branch is None else (Due(at, MEET, self.row.session, self.row.revision),)

    def void(self, due: Due) -> bool:
        """Whether that agenda row stands for nothing any more. Never where another of its kind is in its place."""
        rightful = self.dues(due.at)
        return not any((one.kind, one.revision) == (due.kind, due.revision) for one in rightful)


def read(row: RoomRow) -> Kept:
    """The room in a row. Raises `BadRoom` when it is damaged."""
    shut = _MARKS.get(row.body[:1])
    return Kept(row, unpack(row.body if shut is None else row.body[1:]), shut)


def written(row: RoomRow, room: Room, shut: Shut | None = None, *, ended: bool = False) -> RoomRow:
    """The row with that room in it; it takes votes while the ballot is open, nobody waits and nothing ended."""
    ballot = room.ballot
    waits = room.paused or room.meeting is not None or shut is not None or ended
    mark = b"" if shut is None else shut.value
    open_now = ballot is not None and not ballot.closed and not waits
    return replace(row, open=open_now, body=mark + pack(room), ended=ended)


def dues(session: int, room: Room) -> tuple[Due, ...]:
    """The agenda rows of a room that runs: its ballot's close or the end of what it waits for, while a clock runs."""
    ballot = room.ballot
    if ballot is None or ballot.closed:
        return ()
    closes = ballot.closes if room.parting is None else room.parting.until
    wanted = ((closes, CLOSE), (room.meeting, MEET))
    return tuple([Due(at, kind, session, ballot.revision) for at, kind in wanted if at is not None])


def ballot_row(session: int, ballot: Ballot, winner: str, at: int) -> BallotRow:
    """A decided ballot as it is stored: the host's id apart, where it can be taken out."""
    return BallotRow(session, ballot.revision, ballot.host, pack_ballot(replace(ballot, host=None)), winner, at)


def ballot_of(row: BallotRow) -> Ballot:
    """The ballot again. Raises `BadRoom` when it is damaged."""
    return replace(unpack_ballot(row.body), host=row.host)


def vote_row(session: int, revision: int, vote: Vote) -> VoteRow:
    """The vote as it is stored."""
    return VoteRow(session, revision, vote.voter, " ".join(vote.ranking), vote.weight, vote.at)


def votes_of(rows: Iterable[VoteRow]) -> dict[str, Vote]:
    """Stored votes by voter."""
    return {row.voter: Vote(row.voter, tuple(row.ranking.split()), row.weight, row.at) for row in rows if row.ranking}
