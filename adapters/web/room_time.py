"""The time of a room: when its scene began for everybody, and whether it stands."""

from __future__ import annotations

from dataclasses import dataclass

from bot.watch.ballot import SECOND, Ballot
from bot.watch.room import IDLE_MOST, Room

LEAD = 2_500
"""Milliseconds from a step to its first picture: in them the page shows how the vote went, and has the clip come."""


@dataclass(frozen=True, slots=True)
class RoomTime:
    """Either the first picture was, or will be, seen at `began` (Unix ms); or everything `stands` so many ms after it
    (before it where negative), until somebody lets it go on."""

    began: int
    stands: int | None = None


def time_of(room: Room, revision: int, since: int, clips: int) -> RoomTime:
    """When the scene written at `since` is seen, whose clips are so long (both in ms).

    The ballot's clock runs while the clips do, and stands when the host pauses: what is left on it says where they are.
    """
    ballot = room.ballot
    if ballot is None or ballot.closed or ballot.revision != revision or not _tells_time(room, ballot):
        return RoomTime(since + LEAD)
    whole = ballot.rules.seconds * 1000 + clips
    if ballot.closes is not None:
        return RoomTime(max(ballot.closes - whole, since) + LEAD)
    if ballot.left is not None:
        return RoomTime(since + LEAD, max(whole - ballot.left, 0) - LEAD)
    return RoomTime(since + LEAD)


def _tells_time(room: Room, ballot: Ballot) -> bool:
    """Not when it was set anew after the clips were over, nor when it waits, past the clips, for the first vote."""
    if ballot.run == SECOND or ballot.extended or not ballot.rules.seconds:
        return False
    return room.paused or room.meeting is not None or room.idle < IDLE_MOST
