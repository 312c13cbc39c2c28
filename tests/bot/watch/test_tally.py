"""Tallies: percents that add up, leaders, and when an edit is worth it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.watch.tally import Tally, tally_of
from bot.watch.vote import Vote
from tests.bot.watch.group import CHOICES, vote, votes

COUNTS = st.lists(st.integers(0, 10_000), min_size=1, max_size=8).map(tuple)


def tally(*counts: int, voters: int | None = None) -> Tally:
    return Tally(tuple(f"c{at}" for at in range(len(counts))), counts, sum(counts) if voters is None else voters)


def test_votes_are_counted_in_the_ballots_order() -> None:
    assert tally_of(votes("hide", "run", "hide*3").values(), CHOICES) == Tally(CHOICES, (1, 4, 0), 3)
    assert tally_of(votes("hide>run").values(), ("run", "wait")).counts == (1, 0)


def test_percents_by_the_largest_remainder() -> None:
    assert tally(1, 1, 1).percent() == (34, 33, 33)
    assert tally(2, 1).percent() == (67, 33)
    assert tally(0, 0).percent() == (0, 0)
    assert tally(199, 1).percent() == (100, 0)


@given(COUNTS)
def test_percents_sum_to_a_hundred_and_are_never_off_by_one(counts: tuple[int, ...]) -> None:
    shown = tally(*counts)
    percents = shown.percent()
    assert sum(percents) == (100 if shown.total else 0)
    for count, percent in zip(counts, percents, strict=True):
        assert abs(percent * shown.total - count * 100) < max(shown.total, 1)


def test_leaders() -> None:
    assert tally(3, 1, 3).leaders() == ("c0", "c2")
    assert tally(0, 0).leaders() == ()


def test_near_ties() -> None:
    assert tally(55, 45).near(10) == ("c0", "c1")
    assert tally(40, 30, 45).near(10) == ("c0", "c2")
    assert tally(56, 44).near(10) == ()
    assert tally(5, 5, 5).near(0) == ("c0", "c1", "c2")
    assert tally(6, 5, 5).near(10) == ("c0", "c1", "c2")
    assert tally(3).near(10) == tally(0, 0).near(10) == tally(2, 0, voters=2).near(100) == ()


@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from((*CHOICES, "gone")), st.integers(1, 5))))
def test_counting_on_is_counting_again(cast: list[tuple[int, str, int]]) -> None:
    running, kept = tally_of((), CHOICES), dict[str, Vote]()
    for number, choice, weight in cast:
        new = vote(f"v{number}", choice, weight=weight)
        running = running.moved(kept.get(new.voter), new)
        kept[new.voter] = new
    assert running == tally_of(kept.values(), CHOICES)


def test_an_edit_is_worth_it_when_it_shows() -> None:
    assert tally(0, 0).worth_showing(None)
    assert not tally(3, 1).worth_showing(tally(3, 1))
    assert tally(1, 1).worth_showing(tally(1, 0))
    assert tally(2, 1).worth_showing(Tally(("other",), (3,), 3))
    assert not tally(5001, 5000).worth_showing(tally(5000, 4999))
    assert tally(10_000, 5000).worth_showing(tally(8000, 4000))
    assert not tally(6002, 3001).worth_showing(tally(6000, 3000))
