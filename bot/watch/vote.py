"""A vote: who wants what, and how much it weighs. Of each voter only the last one counts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from bot.record import record
from bot.watch.ballot import MOST_CHOICES
from bot.watch.rules import MOST_TEXT


@record(frozen=True, slots=True)
class Voter:
    """Somebody in the group, as the platform tells."""

    id: str
    """Such as "telegram:123"; the same on every platform where identities are linked."""
    joined: bool = False
    roles: frozenset[str] = frozenset()
    steward: bool = False
    """Whether the platform lets them act for the host: a group's admin, a role that manages events."""

    def __post_init__(self) -> None:
        if not 0 < len(self.id) <= MOST_TEXT:
            raise ValueError(f"a voter's id has 1 to {MOST_TEXT} characters")


@record(frozen=True, slots=True)
class Vote:
    """A counted vote. `weight` was fixed when it was cast, so that counting again needs nothing else."""

    voter: str
    ranking: tuple[str, ...]
    """Choice ids, the most wanted first; just one unless the mode is ranked."""
    weight: int
    at: int
    """Unix ms. It decides nothing but which of a voter's votes is the last."""


Votes = Mapping[str, Vote]
"""voter id -> the last vote."""


def last_votes(votes: Iterable[Vote]) -> dict[str, Vote]:
    """The last vote of each voter, in whatever order they come."""
    last: dict[str, Vote] = {}
    for vote in votes:
        known = last.get(vote.voter)
        if known is None or (vote.at, vote.ranking) > (known.at, known.ranking):
            last[vote.voter] = vote
    return last


def clean_ranking(ranking: tuple[str, ...], contenders: Collection[str], ranked: bool) -> tuple[str, ...] | None:
    """The ranking without repeats, cut to the first where the mode asks for one; None when it is not on the ballot."""
    if not 0 < len(ranking) <= MOST_CHOICES:
        return None
    once = tuple(dict.fromkeys(ranking if ranked else ranking[:1]))
    return once if all(choice in contenders for choice in once) else None


def pressed(ranking: tuple[str, ...], choice: str) -> tuple[str, ...]:
    """The ranking after a press on a choice's button, where there are only buttons.

    A new choice comes last, one that is in it goes; the only one stays.
    """
    if choice not in ranking:
        return (*ranking, choice)
    return tuple(one for one in ranking if one != choice) or ranking
