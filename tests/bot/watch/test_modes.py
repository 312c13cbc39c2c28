"""Each voting mode by example, and what breaks a tie."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from bot.watch.ballot import Ballot, second_round
from bot.watch.rules import Mode, Rules, TieRule
from bot.watch.verdict import Why
from bot.watch.vote import Votes
from tests.bot.watch.group import NOON, ballot, counted, vote, votes

DICE = Rules(ties=TieRule.DICE)


def result(on: Ballot, cast: Votes, seed: int = 7) -> tuple[str | None, Why]:
    verdict = counted(on, cast, seed)
    return verdict.winner, verdict.why


def test_majority_takes_the_most() -> None:
    assert result(ballot(), votes("run", "hide", "run")) == ("run", Why.MOST)


def test_weighted_takes_the_most_weight() -> None:
    rules = Rules(mode=Mode.WEIGHTED)
    assert result(ballot(rules), votes("run", "run", "hide*3")) == ("hide", Why.MOST)


def test_a_tie_goes_with_the_host() -> None:
    on = ballot(host="v2")
    assert result(on, votes("run", "hide", "hide", "run")) == ("hide", Why.TIE_HOST)
    assert result(on, votes("run", "hide", "wait", "hide", "run"))[1] is Why.TIE_DICE
    assert result(ballot(host="v9"), votes("run", "hide"))[1] is Why.TIE_DICE


def test_a_tie_goes_with_the_story() -> None:
    on = ballot(Rules(ties=TieRule.DEFAULT), default="hide")
    assert result(on, votes("run", "hide")) == ("hide", Why.TIE_DEFAULT)
    assert result(on, votes("run", "wait"))[1] is Why.TIE_DICE


def test_a_tie_goes_with_the_dice_and_they_are_fair() -> None:
    won = Counter(counted(ballot(DICE), votes("run", "hide", "wait"), seed).winner for seed in range(600))
    assert set(won) == {"run", "hide", "wait"}
    assert all(140 < times < 260 for times in won.values())


def test_the_lottery_draws_by_the_number_of_tickets() -> None:
    on, cast = ballot(Rules(mode=Mode.LOTTERY)), votes("run", "hide", "hide", "hide")
    won = Counter(counted(on, cast, seed).winner for seed in range(800))
    assert set(won) == {"run", "hide"}
    assert 140 < won["run"] < 260
    assert counted(on, cast).why is Why.DRAWN


def test_the_lottery_with_one_ticket() -> None:
    assert {result(ballot(Rules(mode=Mode.LOTTERY)), votes("wait"), seed)[0] for seed in range(50)} == {"wait"}


def test_the_host_decides_against_everybody() -> None:
    on = ballot(Rules(mode=Mode.HOST, quorum=3), host="v0")
    assert result(on, votes("hide", "run", "run", "run")) == ("hide", Why.HOST)
    assert result(on, votes("hide")) == ("hide", Why.HOST)


def test_a_silent_host_follows_the_advice() -> None:
    on = ballot(Rules(mode=Mode.HOST), host="telegram:1")
    assert result(on, votes("hide", "run", "run")) == ("run", Why.MOST)
    assert result(on, {}) == ("wait", Why.DEFAULT)


def test_unanimous_says_so_and_else_counts() -> None:
    on = ballot(Rules(mode=Mode.UNANIMOUS))
    assert result(on, votes("run", "run")) == ("run", Why.ALL)
    assert result(on, votes("run", "run", "hide")) == ("run", Why.MOST)


TWO_ROUND = Rules(mode=Mode.TWO_ROUND, ties=TieRule.DICE)


def test_a_clear_lead_needs_no_second_round() -> None:
    assert result(ballot(TWO_ROUND), votes("run", "run", "hide")) == ("run", Why.MOST)
    assert result(ballot(TWO_ROUND), votes("run")) == ("run", Why.MOST)


def test_a_near_tie_goes_to_a_second_round_between_the_best() -> None:
    verdict = counted(ballot(TWO_ROUND), votes(*["run"] * 5, *["hide"] * 4, "wait"))
    assert (verdict.winner, verdict.why, verdict.near) == (None, Why.RUN_OFF, ("run", "hide"))


def test_all_level_with_the_second_best_are_in_the_second_round() -> None:
    assert counted(ballot(TWO_ROUND), votes("run", "hide", "wait")).near == ("run", "hide", "wait")


@pytest.mark.parametrize(("near", "second"), [(9, False), (10, True)])
def test_how_near_is_set_by_the_rules(near: int, second: bool) -> None:
    cast = votes(*["run"] * 11, *["hide"] * 9)
    assert (counted(ballot(replace(TWO_ROUND, near=near)), cast).winner is None) is second


def test_in_the_second_round_a_vote_stands_until_it_is_changed() -> None:
    on = second_round(ballot(TWO_ROUND), ("run", "hide"), NOON)
    cast = votes(*["run"] * 5, *["hide"] * 4, "wait", "wait")
    assert result(on, cast) == ("run", Why.MOST)
    changed = {**cast, "v9": vote("v9", "hide"), "v10": vote("v10", "hide")}
    assert result(on, changed) == ("hide", Why.MOST)
    assert counted(on, cast).tally.counts == (5, 4)


def test_the_quorum_of_the_first_round_holds_for_the_second() -> None:
    on = second_round(ballot(replace(TWO_ROUND, quorum=4)), ("run", "hide"), NOON)
    assert result(on, votes("run", "run", "hide", "wait")) == ("run", Why.MOST)


def test_a_tie_in_the_second_round_is_broken_by_rule() -> None:
    on = second_round(ballot(TWO_ROUND), ("run", "hide"), NOON)
    assert result(on, votes("run", "hide"))[1] is Why.TIE_DICE


def test_a_near_tie_is_told_in_every_mode() -> None:
    """So that a room can part where it is nearly split."""
    for mode in (Mode.MAJORITY, Mode.WEIGHTED, Mode.LOTTERY, Mode.HOST, Mode.RANKED):
        assert counted(ballot(Rules(mode=mode)), votes("run", "hide")).near == ("run", "hide")
