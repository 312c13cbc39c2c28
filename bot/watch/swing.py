"""Swing votes: who decided a ballot, in the sense that without their vote another choice would have won."""

from __future__ import annotations

from collections.abc import Callable

from bot.play.dice import Dice
from bot.watch.ballot import Ballot
from bot.watch.count import count
from bot.watch.rules import Mode
from bot.watch.tally import wanted_by
from bot.watch.verdict import Verdict
from bot.watch.vote import Vote, Votes

MOST_RECOUNTED = 400_000
"""Votes that are looked at for one ballot, over all recounts: a fraction of a second. Only ranked votes of more than
some hundred people, who rank in as many ways, come to more."""

BY_MARGIN = frozenset({Mode.MAJORITY, Mode.WEIGHTED, Mode.TWO_ROUND, Mode.UNANIMOUS})
"""Modes in which nobody but the winner's own voters can make it lose by staying away."""

_Kind = tuple[tuple[str, ...], int, bool]
"""A vote without its voter: ranking, weight, and whether it is the host's."""


def swing(ballot: Ballot, votes: Votes, dice: Dice) -> tuple[str, ...]:
    """The voters, by id, without each of whom a recount has another winner, with fresh `ballot_dice`.

    One recount does for all who voted alike, and none is made where the margin is too large. Where more than
    `MOST_RECOUNTED` votes would be looked at, nobody.
    """
    fresh = _repeated(dice)
    verdict = count(ballot, votes, fresh())
    kinds = _kinds(ballot, votes, verdict)
    if len(kinds) * len(votes) > MOST_RECOUNTED:
        return ()
    found: list[str] = []
    for voters in kinds.values():
        without = {voter: vote for voter, vote in votes.items() if voter != voters[0]}
        if count(ballot, without, fresh()).winner not in (verdict.winner, None):
            found += voters
    return tuple(sorted(found))


def _repeated(dice: Dice) -> Callable[[], Dice]:
    """Makes dice that roll the same as those given: lots are drawn alike whatever was voted."""
    rolled: list[int] = []

    def fresh() -> Dice:
        at = -1

        def roll(sides: int) -> int:
            nonlocal at
            at += 1
            if at == len(rolled):
                rolled.append(dice(sides))
            return rolled[at]

        return roll

    return fresh


def _kinds(ballot: Ballot, votes: Votes, verdict: Verdict) -> dict[_Kind, list[str]]:
    """The voters who might matter, those who voted alike together: no count depends on names."""
    kinds: dict[_Kind, list[str]] = {}
    if verdict.winner is None:
        return kinds
    matters = _matters(ballot, votes, verdict, verdict.winner)
    for voter, vote in votes.items():
        is_host = voter == ballot.host
        if is_host or matters(vote):
            kinds.setdefault((vote.ranking, vote.weight, is_host), []).append(voter)
    return kinds


def _matters(ballot: Ballot, votes: Votes, verdict: Verdict, winner: str) -> Callable[[Vote], bool]:
    """Whether a vote might matter: where the margin counts, one for the winner that weighs no less than its lead."""
    if ballot.rules.mode not in BY_MARGIN or _just_enough(ballot, votes):
        return lambda vote: True
    tally, contenders = verdict.tally, frozenset(ballot.contenders)
    others = [weight for choice, weight in zip(tally.choices, tally.counts, strict=True) if choice != winner]
    lead = tally.of(winner) - max(others, default=0)
    return lambda vote: vote.weight >= lead and wanted_by(vote, contenders) == winner


def _just_enough(ballot: Ballot, votes: Votes) -> bool:
    """Whether the quorum would fail with one vote less, or has failed: then whoever stays away matters."""
    counting = sum(wanted_by(vote, ballot.choices) is not None for vote in votes.values())
    return counting <= ballot.rules.quorum
