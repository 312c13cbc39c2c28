"""What the host may do, or a steward: somebody whom the platform lets act for the host."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.play.dice import Dice
from bot.watch.ballot import Ballot, halted, longer, shut, started
from bot.watch.closing import counted
from bot.watch.event import (
    Back,
    Change,
    CloseNow,
    Control,
    Extend,
    HandOver,
    Pause,
    Resume,
    Skip,
    Split,
    Stop,
    Together,
)
from bot.watch.move import Move, Note, Reason, Refused
from bot.watch.room import Room, led_by
from bot.watch.vote import Votes

WHILE_ASKED = (Split, Together, Stop, Change, HandOver)
"""What a host may want while the ballot is final and only the split is open."""


def control(room: Room, event: Control, now: int, dice: Dice, votes: Votes) -> Move:
    """What a host's wish makes of the room. Raises `Refused`: not the host, moved on, or nothing to do."""
    if event.by.id != room.host and not event.by.steward:
        raise Refused(Reason.NOT_HOST)
    if room.parting is not None and not isinstance(event, WHILE_ASKED):
        raise Refused(Reason.MOVED_ON)
    match event:
        case Split() | Together():
            return _part(room, event, now)
        case Pause():
            return _pause(room, now)
        case Resume():
            return _resume(room, now)
        case Stop():
            return Move(replace(_ended(room), stopped=True), (Note.STOPPED,))
        case Change():
            return _change(room, event)
        case HandOver():
            return _hand_over(room, event)
        case _:
            return _on_ballot(room, event, now, dice, votes)


def open_ballot(room: Room, revision: int) -> Ballot:
    """The room's ballot, if it is open and for that revision. Raises `Refused`."""
    ballot = room.ballot
    if ballot is None or ballot.closed or ballot.revision != revision:
        raise Refused(Reason.MOVED_ON)
    return ballot


def _on_ballot(room: Room, event: CloseNow | Skip | Extend | Back, now: int, dice: Dice, votes: Votes) -> Move:
    ballot = open_ballot(room, event.revision)
    if not isinstance(event, Extend):
        room = replace(room, meeting=None)
    match event:
        case CloseNow():
            return counted(room, ballot, now, dice, votes)
        case Skip():
            return counted(room, replace(ballot, skipped=True), now, dice, votes)
        case Extend():
            more = longer(ballot, now)
            return _changed(room, replace(room, ballot=more), Note.EXTENDED)
        case Back():
            return Move(_ended(room), (Note.BACK,))


def _ended(room: Room) -> Room:
    """The room with its ballot closed and nothing decided."""
    return room if room.ballot is None else replace(room, ballot=shut(room.ballot))


def _part(room: Room, event: Split | Together, now: int) -> Move:
    """The host's word on a near tie: for a split, the caller gives the twin its ids."""
    ballot, parting = room.ballot, room.parting
    if ballot is None or ballot.revision != event.revision or parting is None or parting.decided:
        raise Refused(Reason.MOVED_ON)
    if isinstance(event, Split):
        return Move(room, (Note.SPLIT,))
    return Move(replace(room, parting=replace(parting, until=now)), (Note.TOGETHER,))


def _pause(room: Room, now: int) -> Move:
    return _changed(room, replace(_with_clock(room, lambda ballot: halted(ballot, now)), paused=True), Note.PAUSED)


def _resume(room: Room, now: int) -> Move:
    started_now = _with_clock(room, lambda ballot: started(ballot, now))
    return _changed(room, replace(started_now, paused=False, meeting=None), Note.RESUMED)


def _with_clock(room: Room, turn: Callable[[Ballot], Ballot]) -> Room:
    return room if room.ballot is None else replace(room, ballot=turn(room.ballot))


def _change(room: Room, event: Change) -> Move:
    return _changed(room, replace(room, rules=event.rules), Note.RULES_CHANGED)


def _hand_over(room: Room, event: HandOver) -> Move:
    return _changed(room, led_by(room, event.to), Note.HANDED_OVER)


def _changed(before: Room, after: Room, note: Note) -> Move:
    if after == before:
        raise Refused(Reason.NOTHING_TO_DO)
    return Move(after, (note,))
