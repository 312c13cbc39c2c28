"""A group that watches together, through the door for watch-alongs, with a clock of its own."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from bot.agenda import Agenda
from bot.app import App
from bot.delivery.parcel import Parcel, Taken, unwrap
from bot.rooms import Reply, Rooms
from bot.rooms.booth import Booth
from bot.rooms.rooms import Wish
from bot.store.port import EventKey
from bot.watch.rules import Rules
from bot.watch.vote import Voter
from tests.fakes.house import Clock

HOST = Voter("telegram:1")
GROUP = "-100"

_numbers = count(1)


def key(id: str | None = None) -> EventKey:
    """An event that never was before, or the one of that id."""
    return EventKey("telegram", f"room-event-{next(_numbers)}" if id is None else id)


def voter(number: int) -> Voter:
    """Somebody in the group."""
    return Voter(f"telegram:{number}")


class Crowd:
    """Remembers the session; the revision is always the room's, unless another is said."""

    def __init__(self, app: App, clock: Clock, rooms: Rooms | None = None, session: int = 0) -> None:
        self.app, self.clock = app, clock
        self.rooms = rooms or Rooms(app)
        self.agenda = Agenda(app, self.rooms, clock)
        self.session = session

    async def gather(
        self, rules: Rules | None = None, story: str = "crossroads", event: str | None = None, address: str = GROUP
    ) -> bool:
        gathered = await self.rooms.gather(
            key(event), "telegram", HOST.id, address, story, "en", rules or Rules(), self.clock()
        )
        self.session = gathered.session or 0
        return gathered.begun

    async def booth(self) -> Booth:
        booth = await self.rooms.look(self.session)
        assert booth is not None
        return booth

    async def revision(self) -> int:
        return (await self.booth()).row.revision

    async def vote(self, number: int, choice: str, event: str | None = None, revision: int | None = None) -> Reply:
        at = await self.revision() if revision is None else revision
        return await self.rooms.vote(key(event), self.session, at, choice, voter(number), self.clock())

    async def control(self, wish: Wish, event: str | None = None) -> Reply:
        return await self.rooms.control(key(event), self.session, wish, self.clock())

    async def wait(self, seconds: float) -> None:
        """Time goes on, and the agenda does what falls due."""
        self.clock.advance(seconds)
        await self.agenda.take_due()

    async def parcels(self) -> Sequence[Parcel]:
        """All that the group was or will be shown."""
        cards = await self.app.store.pending("telegram", 0, 1_000)
        parcels = [unwrap(card.body) for card in cards if card.session == self.session]
        return [parcel for parcel in parcels if isinstance(parcel, Parcel)]

    async def scenes(self) -> list[str]:
        return [parcel.card.scene for parcel in await self.parcels()]

    async def verdicts(self) -> list[Taken]:
        """What was announced of each ballot, in order."""
        return [parcel.taken for parcel in await self.parcels() if parcel.taken is not None]
