"""The simulator finds bugs: each that is planted is found soon, and told in a few words."""

from __future__ import annotations

import pytest

from tests.simulation.bugs import BUGS
from tests.simulation.trial import first_failing, shortest

SOON = 500
"""Seeds after which a bug must have been found."""

FEW = 8
"""Deeds that suffice to tell it."""


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_found_and_told_in_a_few_deeds(bug: str) -> None:
    seed = first_failing(range(SOON), BUGS[bug])
    assert seed is not None, "no seed found it"
    failure = shortest(seed, BUGS[bug])
    assert failure is not None
    assert len(failure.history) <= FEW, str(failure)
