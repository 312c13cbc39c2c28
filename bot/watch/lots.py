"""Lots: all the chance of a ballot, drawn before the first vote is looked at, so that a recount draws the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.play.dice import Dice, seeded
from bot.watch.ballot import Ballot
from bot.watch.rules import TieRule
from bot.watch.verdict import Why
from bot.watch.vote import Votes

_BALLOTS = 0x5EED_0F_BA1107
"""Keeps a ballot's rolls apart from those the story makes for the same session."""

_FINE = 1 << 48
"""Into how many parts the whole is cut for a ticket: with any number of votes all are equally likely."""


def ballot_dice(seed: int, revision: int) -> Dice:
    """The dice for counting a session's ballot of a revision. Take fresh ones for every count."""
    return seeded(seed ^ _BALLOTS, revision)


@dataclass(frozen=True, slots=True)
class Lots:
    """What decides where votes do not.

    `order` has every choice once: first what the tie rule prefers, then the others as the dice have it. Of equal
    choices the earliest here wins. `ticket` is where the lottery's ticket lies, in parts of the whole.
    """

    order: tuple[str, ...]
    preferred: tuple[str, ...]
    rule: TieRule
    ticket: int

    def first(self, tied: Iterable[str]) -> tuple[str, Why]:
        """The winner among equals, and which rule made it that."""
        winner = min(tied, key=self.order.index)
        by_rule = Why.TIE_DEFAULT if self.rule is TieRule.DEFAULT else Why.TIE_HOST
        return winner, by_rule if winner in self.preferred else Why.TIE_DICE

    def drawn(self, counts: tuple[int, ...]) -> int:
        """Where among the counts the ticket lies. More votes for one never move the ticket away from it."""
        at = self.ticket * sum(counts) // _FINE
        for place, count in enumerate(counts):
            at -= count
            if at < 0:
                return place
        raise ValueError("there is no ticket to draw")


def draw(ballot: Ballot, votes: Votes, dice: Dice) -> Lots:
    """The lots of a ballot: always the same number of rolls, whatever was voted."""
    shuffled = list(ballot.choices)
    for at in range(len(shuffled) - 1, 0, -1):
        other = dice(at + 1)
        shuffled[at], shuffled[other] = shuffled[other], shuffled[at]
    ticket = dice(_FINE)
    preferred = tuple(choice for choice in _preferred(ballot, votes) if choice in ballot.choices)
    return Lots(tuple(dict.fromkeys((*preferred, *shuffled))), preferred, ballot.rules.ties, ticket)


def _preferred(ballot: Ballot, votes: Votes) -> tuple[str, ...]:
    if ballot.rules.ties is TieRule.DEFAULT:
        return (ballot.default,) if ballot.default else ()
    word = votes.get(ballot.host) if ballot.host and ballot.rules.ties is TieRule.HOST else None
    return () if word is None else word.ranking
