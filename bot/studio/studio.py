"""The studio: everything that creators do, behind one door that knows no platform."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from bot.clips.deposit import read_deposits
from bot.clips.vault.port import Vault
from bot.library import Library
from bot.store.drafts import Deed
from bot.store.port import Store
from bot.studio.bench.job import Picture
from bot.studio.counts import Visits
from bot.studio.creator import Creator, Denied, Why, must_be
from bot.studio.figures import Figures
from bot.studio.people import People
from bot.studio.playing import Playing
from bot.studio.portfolio import Mine, Portfolio
from bot.studio.proof import Proof
from bot.studio.publishing import Publishing, Spread
from bot.studio.quota import Quota
from bot.studio.sending import Sending
from bot.studio.workshop import WorkFailed, Workshop

PLAYS = 10_000
"""Random plays that a test takes, unless another number is asked for."""

MOST_PLAYS = 50_000


class Studio:
    """Its rooms are its attributes. Raises `Denied`, `Busy`, `WorkFailed` and `StoreError`; times are Unix ms."""

    def __init__(
        self, store: Store, library: Library, vault: Vault, spread: Spread, quota: Quota | None = None,
        workshop: Workshop | None = None,
    ) -> None:  # fmt: skip
        self._store = store
        self.workshop = workshop or Workshop()
        self.portfolio = Portfolio(store, library)
        self.people = People(store)
        self.playing = Playing(store, self.portfolio)
        self.sending = Sending(store, self.portfolio, self.workshop, vault, quota or Quota(store))
        self.publishing = Publishing(store, library, self.portfolio, spread)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Studio]:
        """Work can be done meanwhile."""
        async with self.workshop.running():
            yield self

    async def proof(self, creator: Creator, story: str) -> tuple[Mine, Proof]:
        """What can and cannot happen in the draft."""
        mine = await self.portfolio.one(creator, story)
        return mine, await self.workshop.prove(creator.viewer, story, _sources(mine), _seconds(mine))

    async def test(self, creator: Creator, story: str, plays: int = PLAYS, seed: int = 1) -> tuple[Mine, Figures]:
        """What so many random plays of the draft come to."""
        mine = await self.portfolio.one(creator, story)
        wanted = max(1, min(plays, MOST_PLAYS))
        return mine, await self.workshop.plays(creator.viewer, story, _sources(mine), _seconds(mine), wanted, seed)

    async def map(
        self, creator: Creator, story: str, kind: Picture = "png", visits: Visits | None = None
    ) -> tuple[Mine, bytes]:
        """The draft as a picture, with counts of random plays as heat where there are some."""
        mine = await self.portfolio.one(creator, story)
        sources, seconds = _sources(mine), _seconds(mine)
        try:
            proof = await self.workshop.prove(creator.viewer, story, sources, seconds)
        except WorkFailed:
            proof = None  # the map tells what is within reach by its arrows then
        picture = await self.workshop.map(creator.viewer, story, sources, seconds, visits, proof, kind)
        return mine, picture

    async def delete(self, creator: Creator, story: str, at: int) -> None:
        """Drafts, roles, invitations and test plays go. What is live is withdrawn: who is in the middle plays on."""
        if not creator.operator:
            must_be(await self._store.role_in(story, creator.viewer), "owner")
        rows = await self._store.publications(story, 1)
        is_live = bool(rows) and rows[0].state == "live"
        if is_live:
            await self.publishing.withdraw(creator, story, at)
        # Of a creator who was forgotten nothing may be left but what is live.
        if not await self._store.drop_story(Deed(story, at, creator.viewer, "deleted")) and not is_live:
            raise Denied(Why.UNKNOWN)


def _sources(mine: Mine) -> Mapping[str, str]:
    sources: dict[str, str] = json.loads(mine.draft.sources)
    return sources


def _seconds(mine: Mine) -> Mapping[str, float]:
    return {path: clip.seconds for path, clip in read_deposits(mine.draft.clips).items()}
