"""Instant run-off: whoever is last drops out, and their votes go on to the next choice, until one has more than half."""

from __future__ import annotations

from collections.abc import Mapping

from bot.watch.ballot import Ballot
from bot.watch.lots import Lots
from bot.watch.tally import Tally, tally_of
from bot.watch.verdict import Verdict, Why
from bot.watch.vote import Votes

_Piles = Mapping[tuple[str, ...], tuple[int, int]]
"""ranking -> (weight, voters): ten thousand votes make few piles."""


def ranked(ballot: Ballot, votes: Votes, lots: Lots) -> Verdict:
    """Of those equally far behind, the one latest in the lots drops out; of the last two, if equal, the earlier wins.

    Depends on neither order nor names of the voters. Not monotonic: no run-off is.
    """
    piles, standing = _piles(votes), ballot.standing
    rounds = [_round(piles, standing)]
    while len(standing) > 1 and 2 * max(rounds[-1].counts) <= rounds[-1].total:
        if len(standing) == 2:
            return _verdict(ballot, votes, rounds, *lots.first(standing))
        out = _out(rounds[-1], lots)
        standing = tuple(choice for choice in standing if choice not in out)
        rounds.append(_round(piles, standing))
    return _verdict(ballot, votes, rounds, rounds[-1].leaders()[0], Why.MOST)


def _verdict(ballot: Ballot, votes: Votes, rounds: list[Tally], winner: str, why: Why) -> Verdict:
    near = rounds[-1].near(ballot.rules.near)
    return Verdict(winner, why, tally_of(votes.values(), ballot.standing), near, tuple(rounds))


def _out(last: Tally, lots: Lots) -> frozenset[str]:
    """Who drops out: all that nobody wants at once, as they would one by one, else a single one."""
    unwanted = frozenset(choice for choice in last.choices if not last.of(choice))
    return unwanted or frozenset({min(last.choices, key=lambda one: (last.of(one), -lots.order.index(one)))})


def _piles(votes: Votes) -> _Piles:
    piles: dict[tuple[str, ...], tuple[int, int]] = {}
    for vote in votes.values():
        weight, voters = piles.get(vote.ranking, (0, 0))
        piles[vote.ranking] = (weight + vote.weight, voters + 1)
    return piles


def _round(piles: _Piles, standing: tuple[str, ...]) -> Tally:
    counts, heads = dict.fromkeys(standing, 0), 0
    for ranking, (weight, voters) in piles.items():
        wanted = next((choice for choice in ranking if choice in counts), None)
        if wanted is not None:
            counts[wanted] += weight
            heads += voters
    return Tally(standing, tuple(counts.values()), heads)
