"""Closing a ballot: counted, extended once for want of votes, or on to a second round."""

from __future__ import annotations

from dataclasses import replace
from math import inf

from bot.play.dice import Dice
from bot.watch.ballot import FIRST, Ballot, halted, longer, second_round, shut
from bot.watch.count import count, too_few
from bot.watch.losses import losses_after
from bot.watch.move import Move, Note
from bot.watch.room import Room
from bot.watch.rules import Mode, Short
from bot.watch.tally import wanted_by
from bot.watch.verdict import Verdict
from bot.watch.vote import Vote, Votes


def time_over(room: Room, ballot: Ballot, now: int, dice: Dice, votes: Votes) -> Move:
    """What the end of a ballot's time leads to. The time runs once more where the rules say so and too few voted."""
    if ballot.rules.short is Short.EXTEND and not ballot.extended and too_few(ballot, votes):
        more = replace(longer(ballot, now), extended=True)
        return Move(replace(room, ballot=more), (Note.EXTENDED,))
    move = counted(room, ballot, now, dice, votes)
    return move if votes else replace(move, room=replace(move.room, idle=room.idle + 1))


def counted(room: Room, ballot: Ballot, now: int, dice: Dice, votes: Votes) -> Move:
    """The ballot counted now: closed, or on to its second round."""
    verdict = count(ballot, votes, dice)
    if verdict.winner is None:
        again = second_round(ballot, verdict.near, now)
        again = halted(again, now) if room.paused else again
        return Move(replace(room, ballot=again), (Note.SECOND_ROUND,), verdict=verdict)
    return Move(_settled(room, ballot, votes, verdict), (Note.CLOSED,), verdict=verdict)


def all_said(ballot: Ballot, votes: Votes, vote: Vote, expected: int | None) -> bool:
    """Whether with this vote waiting on makes no difference: all have voted who are expected, or enough agree where
    all must. The votes are only looked at where they must agree.

    Enough are those expected; where that is not known a quorum of two or more; else the clock alone closes. So it
    does in a second round, where everybody who changes the lead would end it.
    """
    if ballot.run != FIRST:
        return False
    voters = len(votes) + (vote.voter not in votes)
    if ballot.rules.early and expected is not None and voters >= max(expected, ballot.rules.quorum):
        return True
    if ballot.rules.mode is not Mode.UNANIMOUS or voters < _enough(ballot, expected):
        return False
    wanted = wanted_by(vote, ballot.contenders)
    return all(wanted_by(other, ballot.contenders) == wanted for other in votes.values() if other.voter != vote.voter)


def _enough(ballot: Ballot, expected: int | None) -> float:
    """How many must agree before a unanimous ballot closes early; nobody knows of how many: never."""
    if expected is None and ballot.rules.quorum < 2:
        return inf
    return max(expected or 0, ballot.rules.quorum)


def _settled(room: Room, ballot: Ballot, votes: Votes, verdict: Verdict) -> Room:
    return replace(
        room,
        ballot=shut(ballot),
        idle=0,
        meeting=None,
        losses=losses_after(room.losses, votes, verdict) if ballot.rules.fair else room.losses,
    )
