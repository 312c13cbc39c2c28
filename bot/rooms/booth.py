"""A booth: a room in play as this process has it at hand, so that a vote need not read what stands there."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence, Set
from weakref import WeakValueDictionary

from bot.library import Library
from bot.play.card import Card
from bot.play.state import unpack
from bot.play.toll import standing
from bot.rooms.kept import Kept, read, votes_of
from bot.store.port import RoomRow, Store
from bot.story.story import Story
from bot.watch.room import Room
from bot.watch.tally import tally_of, wanted_by
from bot.watch.vote import Vote

MOST = 500
"""Rooms at hand; each takes some KiB, and 200 bytes for each of its voters."""


class Booth:
    """One moment of a room, its votes so far, and the card it votes on. Only `count` changes it.

    The votes are for showing and for telling a changed one from a new one: a close counts those in the store. In a
    branch, `opposed` are the voters who chose the other side at the fork.
    """

    __slots__ = ("card", "kept", "opposed", "seed", "story", "tally", "votes")

    def __init__(
        self,
        kept: Kept,
        story: Story,
        card: Card,
        seed: int,
        votes: dict[str, Vote],
        opposed: frozenset[str] = frozenset(),
    ) -> None:
        self.kept = kept
        self.opposed = opposed
        self.story = story
        self.card = card
        self.seed = seed
        self.votes = votes
        ballot = kept.room.ballot
        self.tally = tally_of(votes.values(), () if ballot is None else ballot.contenders)

    @property
    def row(self) -> RoomRow:
        return self.kept.row

    @property
    def room(self) -> Room:
        return self.kept.room

    @property
    def ended(self) -> bool:
        return self.kept.row.ended

    @property
    def open(self) -> bool:
        """Whether its ballot is neither closed nor closing; it may be paused."""
        ballot = self.kept.room.ballot
        return not self.ended and ballot is not None and not ballot.closed and self.kept.shut is None

    def count(self, vote: Vote) -> None:
        """The vote is stored: count it in place of the voter's last one."""
        self.tally = self.tally.moved(self.votes.get(vote.voter), vote)
        self.votes[vote.voter] = vote

    def addresses(self, platform: str) -> list[str]:
        """The platform's chats that are shown it."""
        return [address for one, address in self.kept.chats if one == platform]

    def label(self, choice: str) -> str:
        """How a choice is called on the card, or its id where it is not there."""
        return next((option.label for option in self.card.options if option.id == choice), choice)


class Booths:
    """The rooms played lately, by session."""

    def __init__(self, store: Store, library: Library) -> None:
        self._store = store
        self._library = library
        self._known: OrderedDict[int, Booth] = OrderedDict()
        self._reading: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._moved: set[int] = set()
        """Rooms that changed while they were being read: what was read may be older than that."""

    def __len__(self) -> int:
        return len(self._known)

    @property
    def sessions(self) -> Set[int]:
        """Those of the rooms at hand."""
        return self._known.keys()

    async def of(self, session: int, revision: int = 0) -> Booth | None:
        """The room of that session; None where there is none. Raises what reading a room or a state raises.

        `revision` is one that it has come to for certain: a step is stored a moment before it is known here.
        """
        known = self._known.get(session)
        if known is not None and known.row.revision >= revision:
            self._known.move_to_end(session)
            return known
        # One reader at a time: a vote counted while another one reads would be missed.
        async with self._reading.setdefault(session, asyncio.Lock()):
            known = self._known.get(session)
            if known is None:
                return await self._read_and_keep(session)
            return known if known.row.revision >= revision else await self._read(session)

    async def afresh(self, session: int) -> Booth | None:
        """The room as it is stored now."""
        self.forget(session)
        return await self.of(session)

    async def count(self, session: int, revision: int, vote: Vote) -> None:
        """The vote is stored: count it where the room stands by now, unless its ballot is over."""
        booth = await self.of(session)
        if booth is not None and booth.row.revision == revision:
            booth.count(vote)

    def keep(self, session: int, booth: Booth) -> None:
        """It stands like this now."""
        self._mark(session)
        self._known[session] = booth
        self._known.move_to_end(session)
        if len(self._known) > MOST:
            self._known.popitem(last=False)

    def changed(self, session: int, kept: Kept) -> None:
        """The room was written anew at the same revision: its votes stay."""
        known = self._known.get(session)
        if known is None or known.row.revision != kept.row.revision:
            self.forget(session)  # also by whoever is just reading how it was before
        else:
            self.keep(session, Booth(kept, known.story, known.card, known.seed, known.votes, known.opposed))

    def forget(self, session: int) -> None:
        """Read it anew when it is asked for again."""
        self._mark(session)
        self._known.pop(session, None)

    def clear(self) -> Sequence[int]:
        """Read every room anew when it is asked for again: the sessions of those that were at hand."""
        sessions = [*self._known]
        for session in {*sessions, *self._reading}:
            self.forget(session)
        return sessions

    def compare(self, row: RoomRow) -> None:
        """This is what is stored now: what is at hand is forgotten where it is of another revision."""
        known = self._known.get(row.session)
        if known is not None and known.row.revision != row.revision:
            self.forget(row.session)

    def _mark(self, session: int) -> None:
        if session in self._reading:
            self._moved.add(session)

    async def _read_and_keep(self, session: int) -> Booth | None:
        while True:
            self._moved.discard(session)
            booth = await self._read(session)
            if session not in self._moved:
                break
            if (known := self._known.get(session)) is not None:
                booth = known
                break
        if booth is not None and not booth.ended:
            self.keep(session, booth)
        self._moved.discard(session)
        return booth

    async def _read(self, id: int) -> Booth | None:
        row = await self._store.room(id)
        session = None if row is None else await self._store.session(id)
        if row is None or session is None:
            return None
        story = await self._library.version(session.story, session.version)
        card = standing(story, unpack(story, session.state), frozenset())[-1]
        votes = {} if row.ended else votes_of(await self._store.votes(id, row.revision))
        kept = read(row)
        return Booth(kept, story, card, session.seed, votes, await self._opposed(kept))

    async def _opposed(self, kept: Kept) -> frozenset[str]:
        branch = kept.room.branch
        if branch is None or not kept.running:
            return frozenset()
        voted = await self._store.votes(kept.row.session if branch.main else branch.twin, branch.revision)
        sides = (branch.side, branch.other)
        return frozenset(voter for voter, vote in votes_of(voted).items() if wanted_by(vote, sides) == branch.other)
