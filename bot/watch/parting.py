"""Parting: whether a near tie splits the group, and which choice the others live."""

from __future__ import annotations

from bot.play.dice import Dice
from bot.watch.ballot import Ballot
from bot.watch.branch import ASK_MS, MOST_PARTED, Parting
from bot.watch.lots import draw
from bot.watch.room import Room
from bot.watch.rules import Fork
from bot.watch.verdict import BY_VOTES, Verdict
from bot.watch.vote import Votes


def parting(room: Room, ballot: Ballot, votes: Votes, verdict: Verdict, dice: Dice, now: int) -> Parting | None:
    """What a ballot that was just counted makes of the group; None: it stays together. `dice` are fresh."""
    if ballot.rules.fork is Fork.NEVER or verdict.why not in BY_VOTES or verdict.winner is None:
        return None
    others = tuple(choice for choice in verdict.near if choice != verdict.winner)
    if room.branch is not None or len(room.parted) >= MOST_PARTED or not others:
        return None
    tally = verdict.rounds[-1] if verdict.rounds else verdict.tally
    most = max(tally.of(choice) for choice in others)
    best = [choice for choice in others if tally.of(choice) == most]
    other, _ = draw(ballot, votes, dice).first(best)
    return Parting(verdict.winner, other, now + ASK_MS)
