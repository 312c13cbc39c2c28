"""Votes: the last one of each voter, cleaned rankings, rankings by buttons."""

from __future__ import annotations

import pytest

from bot.watch.vote import Voter, clean_ranking, last_votes, pressed
from tests.bot.watch.group import CHOICES, vote


def test_the_last_vote_counts_in_whatever_order_they_come() -> None:
    first, last, other = vote("v0", "run", at=1), vote("v0", "hide", at=2), vote("v1", "run", at=1)
    expected = {"v0": last, "v1": other}
    assert last_votes([first, last, other]) == last_votes([other, last, first]) == expected


def test_votes_of_one_millisecond_have_one_last_too() -> None:
    one, other = vote("v0", "run"), vote("v0", "hide")
    assert last_votes([one, other]) == last_votes([other, one])


def test_rankings_are_cleaned() -> None:
    assert clean_ranking(("run", "hide", "run"), CHOICES, ranked=True) == ("run", "hide")
    assert clean_ranking(("run", "hide"), CHOICES, ranked=False) == ("run",)
    assert clean_ranking(("run", "fly"), CHOICES, ranked=True) is None
    assert clean_ranking(("fly",), CHOICES, ranked=False) is None
    assert clean_ranking((), CHOICES, ranked=True) is None
    assert clean_ranking(("run",) * 65, CHOICES, ranked=True) is None


def test_a_ranking_is_pressed_together() -> None:
    assert pressed((), "run") == ("run",)
    assert pressed(("run",), "hide") == ("run", "hide")
    assert pressed(("run", "hide", "wait"), "hide") == ("run", "wait")
    assert pressed(("run",), "run") == ("run",)


@pytest.mark.parametrize("name", ["", "x" * 129])
def test_ids_are_bounded(name: str) -> None:
    with pytest.raises(ValueError, match="id has 1 to 128"):
        Voter(name)
