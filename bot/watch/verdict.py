"""A verdict: what a ballot comes to, and why."""

from __future__ import annotations

from enum import StrEnum

from bot.record import record
from bot.watch.tally import Tally


class Why(StrEnum):
    """What decided."""

    MOST = "most"
    """The votes: more than for any other (ranked: more than half of those left)."""
    ALL = "all"
    """Everybody who voted agreed."""
    DRAWN = "drawn"
    """The lottery."""
    HOST = "host"
    """The host, whose word it is."""
    TIE_HOST = "tie-host"
    TIE_DEFAULT = "tie-default"
    TIE_DICE = "tie-dice"
    DEFAULT = "default"
    """The story: too few voted."""
    CHANCE = "chance"
    """Nobody voted, and the story has no default."""
    SKIPPED = "skipped"
    """The host took the default at once."""
    RUN_OFF = "run-off"
    """Nobody yet: a second round is to decide."""


BY_VOTES = frozenset({Why.MOST, Why.ALL, Why.DRAWN, Why.HOST, Why.TIE_HOST, Why.TIE_DEFAULT, Why.TIE_DICE})
"""The reasons after which somebody has been outvoted."""


@record(frozen=True, slots=True)
class Verdict:
    """The winner (None only for `Why.RUN_OFF`) and how it came about."""

    winner: str | None
    why: Why
    tally: Tally
    """First choices, as they were shown while the vote ran."""
    near: tuple[str, ...] = ()
    """The contenders of a near tie, in the ballot's order: who meets in a second round, or where a room could part."""
    rounds: tuple[Tally, ...] = ()
    """Of a ranked vote, every round of the count; each lacks those who dropped out before it."""
