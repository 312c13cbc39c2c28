"""What a store must do so that it does not grow for ever: each verb takes one small piece, so that no tap waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

Mark = tuple[int | str, ...]
"""Where in a table somebody has come to: the key of a row."""


@dataclass(frozen=True, slots=True)
class Trimmed:
    """How many rows went, and where to go on; None at the end of the table."""

    gone: int
    mark: Mark | None


class Trimming(Protocol):
    """Each of these looks at `limit` rows behind `mark` (None: the first ones). Times are Unix milliseconds. Raises
    `StoreError`; what was trimmed by then stays so.
    """

    async def trim_events(self, before: int, now: int, mark: Mark | None, limit: int) -> Trimmed:
        """Ids of events from before then go: they would count as new. Those without a time have that of `now`."""

    async def trim_facts(self, before: int, mark: Mark | None, limit: int) -> Trimmed:
        """Facts from before then are counted by day, and go. Nothing is ever counted twice or not at all."""

    async def trim_troubles(self, before: int, mark: Mark | None, limit: int) -> Trimmed:
        """Events set aside before then go."""

    async def trim_cards(self, before: int, now: int, mark: Mark | None, limit: int) -> Trimmed:
        """Cards go whose platform was not served since then. One never seen before counts as served at `now`."""

    async def serve(self, platforms: Sequence[str], now: int) -> None:
        """These platforms are served."""
