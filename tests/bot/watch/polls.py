"""Ballots and votes of all kinds, for properties that hold for every one of them."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.watch.ballot import FIRST, SECOND, Ballot
from bot.watch.rules import Mode, Rules, Short, TieRule
from bot.watch.vote import Vote
from tests.bot.watch.group import NOON

_IDS = ("a", "b", "c", "d", "e")


@st.composite
def ballots(draw: st.DrawFn, modes: tuple[Mode, ...] = tuple(Mode), hosted: bool = True) -> Ballot:
    choices = _IDS[: draw(st.integers(1, 5))]
    ties = tuple(TieRule) if hosted else (TieRule.DICE, TieRule.DEFAULT)
    rules = Rules(
        mode=draw(st.sampled_from(modes)),
        quorum=draw(st.integers(1, 4)),
        ties=draw(st.sampled_from(ties)),
        short=draw(st.sampled_from(Short)),
        near=draw(st.integers(0, 30)),
    )
    among = draw(st.lists(st.sampled_from(choices), unique=True, max_size=len(choices)))
    second = rules.mode is Mode.TWO_ROUND and bool(among)
    return Ballot(
        revision=draw(st.integers(0, 10_000)),
        choices=choices,
        opened=NOON,
        rules=rules,
        host="v0" if hosted else None,
        default=draw(st.sampled_from((None, *choices))),
        run=SECOND if second else FIRST,
        among=tuple(sorted(among)) if second else (),
        skipped=draw(st.sampled_from((False, False, False, True))),
    )


@st.composite
def votes_on(draw: st.DrawFn, ballot: Ballot, most: int = 9, weight: int = 3) -> dict[str, Vote]:
    """Votes of v0 (the host, where there is one), v1, ...; some with a ranking."""
    rankings = st.lists(st.sampled_from(ballot.choices), min_size=1, unique=True).map(tuple)
    singles = st.sampled_from(ballot.choices).map(lambda choice: (choice,))
    wanted = rankings if ballot.rules.mode is Mode.RANKED else singles
    cast = draw(st.lists(st.tuples(wanted, st.integers(1, weight)), max_size=most))
    return {f"v{n}": Vote(f"v{n}", ranking, heavy, NOON + n) for n, (ranking, heavy) in enumerate(cast)}


@st.composite
def polls(
    draw: st.DrawFn, modes: tuple[Mode, ...] = tuple(Mode), hosted: bool = True, weight: int = 3
) -> tuple[Ballot, dict[str, Vote]]:
    """A ballot and the votes on it."""
    ballot = draw(ballots(modes, hosted))
    return ballot, draw(votes_on(ballot, weight=weight))


SEEDS = st.integers(0, 2**64 - 1)
