"""Instant run-off: by example, and against a count that is too simple to be wrong."""

from __future__ import annotations

from hypothesis import given

from bot.watch.ballot import Ballot
from bot.watch.lots import ballot_dice, draw
from bot.watch.rules import Mode, Rules, TieRule
from bot.watch.verdict import Why
from bot.watch.vote import Vote
from tests.bot.watch.group import ballot, counted, votes
from tests.bot.watch.polls import SEEDS, polls

RANKED = Rules(mode=Mode.RANKED, ties=TieRule.DICE)


def test_more_than_half_wins_at_once() -> None:
    verdict = counted(ballot(RANKED), votes("run", "run>hide", "hide"))
    assert (verdict.winner, verdict.why, len(verdict.rounds)) == ("run", Why.MOST, 1)


def test_who_is_last_hands_on_their_votes() -> None:
    verdict = counted(ballot(RANKED), votes(*["run"] * 4, *["hide"] * 3, *["wait>hide"] * 2))
    assert verdict.winner == "hide"
    assert [tally.counts for tally in verdict.rounds] == [(4, 3, 2), (4, 5)]
    assert verdict.tally.counts == (4, 3, 2)


def test_a_vote_without_another_wish_is_spent() -> None:
    verdict = counted(ballot(RANKED), votes(*["run"] * 4, *["hide"] * 3, *["wait"] * 2))
    assert (verdict.winner, verdict.rounds[-1].voters) == ("run", 7)


def test_the_last_two_with_equal_votes_are_a_tie() -> None:
    assert counted(ballot(RANKED), votes("run", "hide")).why is Why.TIE_DICE
    hosted = ballot(Rules(mode=Mode.RANKED), host="v0")
    verdict = counted(hosted, votes("wait>hide", *["run"] * 3, *["hide"] * 2))
    assert (verdict.winner, verdict.why) == ("hide", Why.TIE_HOST)


def test_of_those_equally_far_behind_the_one_the_tie_rule_likes_stays() -> None:
    hosted = ballot(Rules(mode=Mode.RANKED), host="v0")
    cast = votes("wait", "run", "run", "hide>wait")
    assert [tally.choices for tally in counted(hosted, cast).rounds] == [("run", "hide", "wait"), ("run", "wait")]
    assert counted(hosted, cast).winner == "wait"


def simple(on: Ballot, cast: dict[str, Vote], order: tuple[str, ...]) -> str:
    """Drop one after the other until one is left; of equal ones the latest in the order goes."""
    left = list(order)
    while len(left) > 1:
        firsts = [
            next((c for c in vote.ranking if c in left), None) for vote in cast.values() for _ in range(vote.weight)
        ]
        left.remove(min(reversed(left), key=firsts.count))
    return left[0]


@given(polls((Mode.RANKED,)), SEEDS)
def test_it_agrees_with_the_simplest_count(poll: tuple[Ballot, dict[str, Vote]], seed: int) -> None:
    on, cast = poll
    verdict = counted(on, cast, seed)
    if verdict.why in {Why.DEFAULT, Why.SKIPPED, Why.CHANCE}:
        return
    assert verdict.winner == simple(on, cast, draw(on, cast, ballot_dice(seed, on.revision)).order)
    assert all(one.voters >= other.voters for one, other in zip(verdict.rounds, verdict.rounds[1:], strict=False))


@given(polls((Mode.RANKED,)), SEEDS)
def test_whoever_more_than_half_want_first_wins(poll: tuple[Ballot, dict[str, Vote]], seed: int) -> None:
    on, cast = poll
    verdict = counted(on, cast, seed)
    leaders = verdict.tally.leaders()
    if verdict.why is Why.MOST and leaders and 2 * verdict.tally.of(leaders[0]) > verdict.tally.total:
        assert verdict.winner == leaders[0]
