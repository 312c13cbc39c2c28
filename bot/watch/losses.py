"""Fairness over an evening: who was outvoted gains weight until they win once."""

from __future__ import annotations

from collections.abc import Mapping
from heapq import nsmallest

from bot.watch.verdict import BY_VOTES, Verdict
from bot.watch.vote import Votes

Losses = Mapping[str, int]
"""voter id -> ballots lost since they last won. Who has none is not in it."""

MOST_LOSSES = 9
"""More do not count: a vote weighs at most ten times another."""

MOST_LOSERS = 4096
"""Voters remembered. Beyond, those with the most losses stay, of equal ones those first by id."""


def losses_after(losses: Losses, votes: Votes, verdict: Verdict, other: str | None = None) -> Losses:
    """The losses after a ballot: one more for whose first wish lost, none for whose won, as before for the others.
    Where the group split, `other` won too.

    Where the story, chance or a skip decided, nobody was outvoted: the same mapping.
    """
    if verdict.why not in BY_VOTES:
        return losses
    after = dict(losses)
    for vote in votes.values():
        if vote.ranking[0] in (verdict.winner, other):
            after.pop(vote.voter, None)
        else:
            after[vote.voter] = min(after.get(vote.voter, 0) + 1, MOST_LOSSES)
    if len(after) <= MOST_LOSERS:
        return after
    return dict(nsmallest(MOST_LOSERS, after.items(), key=lambda item: (-item[1], item[0])))
