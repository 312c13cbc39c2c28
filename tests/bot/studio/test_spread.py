"""Quarters and bars: right at their edges, and no play is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.studio.spread import MOST_BARS, Bar, Spread, bars_of, spread_of


def test_the_quarters_of_a_few_plays() -> None:
    assert spread_of({7: 1, 8: 2, 9: 4, 12: 1}) == Spread(7, 8, 9, 9, 12, 8.875)
    assert spread_of({3: 5}) == Spread(3, 3, 3, 3, 3, 3.0)
    assert spread_of({}) is None


def test_few_numbers_have_a_bar_each_and_many_share_them() -> None:
    assert bars_of({7: 2, 9: 4}) == [Bar(7, 7, 2), Bar(8, 8, 0), Bar(9, 9, 4)]
    assert bars_of({0: 1, 24: 1}, most=5) == [
        Bar(0, 4, 1),
        Bar(5, 9, 0),
        Bar(10, 14, 0),
        Bar(15, 19, 0),
        Bar(20, 24, 1),
    ]
    assert bars_of({}) == []


@given(st.dictionaries(st.integers(0, 500), st.integers(1, 9), min_size=1))
def test_no_play_is_lost(counts: dict[int, int]) -> None:
    bars = bars_of(counts)
    assert len(bars) <= MOST_BARS
    assert sum(bar.plays for bar in bars) == sum(counts.values())
    assert (bars[0].low, bars[-1].high) == (min(counts), max(counts))
    for bar in bars:
        assert bar.plays == sum(plays for number, plays in counts.items() if bar.low <= number <= bar.high)


@given(st.lists(st.integers(0, 50), min_size=1).map(sorted))
def test_a_quarter_of_the_plays_is_no_longer_than_the_first_quarter_says(lengths: list[int]) -> None:
    spread = spread_of({length: lengths.count(length) for length in lengths})
    assert spread is not None
    for part, number in ((0.25, spread.quarter), (0.5, spread.middle), (0.75, spread.three_quarters)):
        assert sum(length <= number for length in lengths) >= part * len(lengths)
        assert sum(length < number for length in lengths) < max(part * len(lengths), 1)


@pytest.mark.parametrize("most", [1, 2, 7])
def test_there_are_never_more_bars_than_wanted(most: int) -> None:
    assert len(bars_of(dict.fromkeys(range(100), 1), most)) <= most
