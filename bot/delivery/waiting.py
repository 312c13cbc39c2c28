"""What a delivery has taken from the outbox and not shown yet, and since when; kept for the figures."""

from __future__ import annotations

from collections.abc import Iterable
from time import monotonic


class Waiting:
    """Cards by id. A card waits since its delivery was called, which is when it was committed, or, where nobody called
    (after a start), since the outbox was read.
    """

    def __init__(self) -> None:
        self._since: dict[int, float] = {}
        self._called: float | None = None
        self._reading = 0.0

    def __len__(self) -> int:
        return len(self._since)

    def __contains__(self, card: int) -> bool:
        return card in self._since

    @property
    def oldest(self) -> float:
        """Seconds that the first of them waits; 0 where none does."""
        # They are in the order of their ids: the first one that is left has waited longest.
        now = monotonic()
        return now - next(iter(self._since.values()), now)

    def called(self) -> None:
        """Something was committed, and is in the outbox from now."""
        if self._called is None:
            self._called = monotonic()

    def read(self) -> None:
        """The outbox is read now."""
        self._reading, self._called = self._called or monotonic(), None

    def took(self, card: int) -> None:
        """The card was found in it."""
        self._since[card] = self._reading

    def seconds(self, card: int) -> float:
        """How long the card has waited."""
        now = monotonic()
        return now - self._since.get(card, now)

    def drop(self, cards: Iterable[int]) -> None:
        """These wait no longer."""
        for card in cards:
            self._since.pop(card, None)
