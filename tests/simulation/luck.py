"""Luck: what the code under test draws at random, drawn from a seed instead, so that a history repeats itself."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from random import Random
from typing import TypeVar
from unittest.mock import patch

from bot import agenda
from bot.crew import deal, watch
from bot.store import lane

Item = TypeVar("Item")


class Luck:
    """Stands in for the functions of `secrets` that the bot calls. `draw_from` a seed before each history."""

    def __init__(self) -> None:
        self._random = Random(0)

    def draw_from(self, seed: int) -> None:
        """Begin anew."""
        self._random.seed(seed)

    def randbits(self, bits: int) -> int:
        return self._random.getrandbits(bits)

    def choice(self, items: Sequence[Item]) -> Item:
        return self._random.choice(items)

    def token_hex(self, size: int) -> str:
        return self._random.randbytes(size).hex()


@contextmanager
def seeded_luck() -> Iterator[Luck]:
    """For as long as the context lasts, `secrets` is as good as the seed."""
    luck = Luck()
    with patch.multiple(secrets, randbits=luck.randbits, choice=luck.choice, token_hex=luck.token_hex):
        yield luck


LANES = 4
"""More than there are workers: to lease one costs a row, and a history leases all of them many times."""


SELDOM = 2.5
"""Seconds between two looks at the agenda: all workers together look as often as one does by itself."""


@contextmanager
def small_house() -> Iterator[None]:
    """For as long as the context lasts, there are few lanes, and a worker with nothing to do looks for it seldom."""
    with (
        patch.object(lane, "LANES", LANES),
        patch.object(watch, "LANES", LANES),
        patch.object(deal, "LANES", LANES),
        patch.object(agenda, "LONGEST_SLEEP", SELDOM),
    ):
        yield


@contextmanager
def virtual_time() -> Iterator[None]:
    """For as long as the context lasts, the time that passes is that of the loop that runs."""
    with patch.object(time, "monotonic", lambda: asyncio.get_running_loop().time()):
        yield
