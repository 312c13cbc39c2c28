"""How many took a choice, once there are enough to speak of."""

from __future__ import annotations

import time

from bot.store.port import Store

ENOUGH = 20
"""Times a scene was decided before it is said how."""

SECONDS = 10.0
"""For which the counts of a scene are remembered."""

MOST = 2_000
"""Scenes remembered."""


class Shares:
    """The shares of all scenes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[tuple[str, str], tuple[float, dict[str, int]]] = {}

    async def percent(self, story: str, scene: str, choice: str) -> int | None:
        """How many of a hundred took that choice; None while too few decided."""
        at, counts = self._known.get((story, scene), (0.0, {}))
        if not at or time.monotonic() - at > SECONDS:
            counts = await self._store.choice_counts(story, scene)
            # While there are few, each one more may be the one that makes them enough.
            if sum(counts.values()) >= ENOUGH:
                self._remember(story, scene, counts)
        total = sum(counts.values())
        return round(100 * counts.get(choice, 0) / total) if total >= ENOUGH else None

    def _remember(self, story: str, scene: str, counts: dict[str, int]) -> None:
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[story, scene] = (time.monotonic(), counts)
