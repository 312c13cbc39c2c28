"""A fair evening, in every mode: each voter counts once, by no name and no order, and a recount agrees."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from hypothesis import given
from hypothesis import strategies as st

from bot.watch.ballot import FIRST
from bot.watch.losses import MOST_LOSSES
from bot.watch.room import pack_ballot, unpack_ballot
from bot.watch.rules import Mode, Rules, TieRule
from bot.watch.tally import tally_of
from bot.watch.verdict import BY_VOTES, Verdict, Why
from bot.watch.vote import Voter
from tests.bot.watch.group import CHOICES, SEED, Group, counted, vote

Presses = list[tuple[int, tuple[str, ...]]]
"""Who wants what, one press after the other: some press again."""

_RANKINGS = st.lists(st.sampled_from(CHOICES), min_size=1, unique=True).map(tuple)
_PRESSES: st.SearchStrategy[Presses] = st.lists(st.tuples(st.integers(0, 6), _RANKINGS), max_size=14)


@dataclass(frozen=True)
class Fair:
    """An evening to come: its mode, and what is pressed on each ballot."""

    mode: Mode
    ballots: list[Presses]


@st.composite
def evenings(draw: st.DrawFn, modes: tuple[Mode, ...] = tuple(Mode)) -> Fair:
    return Fair(draw(st.sampled_from(modes)), draw(st.lists(_PRESSES, min_size=1, max_size=5)))


def name(number: int) -> str:
    return f"v{number}"


def play(evening: Fair, names: tuple[str, ...], shuffle: random.Random | None = None) -> list[Verdict]:
    """The verdicts, with every ballot looked at as it closes. Shuffled: the last presses in another order."""
    weights = {"captain": 3}
    group = Group(Rules(mode=evening.mode, fair=True, ties=TieRule.DICE, weights=weights), host="nobody-votes")
    verdicts = []
    for presses in evening.ballots:
        group.open()
        losses = dict(group.room.losses)
        for number, ranking in _in_order(presses, shuffle):
            role = frozenset({"captain"} if number == 0 else ())
            group.cast(Voter(names[number], roles=role), *ranking)
        group.room = replace(group.room, idle=0)
        verdicts.append(_close(group))
        for id, cast in group.votes.items():
            base = 3 if evening.mode is Mode.WEIGHTED and id == names[0] else 1
            assert cast.weight == base + losses.get(id, 0)
        assert len(group.votes) == len({number for number, _ in presses})
        _check_losses(group, losses, verdicts[-1])
    return verdicts


def _in_order(presses: Presses, shuffle: random.Random | None) -> Presses:
    if shuffle is None:
        return presses
    last = list({number: (number, ranking) for number, ranking in presses}.values())
    shuffle.shuffle(last)
    return last


def _close(group: Group) -> Verdict:
    """Until there is a winner; each count agrees with a recount of what is stored."""
    while True:
        move = group.time_over()
        verdict = move.verdict
        assert verdict is not None
        if verdict.winner is not None:
            stored = unpack_ballot(pack_ballot(group.ballot))
            assert counted(stored, group.votes) == verdict
            assert verdict.tally == tally_of(group.votes.values(), stored.contenders)
            assert verdict.tally.voters <= len(group.votes)
            return verdict


def _check_losses(group: Group, before: dict[str, int], verdict: Verdict) -> None:
    after = group.room.losses
    if verdict.why not in BY_VOTES:
        assert after == before
        return
    for id, cast in group.votes.items():
        lost = 0 if cast.ranking[0] == verdict.winner else min(before.get(id, 0) + 1, MOST_LOSSES)
        assert after.get(id, 0) == lost
    for id in before.keys() - group.votes.keys():
        assert after[id] == before[id]


NAMES = tuple(name(number) for number in range(7))


@given(evenings())
def test_everybody_counts_once_with_their_weight_and_a_recount_agrees(evening: Fair) -> None:
    assert len(play(evening, NAMES)) == len(evening.ballots)


@given(evenings(), st.randoms(use_true_random=False))
def test_the_order_of_the_votes_plays_no_part(evening: Fair, chance: random.Random) -> None:
    assert play(evening, NAMES, chance) == play(evening, NAMES)


@given(evenings(), st.permutations(range(7)))
def test_names_play_no_part(evening: Fair, order: list[int]) -> None:
    others = tuple(f"discord:{order[number]}" for number in range(7))
    assert play(evening, others) == play(evening, NAMES)


MONOTONIC = tuple(mode for mode in Mode if mode is not Mode.RANKED)


@given(evenings(MONOTONIC), st.integers(0, 6))
def test_who_joins_the_winner_does_it_no_harm(evening: Fair, number: int) -> None:
    """The weights of the evening stay: only that last ballot is voted on otherwise."""
    *before, last = evening.ballots
    group = Group(Rules(mode=evening.mode, fair=True, ties=TieRule.DICE), host="nobody-votes")
    for presses in before:
        group.open()
        for voter, ranking in presses:
            group.cast(name(voter), *ranking)
        group.room = replace(group.room, idle=0)
        _close(group)
    group.open()
    for voter, ranking in last:
        group.cast(name(voter), *ranking)
    verdict = counted(group.ballot, group.votes, SEED)
    if verdict.winner is None or verdict.why is Why.DEFAULT:
        return
    weight = 1 + group.room.losses.get(name(number), 0)
    more = {**group.votes, name(number): vote(name(number), verdict.winner, weight=weight)}
    after = counted(group.ballot, more, SEED)
    assert after.winner == verdict.winner or (after.winner is None and group.ballot.run == FIRST)
