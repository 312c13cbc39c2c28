"""Somebody who plays through the one door, as an adapter would tell of them."""

from __future__ import annotations

from itertools import count

from bot.app import App
from bot.event import Answer, Event, Open, Tell
from bot.play import event as play
from bot.store.port import EventKey
from tests.fakes.house import START

_numbers = count(1)


def new_event() -> str:
    """An event id that nobody had before."""
    return f"event-{next(_numbers)}"


class Visitor:
    """Knows the last answer, and taps what it shows. `address` is set for platforms that get their cards pushed."""

    def __init__(
        self,
        app: App,
        user: str = "ann",
        platform: str = "web",
        *,
        address: str | None = None,
        keeps_time: bool = False,
    ) -> None:
        self.app = app
        self.user = user
        self.platform = platform
        self.address = address
        self.keeps_time = keeps_time
        self.session = 0
        self.revision = 0

    async def open(
        self, story: str = "crossroads", event: str | None = None, language: str | None = None, at: int = START
    ) -> Answer:
        return self._seen(await self.app.handle(self.event(Open(story, language), event, at)))

    async def tap(
        self, choice: str, event: str | None = None, text: str | None = None, at: int = START + 1_000
    ) -> Answer:
        return await self.tell(play.Choose(self.revision, choice, text), event, at)

    async def tell(self, what: play.Event, event: str | None = None, at: int = START + 1_000) -> Answer:
        return self._seen(await self.app.handle(self.event(Tell(self.session, what), event, at)))

    def event(self, what: Open | Tell, event: str | None = None, at: int = START + 1_000) -> Event:
        key = EventKey(self.platform, f"{self.user}:{event or new_event()}")
        return Event(key, self.user, what, at, self.address, self.keeps_time)

    def _seen(self, answer: Answer) -> Answer:
        self.session, self.revision = answer.session.id, answer.session.revision
        return answer


def scenes(answer: Answer) -> list[str]:
    """The scenes of an answer's cards."""
    return [card.scene for card in answer.cards]
