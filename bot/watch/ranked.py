"""Instant run-off: the last drops out and its votes go on to their next choices, until one has more than half."""

from __future__ import annotations

from collections.abc import Iterable

from bot.watch.ballot import Ballot
from bot.watch.lots import Lots
from bot.watch.tally import Tally
from bot.watch.verdict import Verdict, Why
from bot.watch.vote import Vote, Votes

_Piles = dict[str, list[Vote]]
"""choice -> the votes that count for it now. Only those of a choice that drops out are ever moved."""


def ranked(ballot: Ballot, votes: Votes, lots: Lots) -> Verdict:
    """Of those equally far behind, the one latest in the lots drops out; of the last two, if equal, the earlier wins.

    Depends on neither order nor names of the voters. Not monotonic: no run-off is.
    """
    piles: _Piles = {choice: [] for choice in ballot.contenders}
    _deal(votes.values(), piles)
    rounds = [_counted(piles)]
    while len(piles) > 1 and 2 * max(rounds[-1].counts) <= rounds[-1].total:
        if len(piles) == 2:
            return _verdict(ballot, rounds, *lots.first(piles))
        for choice in _out(rounds[-1], lots):
            _deal(piles.pop(choice), piles)
        rounds.append(_counted(piles))
    return _verdict(ballot, rounds, rounds[-1].leaders()[0], Why.MOST)


def _deal(votes: Iterable[Vote], piles: _Piles) -> None:
    """Each vote onto the pile of its first choice that is still in; without one it is spent."""
    for vote in votes:
        for choice in vote.ranking:
            if choice in piles:
                piles[choice].append(vote)
                break


def _counted(piles: _Piles) -> Tally:
    weights = tuple(sum([vote.weight for vote in pile]) for pile in piles.values())
    return Tally(tuple(piles), weights, sum(map(len, piles.values())))


def _out(last: Tally, lots: Lots) -> tuple[str, ...]:
    """Who drops out: all that nobody wants at once, as they would one by one, else a single one."""
    unwanted = tuple(choice for choice in last.choices if not last.of(choice))
    return unwanted or (min(last.choices, key=lambda one: (last.of(one), -lots.order.index(one))),)


def _verdict(ballot: Ballot, rounds: list[Tally], winner: str, why: Why) -> Verdict:
    return Verdict(winner, why, rounds[0], rounds[-1].near(ballot.rules.near), tuple(rounds))
