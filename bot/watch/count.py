"""The count: from a ballot, its votes and its dice to the verdict. The recount is the same call once more."""

from __future__ import annotations

from bot.play.dice import Dice
from bot.watch.ballot import FIRST, Ballot
from bot.watch.lots import draw
from bot.watch.modes import MODES
from bot.watch.rules import Mode
from bot.watch.tally import tally_of
from bot.watch.verdict import Verdict, Why
from bot.watch.vote import Votes


def count(ballot: Ballot, votes: Votes, dice: Dice) -> Verdict:
    """What a ballot comes to, with fresh `ballot_dice`. The order of the votes plays no part in it.

    Too few votes: the story's default; where it has none, the votes there are; without any, chance.
    """
    lots = draw(ballot, votes, dice)
    tally = tally_of(votes.values(), ballot.standing)
    default = ballot.default if ballot.default in ballot.standing else None
    if ballot.skipped:
        return Verdict(default or lots.order[0], Why.SKIPPED, tally)
    if default and too_few(ballot, votes):
        return Verdict(default, Why.DEFAULT, tally)
    if not tally.voters:
        return Verdict(next(choice for choice in lots.order if choice in ballot.standing), Why.CHANCE, tally)
    return MODES[ballot.rules.mode](ballot, votes, lots)


def too_few(ballot: Ballot, votes: Votes) -> bool:
    """Whether the quorum is not met. A second round has what the first had; a host who decides needs nobody."""
    if ballot.run != FIRST:
        return False
    if ballot.rules.mode is Mode.HOST and ballot.host in votes:
        return False
    return tally_of(votes.values(), ballot.choices).voters < max(ballot.rules.quorum, 1)
