"""The seeds that the tests try, in parts: a file for each, so that test processes can share them."""

from __future__ import annotations

from tests.simulation.trial import first_failing, shortest

PARTS = 4
SEEDS = 10_000
CHUNK = 50
"""Seeds that one test tries: about a second's worth."""


def part(number: int) -> range:
    """The first seeds of the chunks in that part."""
    size = SEEDS // PARTS
    return range(number * size, (number + 1) * size, CHUNK)


def check(first: int) -> None:
    """Every promise is kept under the seeds of a chunk; else the shortest history in which one is not is told."""
    failing = first_failing(range(first, first + CHUNK))
    assert failing is None, f"\n{shortest(failing)}"
