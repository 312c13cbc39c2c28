"""Voters: whoever plays on several platforms under linked identities has one vote."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace

from bot.store.port import Store
from bot.watch.room import Room
from bot.watch.vote import Voter

KNOWN_MS = 60_000
"""How long what was found is remembered: so long after linking, a vote may still count apart."""

MOST = 20_000
"""Voters remembered; each takes some 300 bytes."""


class Voters:
    """Looks up whom an identity stands for, and remembers it for a while."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: OrderedDict[str, tuple[str, int]] = OrderedDict()

    async def one(self, id: str, at: int) -> str:
        """The voter's id that stands for all identities of the person behind this one; `at` is Unix ms now."""
        known = self._known.get(id)
        if known is not None and at < known[1]:
            return known[0]
        stands = await self._store.linked(id) or id
        self._known[id] = (stands, at + KNOWN_MS)
        self._known.move_to_end(id)
        if len(self._known) > MOST:
            self._known.popitem(last=False)
        return stands

    async def of(self, voter: Voter, room: Room, at: int) -> Voter:
        """The voter as that room knows them: the host also by an identity that was linked since."""
        id = await self.one(voter.id, at)
        if room.host is not None and id != room.host and await self.one(room.host, at) == id:
            id = room.host
        return voter if id == voter.id else replace(voter, id=id)

    def forget(self) -> None:
        """Identities were linked: look again."""
        self._known.clear()
