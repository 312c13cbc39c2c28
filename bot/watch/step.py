"""The step of a room: one event, the room after it, and the verdict if it brought one."""

from __future__ import annotations

from dataclasses import replace

from bot.play.dice import Dice
from bot.watch.ballot import Ballot, shut, started
from bot.watch.closing import all_said, counted, time_over
from bot.watch.control import control, open_ballot
from bot.watch.event import Cast, Close, Event, HostLeft, Open
from bot.watch.meeting import running
from bot.watch.move import Move, Note, Reason, Refused
from bot.watch.room import Room, led_by, may_vote, weight_of
from bot.watch.rules import Mode, Rules
from bot.watch.vote import Vote, Votes, clean_ranking


def act(room: Room, event: Event, now: int, dice: Dice, votes: Votes) -> Move:
    """What an event makes of a room. `now` is Unix ms, `dice` fresh `ballot_dice`. Raises `Refused`.

    `votes` are those of the open ballot, both rounds. A `Cast` looks at the voter's own alone, unless the ballot may
    close early (`Rules.early`, unanimous).
    """
    if room.stopped:
        raise Refused(Reason.STOPPED)
    match event:
        case Cast():
            return _cast(room, event, now, dice, votes)
        case Open():
            return _open(room, event, now)
        case Close():
            return _close(room, event, now, dice, votes)
        case HostLeft():
            return _host_left(room, event)
        case _:
            return control(room, event, now, dice, votes)


def _open(room: Room, event: Open, now: int) -> Move:
    before = room.ballot
    if before is not None and event.revision <= before.revision:
        raise Refused(Reason.NOTHING_TO_DO if event.revision == before.revision else Reason.MOVED_ON)
    if not event.choices:
        return Move(replace(room, ballot=None if before is None else shut(before), meeting=None), ())
    ballot = _fresh(room, event, now)
    room = replace(room, meeting=event.meeting)
    clock = running(room, ballot, now)
    waits = clock is ballot and not room.paused and ballot.left is not None
    return Move(replace(room, ballot=clock), (Note.OPENED, Note.WAITING) if waits else (Note.OPENED,))


def _fresh(room: Room, event: Open, now: int) -> Ballot:
    """A ballot whose clock stands."""
    default = event.default if event.default in event.choices else None
    left = room.rules.seconds * 1000 + event.after if room.rules.seconds else None
    return Ballot(event.revision, event.choices, now, _rules(room), room.host, default, left=left)


def _rules(room: Room) -> Rules:
    """The room's rules; a branch has only its part of the group to vote."""
    fewer = None if room.branch is None else room.branch.quorum
    return room.rules if fewer is None else replace(room.rules, quorum=min(room.rules.quorum, fewer))


def _close(room: Room, event: Close, now: int, dice: Dice, votes: Votes) -> Move:
    ballot = open_ballot(room, event.revision)
    if room.paused:
        raise Refused(Reason.PAUSED)
    if ballot.closes is None or now < ballot.closes:
        raise Refused(Reason.NOT_YET)
    return time_over(room, ballot, now, dice, votes)


def _cast(room: Room, event: Cast, now: int, dice: Dice, votes: Votes) -> Move:
    ballot = room.ballot
    if ballot is None or event.revision != ballot.revision:
        raise Refused(Reason.MOVED_ON)
    vote = _vote(room, ballot, event, now)
    before = votes.get(vote.voter)
    if before is not None and before.ranking == vote.ranking:
        return Move(room, (Note.UNCHANGED,))
    notes = [Note.ACCEPTED if before is None else Note.CHANGED]
    if room.host is None:
        room = led_by(room, vote.voter)
        notes.append(Note.TOOK_OVER)
    if ballot.left is not None:
        room = _running(room, now)
        notes.append(Note.STARTED)
    return _early(Move(room, tuple(notes), vote), event.expected, now, dice, votes)


def _vote(room: Room, ballot: Ballot, event: Cast, now: int) -> Vote:
    """The vote as it counts. Raises `Refused`."""
    if ballot.late(now):
        raise Refused(Reason.LATE)
    if room.paused or room.meeting is not None:
        raise Refused(Reason.PAUSED)
    if not may_vote(room, ballot.rules, event.voter):
        raise Refused(Reason.NOT_ALLOWED)
    ranking = clean_ranking(event.ranking, ballot.contenders, ballot.rules.mode is Mode.RANKED)
    if ranking is None:
        raise Refused(Reason.NOT_ON_BALLOT)
    return Vote(event.voter.id, ranking, weight_of(room, ballot.rules, event.voter), now)


def _running(room: Room, now: int) -> Room:
    return room if room.ballot is None else replace(room, ballot=started(room.ballot, now))


def _early(move: Move, expected: int | None, now: int, dice: Dice, votes: Votes) -> Move:
    """The move with the ballot counted, where this vote was the last that was needed."""
    ballot, vote = move.room.ballot, move.vote
    if ballot is None or vote is None or not all_said(ballot, votes, vote, expected):
        return move
    now_in = {**votes, vote.voter: vote}
    over = counted(move.room, ballot, now, dice, now_in)
    return Move(over.room, (*move.notes, *over.notes), vote, over.verdict)


def _host_left(room: Room, event: HostLeft) -> Move:
    if event.who != room.host:
        raise Refused(Reason.NOTHING_TO_DO)
    return Move(led_by(room, event.next), (Note.VACANT if event.next is None else Note.TOOK_OVER,))
