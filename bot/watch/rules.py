"""How a group votes: which mode, how long, who may, and what decides when the votes do not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

MOST_SECONDS = 86_400
"""A vote may stay open for a day: slow groups vote once in the evening."""

MOST_WEIGHT = 100
MOST_ROLES = 50
MOST_QUORUM = 100_000
MOST_TEXT = 128
"""Characters of a voter's id or a role's name."""


class Mode(StrEnum):
    """What makes a choice win. Each is a function in `bot.watch.modes` or `bot.watch.ranked`."""

    MAJORITY = "majority"
    """The most votes."""
    WEIGHTED = "weighted"
    """The most weight; a vote weighs what its voter's role does."""
    RANKED = "ranked"
    """Instant run-off over everybody's order of preference."""
    TWO_ROUND = "two-round"
    """The most votes; on a near tie a second round between the best."""
    LOTTERY = "lottery"
    """Every vote is a ticket; the dice draw one."""
    HOST = "host"
    """The host's vote; the others advise."""
    UNANIMOUS = "unanimous"
    """Open until enough have voted and all agree; when time runs out, the most votes."""


class TieRule(StrEnum):
    """What decides between choices with equally many votes. Never the order in which votes came."""

    HOST = "host"
    """The host's vote if it is for one of them, else the dice."""
    DICE = "dice"
    DEFAULT = "default"
    """The story's default if it is one of them, else the dice."""


class Short(StrEnum):
    """What happens when time runs out and too few have voted."""

    DEFAULT = "default"
    """The story's default is taken; where it has none, the votes there are count."""
    EXTEND = "extend"
    """The time runs once more, just once; then as above."""


class Who(StrEnum):
    """Who may vote. The host always may."""

    EVERYONE = "everyone"
    JOINED = "joined"
    ROLE = "role"


class Fork(StrEnum):
    """Whether a near tie splits the group in two that each live their branch, until they meet again."""

    NEVER = "never"
    ASK = "ask"
    """The host is asked (`bot.watch.branch.ASK_MS`); without a word they stay together."""
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Rules:
    """All settings of a group's votes. Raises `ValueError`, with the reason, when they are out of bounds."""

    mode: Mode = Mode.MAJORITY
    seconds: int = 30
    """Per vote; 0: no clock, the host closes."""
    who: Who = Who.EVERYONE
    role: str | None = None
    """The role that may vote, with `Who.ROLE`."""
    weights: Mapping[str, int] = field(default_factory=dict)
    """With `Mode.WEIGHTED`, what a role's vote weighs; without one of these roles it weighs 1."""
    quorum: int = 1
    """How many must vote for the votes to decide."""
    short: Short = Short.DEFAULT
    ties: TieRule = TieRule.HOST
    near: int = 10
    """A lead of at most this share of all votes (percent) is a near tie."""
    fair: bool = False
    """Whether those outvoted gain weight until they win once (`bot.watch.losses`)."""
    early: bool = False
    """Whether the vote closes as soon as everybody who is expected has voted."""
    fork: Fork = Fork.NEVER
    """Whether a near tie splits the group."""

    def __post_init__(self) -> None:
        bounds = (
            ("seconds per vote", self.seconds, 0, MOST_SECONDS),
            ("a quorum", self.quorum, 1, MOST_QUORUM),
            ("the percent of a near tie", self.near, 0, 100),
            ("the number of weighted roles", len(self.weights), 0, MOST_ROLES),
            *((f'the weight of "{role}"', weight, 1, MOST_WEIGHT) for role, weight in self.weights.items()),
        )
        for what, value, low, high in bounds:
            if not low <= value <= high:
                raise ValueError(f"{what} must be {low} to {high}, not {value}")
        if self.who is Who.ROLE and not self.role:
            raise ValueError("name the role that may vote")
        if any(len(role) > MOST_TEXT for role in (self.role or "", *self.weights)):
            raise ValueError(f"a role's name has at most {MOST_TEXT} characters")
