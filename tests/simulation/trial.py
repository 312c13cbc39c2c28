"""A trial: a world with a history, once; and for one that fails, the shortest history that still does, in words."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from tests.simulation.history import History, history
from tests.simulation.luck import seeded_luck, small_house, virtual_time
from tests.simulation.shrink import shrunk
from tests.simulation.worker import Parts
from tests.simulation.world import Broken, World

SOUND = Parts()
CHANCES = 4
"""Orders of things in which a shortened history is tried before it counts as harmless."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A seed under which a promise is broken: the shortest history, and the chance under which it is."""

    seed: int
    broken: Broken
    history: History
    chance: int

    def __str__(self) -> str:
        lines = [f"{number:4}. {deed.pause:5} ms later, {deed}" for number, deed in enumerate(self.history, 1)]
        again = f"Again: python -m tests.simulation --seed {self.seed}"
        return "\n".join([f"seed {self.seed}: {self.broken}", *lines, again])


def tried(seed: int, deeds: History, parts: Parts = SOUND) -> Broken | None:
    """What goes wrong when these deeds happen in a new world of that seed."""
    with quiet(), virtual_time(), small_house(), seeded_luck() as luck:
        luck.draw_from(seed)
        return World(seed, parts).live(deeds)


def first_failing(seeds: Iterable[int], parts: Parts = SOUND) -> int | None:
    """The first of the seeds under which a promise is broken."""
    return next((seed for seed in seeds if tried(seed, history(seed), parts) is not None), None)


def shortest(seed: int, parts: Parts = SOUND) -> Failure | None:
    """What is left of the seed's history when nothing more can be left out; None where it breaks no promise."""
    broken = tried(seed, history(seed), parts)
    if broken is None:
        return None
    found = Failure(seed, broken, history(seed), seed)

    def fails(deeds: History) -> bool:
        nonlocal found
        for chance in (found.chance, *range(CHANCES)):
            again = tried(chance, deeds, parts)
            if again is not None and again.promise == broken.promise:
                found = Failure(seed, again, deeds, chance)
                return True
        return False

    shorter = shrunk(found.history, fails)
    fails(shorter)
    return found


@contextmanager
def quiet() -> Iterator[None]:
    """What the bot says to its operator is said to nobody meanwhile: thousands of workers end here."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        yield
    finally:
        structlog.configure(**before)
