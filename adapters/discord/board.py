"""The billboard of Discord's channels: the tally under a scene. Clocks run by themselves there."""

from __future__ import annotations

from dataclasses import replace

from adapters import billboard
from adapters.discord.card import Sheet
from adapters.discord.notices import stopped
from adapters.discord.place import PLATFORM
from adapters.discord.shop import Shop
from adapters.discord.stand import Stand, stand_of, worth_it
from adapters.discord.standing import Standing
from adapters.discord.trouble import PASSING, Long, Missing, Old
from adapters.words import words
from bot.rooms.booth import Booth

GAP = 3.0
"""Seconds between two edits of a room's card, whatever the crowd."""

OLD_MS = 3_600_000
"""Milliseconds after which a message may hardly be edited. How long to wait then is said as for any limit."""

Posting = billboard.Posting[str, Standing, Stand]


class Board(billboard.Billboard[str, Standing, Stand]):
    """All rooms of one bot, by the addresses where they are shown."""

    faults = (*PASSING, Missing)

    def __init__(self, shop: Shop, gap: float = GAP) -> None:
        super().__init__(shop.rooms, shop.now, gap, shop.mine)
        self._shop = shop

    async def find(self, session: int) -> list[tuple[str, Standing]]:
        """See the base."""
        booth = await self._rooms.look(session)
        if booth is None:
            return []
        found = []
        for address in booth.addresses(PLATFORM):
            standing = await self._shop.standings.of(address, session)
            if standing is not None and standing.waits and standing.revision == booth.row.revision:
                found.append((address, standing))
        return found

    def chat(self, place: str) -> str:
        """See the base."""
        return place

    def spare(self, place: str) -> bool:
        """See the base."""
        return self._shop.sender.pace.spare(place)

    def stand(self, booth: Booth) -> Stand:
        """See the base."""
        return stand_of(booth, self._shop, words(booth.card.language))

    def worth_it(self, says: Stand | None, stand: Stand) -> bool:
        """See the base."""
        return worth_it(says, stand)

    async def edit(self, posting: Posting, stand: Stand) -> None:
        """See the base. A message too old to be edited is followed by a fresh one, which takes its place."""
        standing = posting.message
        sheet = Sheet(standing.media, (*standing.texts, stand.below), stand.rows, standing.head)
        try:
            await self._shop.sender.edit(standing.channel, standing.message, sheet.components)
        except (Long, Old) as error:
            if isinstance(error, Long) and self._now() - standing.since < OLD_MS:
                raise
            posting.message = await self._afresh(posting, stand)

    async def settle(self, posting: Posting) -> None:
        """See the base. Whoever stops a room may do so from elsewhere."""
        booth = await self._rooms.look(posting.session)
        if booth is not None and booth.room.stopped:
            await self._shop.app.post(*stopped(booth))
        await self._shop.standings.keep(posting.place, posting.session, posting.message.settled(), self._now())

    async def _afresh(self, posting: Posting, stand: Stand) -> Standing:
        """The tally in a message of its own: the scene above it stays as it is."""
        standing, now = posting.message, self._now()
        sheet = Sheet(None, (stand.below,), stand.rows)
        name = f"{posting.session} {standing.revision} {standing.message}"
        message = await self._shop.sender.send(standing.channel, name, sheet.components)
        fresh = replace(standing, message=message, texts=(), url=None, head="", since=now)
        await self._shop.standings.keep(posting.place, posting.session, fresh, now)
        return fresh
