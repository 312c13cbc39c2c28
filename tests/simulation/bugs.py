"""Bugs that are planted to see that they are found. Each breaks one rule of the bot's own parts, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import cache
from math import inf
from types import MappingProxyType

from bot.app import App
from bot.crew import Crew, Lanes
from bot.delivery import couriers
from bot.delivery.delivery import PAUSES, Delivery, Pauses, Show
from bot.delivery.parcel import Note, Parcel
from bot.event import Answer, Event, Tell
from bot.play.event import Choose
from bot.store.errors import StoreError
from bot.store.port import Leases, OutboxCard, Store, VoteRow
from bot.store.queries import Queries
from tests.simulation.grapevine import Grapevine
from tests.simulation.link import Link
from tests.simulation.store import SimulatedStore, statements
from tests.simulation.worker import Parts


class Hasty(App):
    """Acknowledges a tap before its step is durable."""

    async def handle(self, event: Event) -> Answer:
        what = event.what.what if isinstance(event.what, Tell) else None
        if not isinstance(event.what, Tell) or not isinstance(what, Choose):
            return await super().handle(event)
        answer = await self.current(event.key.platform, event.user, event.what.session)
        options = {option.id for option in answer.cards[-1].options if not option.locked}
        if answer.session.revision != what.revision or what.choice not in options:
            return await super().handle(event)
        asyncio.create_task(self._later(event))  # noqa: RUF006 - its loop keeps it
        return answer

    async def _later(self, event: Event) -> None:
        try:
            await super().handle(event)
        except (StoreError, LookupError):
            return


class Keyless(SimulatedStore):
    """Counts a vote again when its event arrives again."""

    @classmethod
    @cache
    def statements(cls) -> Queries:
        return changed(look_casts=("event.id IS NOT NULL", "0"), add_events=("INSERT INTO", "INSERT OR IGNORE INTO"))


class Blind(SimulatedStore):
    """Writes a step over whatever is there, whichever revision it was made from."""

    @classmethod
    @cache
    def statements(cls) -> Queries:
        return changed(move_sessions=("AND session.revision = moved.column2", "AND moved.column2 >= 0"))


class Open(SimulatedStore):
    """Takes votes on a ballot that is over."""

    @classmethod
    @cache
    def statements(cls) -> Queries:
        return changed(look_casts=("AND room.revision = asked.revision AND room.open = 1", ""))


class Forgetful(SimulatedStore):
    """Counts the votes that it read first, and not those that were cast since."""

    def __init__(self, link: Link, grapevine: Grapevine) -> None:
        super().__init__(link, grapevine)
        self._votes: dict[tuple[int, int], Sequence[VoteRow]] = {}

    async def votes(self, session: int, revision: int) -> Sequence[VoteRow]:
        if (session, revision) not in self._votes:
            self._votes[session, revision] = await super().votes(session, revision)
        return self._votes[session, revision]


class Keeping(SimulatedStore):
    """Forgets a viewer, and leaves what waits for them in the outbox."""

    @classmethod
    @cache
    def statements(cls) -> Queries:
        nothing = ("WHERE", "WHERE 0 AND")
        return changed(lose_cards=nothing, forget_outbox=nothing)


class Behind(SimulatedStore):
    """Puts a card that is shown again into the outbox, although its session has moved on."""

    @classmethod
    @cache
    def statements(cls) -> Queries:
        return replace(statements(), revision="SELECT -1 WHERE ? > 0")


class Careless(Delivery):
    """Notes that a card was delivered before it is shown."""

    async def _until_shown(self, address: str, card: OutboxCard, parcel: Parcel | Note) -> None:
        await self._store.delivered([card.id])
        await super()._until_shown(address, card, parcel)


class Skipping(Delivery):
    """Takes what lies in the outbox at its start for delivered."""

    async def run(self) -> None:
        left = await self._store.pending(self._platform, 0, 1000)
        await self._store.delivered([card.id for card in left])
        await super().run()


class Everywhere(Delivery):
    """Delivers whatever lies in the outbox, in whosever lane."""

    def __init__(
        self,
        store: Store,
        platform: str,
        show: Show,
        pauses: Pauses = PAUSES,
        passing: tuple[type[Exception], ...] = (),
        lanes: Lanes | None = None,
    ) -> None:
        super().__init__(store, platform, show, pauses, passing)


class Headlong(Delivery):
    """Shows what it has begun to show, whatever has happened since."""

    def _shown(self, address: str, parcel: Parcel | Note) -> Awaitable[None]:
        couriers._errand.set(None)
        return super()._shown(address, parcel)


class Clinging(Crew):
    """Goes on with what it has when its leases end."""

    def _lose(self) -> None:
        return

    def _apply(self, leases: Leases, asked: Collection[str], until: float) -> None:
        super()._apply(leases, asked, inf)


def changed(**words: tuple[str, str]) -> Queries:
    """The store's statements, with other words in some of them."""
    known = statements()
    for name, (before, _) in words.items():
        if before not in getattr(known, name):
            raise LookupError(f'the statement "{name}" no longer says "{before}"; plant this bug anew')
    return replace(known, **{name: getattr(known, name).replace(*pair) for name, pair in words.items()})


BUGS: Mapping[str, Parts] = MappingProxyType(
    {
        "acknowledged before it is durable": Parts(app=Hasty),
        "an event's key is not looked at": Parts(store=Keyless),
        "a revision is not looked at": Parts(store=Blind),
        "a ballot that is over takes votes": Parts(store=Open),
        "a ballot is counted from memory": Parts(store=Forgetful),
        "a forgotten viewer's cards stay": Parts(store=Keeping),
        "a card is pushed behind the next one": Parts(store=Behind),
        "delivered before it is shown": Parts(delivery=Careless),
        "the outbox is skipped after a restart": Parts(delivery=Skipping),
        "a worker does not stop at the end of its leases": Parts(crew=Clinging),
        "a delivery ignores its lanes": Parts(delivery=Everywhere),
        "nobody looks back before a call": Parts(delivery=Headlong),
    }
)
"""Workers with a bug, by what is wrong with them."""
