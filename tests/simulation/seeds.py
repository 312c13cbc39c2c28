"""The seeds that the tests try, in parts: a file for each, so that test processes can share them."""

from __future__ import annotations

from tests.simulation.bugs import BUGS
from tests.simulation.trial import SOUND, first_failing, shortest

PARTS = 4
SEEDS = 10_000
CHUNK = 50
"""Seeds that one test tries: about a second's worth."""


def part(number: int) -> range:
    """The first seeds of the chunks in that part."""
    size = SEEDS // PARTS
    return range(number * size, (number + 1) * size, CHUNK)


def failing_in(bug: str | None, seeds: range) -> int | None:
    """The first of the seeds under which a promise is broken, with that bug planted."""
    return first_failing(seeds, SOUND if bug is None else BUGS[bug])


def check(first: int) -> None:
    """Every promise is kept under the seeds of a chunk; else the shortest history in which one is not is told."""
    failing = first_failing(range(first, first + CHUNK))
    assert failing is None, f"\n{shortest(failing)}"
