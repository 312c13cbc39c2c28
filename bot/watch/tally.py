"""A tally: how many want what, for showing while a vote runs and for deciding when it is over."""

from __future__ import annotations

from collections.abc import Iterable

from bot.record import record
from bot.watch.vote import Vote

_WORTH = 20
"""With unchanged shares, one voter more in 20 is worth showing."""


@record(frozen=True, slots=True)
class Tally:
    """Weight by choice, in the ballot's order, and how many voters that comes from."""

    choices: tuple[str, ...]
    counts: tuple[int, ...]
    voters: int = 0

    @property
    def total(self) -> int:
        """The weight behind all choices."""
        return sum(self.counts)

    def of(self, choice: str) -> int:
        """The weight behind a choice of this tally."""
        return self.counts[self.choices.index(choice)]

    def leaders(self) -> tuple[str, ...]:
        """The choices with the most weight; none before the first vote."""
        most = max(self.counts, default=0)
        return tuple(c for c, count in zip(self.choices, self.counts, strict=True) if count == most > 0)

    def percent(self) -> tuple[int, ...]:
        """Whole percents that sum to 100 (largest remainder; of equal ones the earlier choice's), or all 0."""
        total = self.total
        if not total:
            return (0,) * len(self.counts)
        shares = [count * 100 // total for count in self.counts]
        by_rest = sorted(range(len(shares)), key=lambda at: -(self.counts[at] * 100 % total))
        for at in by_rest[: 100 - sum(shares)]:
            shares[at] += 1
        return tuple(shares)

    def near(self, percent: int) -> tuple[str, ...]:
        """The best and those level with the second best, when the lead is at most that share of all; else none."""
        if len(self.counts) < 2 or self.voters < 2:
            return ()
        first, second = sorted(self.counts, reverse=True)[:2]
        if not second or (first - second) * 100 > percent * self.total:
            return ()
        return tuple(c for c, count in zip(self.choices, self.counts, strict=True) if count >= second)

    def moved(self, before: Vote | None, after: Vote) -> Tally:
        """The tally after one vote more, or a changed one: no need to count ten thousand again."""
        counts = dict(zip(self.choices, self.counts, strict=True))
        voters = self.voters
        for vote, sign in ((before, -1), (after, 1)):
            wanted = None if vote is None else wanted_by(vote, counts)
            if vote is not None and wanted is not None:
                counts[wanted] += sign * vote.weight
                voters += sign
        return Tally(self.choices, tuple(counts.values()), voters)

    def worth_showing(self, shown: Tally | None) -> bool:
        """Whether somebody who saw `shown` would see a difference that is worth an edit."""
        if shown is None or shown.choices != self.choices or shown.leaders() != self.leaders():
            return True
        grown = abs(self.voters - shown.voters) * _WORTH
        return shown.percent() != self.percent() or (grown > 0 and grown >= shown.voters)


def wanted_by(vote: Vote, contenders: Iterable[str]) -> str | None:
    """The choice a vote counts for: its first that is still a contender."""
    return next((choice for choice in vote.ranking if choice in contenders), None)


def tally_of(votes: Iterable[Vote], contenders: tuple[str, ...]) -> Tally:
    """The votes counted, each for its first choice that is a contender."""
    counts = dict.fromkeys(contenders, 0)
    voters = 0
    for vote in votes:
        for choice in vote.ranking:
            if choice in counts:
                counts[choice] += vote.weight
                voters += 1
                break
    return Tally(contenders, tuple(counts.values()), voters)
