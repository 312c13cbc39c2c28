"""What holds for every count: a recount agrees, order and names play no part, more votes never harm."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.watch.ballot import FIRST, Ballot
from bot.watch.room import pack_ballot, unpack_ballot
from bot.watch.rules import Mode, Rules, TieRule
from bot.watch.tally import tally_of
from bot.watch.verdict import Why
from bot.watch.vote import Vote, last_votes
from tests.bot.watch.group import NOON, ballot, counted, votes
from tests.bot.watch.polls import SEEDS, polls

Poll = tuple[Ballot, dict[str, Vote]]
MONOTONIC = tuple(mode for mode in Mode if mode is not Mode.RANKED)


@given(polls(), SEEDS, st.randoms(use_true_random=False))
def test_a_recount_from_what_is_stored_agrees_in_whatever_order(poll: Poll, seed: int, chance: random.Random) -> None:
    on, cast = poll
    log = list(cast.values())
    older = [Vote(vote.voter, (chance.choice(on.choices),), 1, NOON - 1) for vote in log]
    mixed = log + older
    chance.shuffle(mixed)
    stored = unpack_ballot(pack_ballot(replace(on, closed=True)))
    assert replace(stored, closed=False) == on
    assert counted(on, last_votes(mixed), seed) == counted(on, cast, seed)
    assert counted(stored, cast, seed) == counted(on, cast, seed)


@given(polls(), SEEDS)
def test_the_winner_is_a_contender_and_none_only_before_a_second_round(poll: Poll, seed: int) -> None:
    on, cast = poll
    verdict = counted(on, cast, seed)
    if verdict.winner is None:
        assert (on.rules.mode, on.run, verdict.why) == (Mode.TWO_ROUND, FIRST, Why.RUN_OFF)
        assert len(verdict.near) >= 2
    else:
        assert verdict.winner in on.contenders
    assert set(verdict.near) <= set(on.contenders)
    assert verdict.tally == tally_of(cast.values(), on.contenders)


@given(polls(), SEEDS, st.randoms(use_true_random=False))
def test_names_play_no_part(poll: Poll, seed: int, chance: random.Random) -> None:
    """Anonymous: whoever of equal weight votes what. Only the host's own vote may matter."""
    on, cast = poll
    others = [voter for voter in cast if voter != on.host]
    swapped = list(others)
    chance.shuffle(swapped)
    renamed = {new: replace(cast[old], voter=new) for old, new in zip(others, swapped, strict=True)}
    renamed |= {voter: vote for voter, vote in cast.items() if voter == on.host}
    assert counted(on, renamed, seed) == counted(on, cast, seed)


@given(polls(hosted=False), SEEDS)
def test_without_a_host_nobody_is_special(poll: Poll, seed: int) -> None:
    on, cast = poll
    renamed = {f"other:{voter}": replace(vote, voter=f"other:{voter}") for voter, vote in cast.items()}
    assert counted(on, renamed, seed) == counted(on, cast, seed)


@given(polls(MONOTONIC), SEEDS, st.data())
def test_a_winner_still_wins_when_more_want_it(poll: Poll, seed: int, data: st.DataObject) -> None:
    on, cast = poll
    before = counted(on, cast, seed)
    winner = before.winner
    if winner is None or before.why is Why.DEFAULT:
        return  # Whoever meets the quorum lets the votes decide, and they may be for another.
    voter = data.draw(st.sampled_from((*cast, "new")))
    weight = cast[voter].weight if voter in cast else data.draw(st.integers(1, 3))
    more = {**cast, voter: Vote(voter, (winner,), weight, NOON)}
    verdict = counted(on, more, seed)
    assert verdict.winner == winner or (verdict.winner is None and on.run == FIRST)


@given(polls(tuple(mode for mode in MONOTONIC if mode is not Mode.TWO_ROUND)), SEEDS)
def test_a_vote_weighs_as_much_as_so_many_votes(poll: Poll, seed: int) -> None:
    on, cast = poll
    on = replace(on, rules=replace(on.rules, quorum=1, near=0))
    split = {
        f"{voter}{'' if not part else f'/{part}'}": replace(vote, weight=1, voter=f"{voter}/{part}")
        for voter, vote in cast.items()
        for part in range(vote.weight)
    }
    assert counted(on, split, seed).winner == counted(on, cast, seed).winner


def test_too_few_votes_leave_it_to_the_story() -> None:
    rules = Rules(quorum=3)
    assert counted(ballot(rules), votes("run", "run")).why is Why.DEFAULT
    assert counted(ballot(rules), votes("run", "run")).winner == "wait"
    assert counted(ballot(rules), votes("run", "run", "hide")).winner == "run"


def test_too_few_votes_count_where_the_story_has_no_default() -> None:
    verdict = counted(ballot(Rules(quorum=3), default=None), votes("hide"))
    assert (verdict.winner, verdict.why) == ("hide", Why.MOST)


def test_nobody_voted_and_no_default_is_left_to_chance() -> None:
    found = {counted(ballot(default=None), {}, seed).winner for seed in range(40)}
    assert found == {"run", "hide", "wait"}
    assert counted(ballot(default=None), {}).why is Why.CHANCE
    assert counted(ballot(), {}).winner == "wait"


def test_a_skip_takes_the_default_whatever_was_voted() -> None:
    verdict = counted(replace(ballot(), skipped=True), votes("run", "run"))
    assert (verdict.winner, verdict.why, verdict.tally.of("run")) == ("wait", Why.SKIPPED, 2)


def test_a_skip_without_a_default_takes_what_leads() -> None:
    verdict = counted(replace(ballot(default=None), skipped=True), votes("run", "run", "hide"))
    assert (verdict.winner, verdict.why) == ("run", Why.SKIPPED)
    assert counted(replace(ballot(default=None), skipped=True), {}).why is Why.SKIPPED


def test_votes_that_are_not_on_the_ballot_count_for_nothing() -> None:
    verdict = counted(ballot(Rules(quorum=2)), votes("run", "fly", "fly"))
    assert (verdict.winner, verdict.tally.voters) == ("wait", 1)


@pytest.mark.parametrize("mode", Mode)
def test_ten_thousand_votes_are_counted_exactly(mode: Mode) -> None:
    cast = votes(*["run"] * 5000, *["hide"] * 2999, *["wait"] * 2001)
    verdict = counted(ballot(Rules(mode=mode, ties=TieRule.DICE)), cast)
    assert verdict.tally.counts == (5000, 2999, 2001)
    assert verdict.tally.voters == 10_000
    assert mode is Mode.LOTTERY or verdict.winner == "run"
