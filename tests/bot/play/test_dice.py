"""Chance is passed in and always the same for the same session and revision."""

from __future__ import annotations

from collections import Counter

from bot.play.dice import seeded


def test_the_known_rolls() -> None:
    """Stored sessions count on these: they may never change."""
    roll = seeded(7, 1)
    assert [roll(1000) for _ in range(6)] == KNOWN


KNOWN = [484, 676, 875, 890, 404, 60]


def test_the_same_seed_and_revision_roll_the_same() -> None:
    one, other = seeded(2**64 - 1, 2**31), seeded(2**64 - 1, 2**31)
    assert [one(6) for _ in range(50)] == [other(6) for _ in range(50)]


def test_neighbouring_sessions_and_revisions_roll_differently() -> None:
    rolls = {tuple(seeded(seed, revision)(2**32) for _ in range(1)) for seed in range(50) for revision in range(50)}
    assert len(rolls) == 2500


def test_every_side_comes_up_about_as_often() -> None:
    counted = Counter(seeded(seed, 3)(6) for seed in range(6000))
    assert sorted(counted) == [0, 1, 2, 3, 4, 5]
    assert all(800 < times < 1200 for times in counted.values())


def test_one_side_is_always_up() -> None:
    assert seeded(1, 1)(1) == 0
