"""Chance, passed in: a session's seed and revision decide every roll, so the same events give the same story."""

from __future__ import annotations

from collections.abc import Callable

Dice = Callable[[int], int]
"""sides -> 0 .. sides - 1"""

_MASK = (1 << 64) - 1


def seeded(seed: int, revision: int) -> Dice:
    """The rolls of one step of a session: splitmix64 (Steele, Lea, Flood 2014) from the seed and the revision."""
    state = (seed * 0x9E3779B97F4A7C15 + revision * 0xD1B54A32D192ED03) & _MASK

    def roll(sides: int) -> int:
        nonlocal state
        state = (state + 0x9E3779B97F4A7C15) & _MASK
        mixed = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        return (mixed ^ (mixed >> 31)) % sides

    return roll
