"""Voters: whoever plays on several platforms under linked identities has one vote."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.store.port import Store
from bot.watch.room import Room
from bot.watch.vote import Vote, Voter

KNOWN_MS = 60_000
"""How long what was found is remembered; whoever links or forgets somebody has it forgotten."""

MOST = 20_000
"""Voters remembered; each takes some 300 bytes."""

NO_VOTES: Mapping[str, Vote] = {}


class Voters:
    """Looks up whom an identity stands for, and remembers it for a while."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: OrderedDict[str, tuple[Sequence[str], int]] = OrderedDict()

    async def ids(self, id: str, at: int) -> Sequence[str]:
        """The ids of all identities of the person behind this one, always in the same order; `at` is Unix ms now."""
        known = self._known.get(id)
        if known is not None and at < known[1]:
            return known[0]
        ids = tuple(await self._store.linked(id)) or (id,)
        self._known[id] = (ids, at + KNOWN_MS)
        self._known.move_to_end(id)
        if len(self._known) > MOST:
            self._known.popitem(last=False)
        return ids

    async def one(self, id: str, at: int) -> str:
        """The id that stands for all identities of that person."""
        return (await self.ids(id, at))[0]

    async def of(self, voter: Voter, room: Room, at: int, votes: Mapping[str, Vote] = NO_VOTES) -> Voter:
        """The voter as that room knows them: by the identity under which they host it, have voted on this ballot, were
        outvoted or joined, whichever they have linked since.
        """
        ids = await self.ids(voter.id, at)
        if len(ids) == 1:
            return voter
        known = (id for names in (votes, room.losses, room.joined) for id in ids if id in names)
        id = room.host if room.host is not None and room.host in ids else next(known, ids[0])
        joined = voter.joined or not room.joined.isdisjoint(ids)
        return voter if (id, joined) == (voter.id, voter.joined) else replace(voter, id=id, joined=joined)

    def forget(self) -> None:
        """Identities were linked: look again."""
        self._known.clear()
