"""Who carries cards to chats: the deliveries of this process, and beyond them those of other workers."""

from __future__ import annotations

from collections.abc import Sequence

from bot.crew import Topic, Workers
from bot.crew.news import EVERYTHING
from bot.delivery.delivery import Delivery
from bot.store.port import OutboxCard


class Carriers:
    """Each is called when there is something new in its outbox, so that none need look for it."""

    def __init__(self, crew: Workers) -> None:
        self._crew = crew
        self.deliveries: dict[str, Delivery] = {}
        """Those running in this process, by platform."""
        crew.news.listen(Topic.CARDS, self._called)

    def call(self, cards: Sequence[OutboxCard]) -> None:
        """These cards are in the outbox."""
        if cards:
            for platform in {card.platform for card in cards} & self.deliveries.keys():
                self.deliveries[platform].call()
            self._crew.posted(cards)

    def look(self, platform: str) -> None:
        """There may be something new in the outbox, for whatever chats of that platform."""
        self._called(platform)
        self._crew.news.tell(Topic.CARDS, platform)

    def forgot(self) -> None:
        """The store has forgotten somebody, and cards with them."""
        for delivery in self.deliveries.values():
            delivery.forgot()

    def _called(self, platform: str) -> None:
        for name, delivery in self.deliveries.items():
            if platform in (name, EVERYTHING):
                delivery.call()
