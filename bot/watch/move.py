"""A move: what an event makes of a room, or why it makes nothing."""

from __future__ import annotations

from enum import StrEnum

from bot.record import record
from bot.watch.room import Room
from bot.watch.verdict import Verdict
from bot.watch.vote import Vote


class Reason(StrEnum):
    """Why an event changed nothing."""

    MOVED_ON = "moved_on"
    """It was meant for another revision, or one that is decided."""
    LATE = "late"
    """A vote after its ballot closed."""
    NOT_YET = "not_yet"
    """A clock that rang too early: the time was extended, or paused, since."""
    NOT_ON_BALLOT = "not_on_ballot"
    NOT_ALLOWED = "not_allowed"
    """The rules do not let this one vote."""
    NOT_HOST = "not_host"
    PAUSED = "paused"
    STOPPED = "stopped"
    NOTHING_TO_DO = "nothing_to_do"


class Refused(Exception):
    """An event that changes nothing, for a reason that is told kindly."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason.value)


class Note(StrEnum):
    """What happened, for telling the group or the one who did it."""

    OPENED = "opened"
    WAITING = "waiting"
    """The clock waits for the first vote: nobody voted lately."""
    ACCEPTED = "accepted"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    """The same vote again: counted already, nothing to store."""
    TOOK_OVER = "took_over"
    """There is another host, for the last one left."""
    STARTED = "started"
    """The first vote started the clock."""
    CLOSED = "closed"
    SECOND_ROUND = "second_round"
    EXTENDED = "extended"
    BACK = "back"
    PAUSED = "paused"
    RESUMED = "resumed"
    STOPPED = "stopped"
    RULES_CHANGED = "rules_changed"
    HANDED_OVER = "handed_over"
    VACANT = "vacant"
    """The host left and nobody is there: who votes next takes over."""
    SPLIT = "split"
    TOGETHER = "together"


@record(frozen=True, slots=True)
class Move:
    """All that follows from one event. `room` is the one passed in, the same object, where it need not be stored."""

    room: Room
    notes: tuple[Note, ...]
    vote: Vote | None = None
    """To be stored in place of the voter's last one, before anybody is told that it counts."""
    verdict: Verdict | None = None
    """With a winner the ballot is closed: the session takes that choice. Without, a second round has begun."""

    @property
    def close_at(self) -> int | None:
        """When (Unix ms) the agenda is to say `Close` for the ballot's revision; None: no clock runs."""
        ballot = self.room.ballot
        return None if ballot is None else ballot.closes
