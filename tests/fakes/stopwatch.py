"""Real time that has passed: what keeps a pause may happen so often meanwhile, however slow the machine is."""

from __future__ import annotations

import time


class Stopwatch:
    """Runs from when it was made."""

    def __init__(self) -> None:
        self._begun = time.monotonic()

    def times(self, pause: float) -> int:
        """How often something can have happened that rests so many seconds each time."""
        return 1 + int((time.monotonic() - self._begun) / pause)
