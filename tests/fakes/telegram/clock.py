"""The server's time, which a test can move forward."""

from __future__ import annotations

import time
from collections.abc import Callable


class Clock:
    """Unix seconds: real ones, plus all the jumps so far."""

    def __init__(self) -> None:
        self.ahead = 0.0
        """All the jumps so far, in seconds."""
        self.on_jump: list[Callable[[], None]] = []

    def now(self) -> float:
        return time.time() + self.ahead

    def date(self) -> int:
        """Whole seconds, as messages carry them."""
        return int(self.now())

    def jump(self, seconds: float) -> None:
        """Queries and updates grow older at once; whoever waits for a deadline notices."""
        self.ahead += seconds
        for notice in self.on_jump:
            notice()
