"""Heat: more is warmer, and what is written on it can be read."""

from __future__ import annotations

import pytest

from bot.chart.heat import ink_on, warmth
from bot.chart.tile import percent


def light(colour: str) -> float:
    """Relative luminance, as WCAG 2.1 defines it."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, two: str) -> float:
    high, low = sorted((light(one), light(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_more_plays_are_warmer() -> None:
    lights = [light(warmth(share / 100)) for share in range(101)]
    assert lights == sorted(set(lights))


def test_rare_scenes_differ_from_each_other() -> None:
    assert len({warmth(share) for share in (0.001, 0.01, 0.05, 0.1)}) == 4


@pytest.mark.parametrize("share", [share / 50 for share in range(51)])
def test_words_can_be_read_on_every_heat(share: float) -> None:
    assert contrast(warmth(share), ink_on(warmth(share))) > 3.5


def test_a_share_beyond_its_bounds_is_taken_for_the_nearest() -> None:
    assert (warmth(-1), warmth(7)) == (warmth(0), warmth(1))


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0, "0%"),
        (0.00001, "<0.1%"),
        (0.001, "0.1%"),
        (0.01, "1%"),
        (0.046, "4.6%"),
        (0.5, "50%"),
        (0.987, "98.7%"),
        (0.9999, ">99.9%"),
        (1, "100%"),
    ],
)
def test_shares_in_few_letters(share: float, words: str) -> None:
    assert percent(share) == words
