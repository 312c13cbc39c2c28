"""Lots: the same for a recount, apart from the story's own rolls, and never moved away by a vote."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.play.dice import seeded
from bot.watch.ballot import Ballot
from bot.watch.lots import Lots, ballot_dice, draw
from bot.watch.rules import Rules, TieRule
from bot.watch.vote import Vote
from tests.bot.watch.group import ballot, vote, votes
from tests.bot.watch.polls import SEEDS, polls


def test_the_known_lots() -> None:
    """Stored ballots count on these: they may never change."""
    roll = ballot_dice(7, 1)
    assert [roll(1000) for _ in range(6)] == KNOWN
    lots = draw(ballot(Rules(ties=TieRule.DICE)), {}, ballot_dice(7, 4))
    assert (lots.order, lots.ticket) == KNOWN_LOTS


KNOWN = [293, 118, 725, 209, 985, 127]
KNOWN_LOTS = (("hide", "run", "wait"), 110455527292828)


def test_a_ballot_rolls_apart_from_the_story() -> None:
    pairs = [(seed, revision) for seed in range(30) for revision in range(30)]
    stories = {seeded(*pair)(2**32) for pair in pairs}
    assert stories.isdisjoint({ballot_dice(*pair)(2**32) for pair in pairs})


@given(polls(), SEEDS)
def test_an_order_has_every_choice_once(poll: tuple[Ballot, dict[str, Vote]], seed: int) -> None:
    on, cast = poll
    assert sorted(draw(on, cast, ballot_dice(seed, on.revision)).order) == sorted(on.choices)


def test_the_tie_rule_comes_first() -> None:
    for seed in range(20):
        assert draw(ballot(Rules(ties=TieRule.DEFAULT)), {}, ballot_dice(seed, 4)).order[0] == "wait"
        cast = {"v0": vote("v0", "hide", "wait")}
        assert draw(ballot(host="v0"), cast, ballot_dice(seed, 4)).order == ("hide", "wait", "run")


def test_the_votes_of_others_change_no_lot() -> None:
    on = ballot(host="v0")
    assert draw(on, votes("run"), ballot_dice(1, 4)) == draw(on, votes("run", "hide", "wait"), ballot_dice(1, 4))


@given(st.integers(0, 2**48 - 1), st.lists(st.integers(0, 50), min_size=1, max_size=5).filter(any))
def test_a_ticket_more_never_takes_the_lot_away(ticket: int, counts: list[int]) -> None:
    lots = Lots((), (), TieRule.DICE, ticket)
    won = lots.drawn(tuple(counts))
    assert counts[won] > 0
    counts[won] += 1
    assert lots.drawn(tuple(counts)) == won
