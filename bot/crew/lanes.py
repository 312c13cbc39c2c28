"""The lanes of one platform that a worker delivers: all of them where it is alone."""

from __future__ import annotations

import math
import time
from collections.abc import Awaitable, Callable

from bot.store.lane import LANES, lane_of

Changed = Callable[[], None]
"""Called when other lanes are this worker's than before."""

Settle = Callable[[frozenset[int]], Awaitable[None]]
"""Ends, in good order, what is under way in lanes that are given up."""

Cut = Callable[[], None]
"""Ends at once what is under way in lanes that are no longer had."""


class Lanes:
    """`mine` are those this worker has; None: all, whoever asks. Who delivers must look before each card."""

    def __init__(self, platform: str, mine: frozenset[int] | None = None) -> None:
        self.platform = platform
        self.mine = mine
        self.until = math.inf
        """From then on, by `time.monotonic`, they may be another worker's, whether or not anybody said so here."""
        self.settle: Settle | None = None
        self.cut: Cut | None = None
        self._listeners: list[Changed] = []

    def has(self, address: str) -> bool:
        """Whether this worker delivers to that address just now."""
        return self.mine is None or (lane_of(self.platform, address) in self.mine and self.lasts())

    def lasts(self) -> bool:
        """Whether nobody else can have what was this worker's when its leases were last renewed."""
        # Not the loop's clock: uvloop's stands still until what is being done has ended.
        return time.monotonic() < self.until

    @property
    def share(self) -> float:
        """The part of all chats that are this worker's, and so of what the platform takes from the whole bot."""
        return 1.0 if self.mine is None else len(self.mine) / LANES

    def listen(self, changed: Changed) -> None:
        """Have it called when the lanes change."""
        self._listeners.append(changed)

    def change(self, mine: frozenset[int]) -> None:
        """These are this worker's from now."""
        if mine != self.mine:
            self.mine = mine
            for changed in self._listeners:
                changed()
