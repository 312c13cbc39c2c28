"""How a number is spread over plays: its quarters, and a histogram of few bars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MOST_BARS = 12


@dataclass(frozen=True, slots=True)
class Spread:
    """The least and the most of a number, its mean, and below which a quarter, half and three quarters of plays are."""

    least: int
    quarter: int
    middle: int
    three_quarters: int
    most: int
    mean: float


@dataclass(frozen=True, slots=True)
class Bar:
    """How many plays had a number from `low` to `high`, both included."""

    low: int
    high: int
    plays: int


def spread_of(counts: Mapping[int, int]) -> Spread | None:
    """The spread of a number by how many plays had each; None without any play."""
    total = sum(counts.values())
    if not total:
        return None
    mean = sum(number * plays for number, plays in counts.items()) / total
    quarter, middle, three_quarters = (_at(counts, total * part / 4) for part in (1, 2, 3))
    return Spread(min(counts), quarter, middle, three_quarters, max(counts), mean)


def bars_of(counts: Mapping[int, int], most: int = MOST_BARS) -> list[Bar]:
    """At most so many bars of the same width, from the least number to the most."""
    if not counts:
        return []
    first, last = min(counts), max(counts)
    width = -((first - last - 1) // most)
    bars = [Bar(low, low + width - 1, 0) for low in range(first, last + 1, width)]
    plays = [0] * len(bars)
    for number, times in counts.items():
        plays[(number - first) // width] += times
    return [Bar(bar.low, min(bar.high, last), its) for bar, its in zip(bars, plays, strict=True)]


def _at(counts: Mapping[int, int], share: float) -> int:
    """The number that is reached when so many plays have been passed, the least first."""
    passed = 0
    for number in sorted(counts):
        passed += counts[number]
        if passed >= share:
            return number
    return max(counts)
