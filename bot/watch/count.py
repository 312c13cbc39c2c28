"""The count: from a ballot, its votes and its dice to the verdict. The recount is the same call once more."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from bot.play.dice import Dice
from bot.watch.ballot import Ballot
from bot.watch.lots import Lots, draw
from bot.watch.modes import MODES, most
from bot.watch.rules import Mode
from bot.watch.tally import tally_of, wanted_by
from bot.watch.verdict import Verdict, Why
from bot.watch.vote import Votes


def count(ballot: Ballot, votes: Votes, dice: Dice) -> Verdict:
    """What a ballot comes to, with fresh `ballot_dice`. The order of the votes plays no part in it.

    Too few votes: the story's default; where it has none, the votes there are; without any, chance.
    """
    lots = draw(ballot, votes, dice)
    default = ballot.default if ballot.default in ballot.contenders else None
    if default and (ballot.skipped or too_few(ballot, votes)):
        why = Why.SKIPPED if ballot.skipped else Why.DEFAULT
        return Verdict(default, why, tally_of(votes.values(), ballot.contenders))
    if not _reach(1, votes, ballot.contenders):
        return _by_chance(ballot, lots)
    if ballot.skipped:
        return replace(most(ballot, votes, lots), why=Why.SKIPPED)
    return MODES[ballot.rules.mode](ballot, votes, lots)


def too_few(ballot: Ballot, votes: Votes) -> bool:
    """Whether the quorum is not met. Votes for those who dropped out count for it; a host who decides needs nobody."""
    if ballot.rules.mode is Mode.HOST and ballot.host in votes:
        return False
    return not _reach(ballot.rules.quorum, votes, ballot.choices)


def _reach(number: int, votes: Votes, contenders: tuple[str, ...]) -> bool:
    """Whether so many votes are for a contender. Looks at no more than it must."""
    counting = (vote for vote in votes.values() if wanted_by(vote, contenders) is not None)
    return next(islice(counting, number - 1, None), None) is not None


def _by_chance(ballot: Ballot, lots: Lots) -> Verdict:
    winner = next(choice for choice in lots.order if choice in ballot.contenders)
    why = Why.SKIPPED if ballot.skipped else Why.CHANCE
    return Verdict(winner, why, tally_of((), ballot.contenders))
