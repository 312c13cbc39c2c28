"""The studio's door: one for all platforms, at which each sets up its own desk."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from adapters.studio.acting import Who
from adapters.studio.ask import Ask
from adapters.studio.desk import InviteLink, StudioDesk, no_link
from adapters.studio.hints import Hints
from adapters.studio.sheet import Sheet
from adapters.studio.shelf import SheetShelf
from bot.store.port import Store
from bot.story.story import Story
from bot.studio.creator import Creator
from bot.studio.studio import Studio


class StudioDoor:
    """`owners` are identities as "platform:user", who may stop anything."""

    def __init__(self, studio: Studio, store: Store, owners: frozenset[str] = frozenset()) -> None:
        self.studio = studio
        self._store = store
        self._owners = owners

    @asynccontextmanager
    async def running(self) -> AsyncIterator[StudioDoor]:
        """Work can be done meanwhile."""
        async with self.studio.running():
            yield self

    def counter(self, now: Callable[[], int], link: InviteLink = no_link) -> Counter:
        """A platform's own: `now` is Unix ms, `link` makes an invitation's code a link there."""
        return Counter(self, self._store, now, link)

    async def who(self, platform: str, user: str, language: str = "") -> Who:
        """The creator behind an identity. Raises `StoreError`."""
        viewer = await self._store.viewer(platform, user)
        operator = f"{platform}:{user}" in self._owners
        return Who(Creator(viewer.id, operator), viewer.language or language)


class Counter:
    """One platform's desk, for what comes in, and the sheets that go out."""

    def __init__(self, door: StudioDoor, store: Store, now: Callable[[], int], link: InviteLink) -> None:
        self.desk = StudioDesk(door.studio, store, now, link)
        self._door = door
        self._store = store
        self._shelf = SheetShelf(door.studio, store, now)
        self.hints = Hints(store, door.studio.portfolio)

    async def who(self, platform: str, user: str, language: str = "") -> Who:
        """See the door."""
        return await self._door.who(platform, user, language)

    async def sheet(self, who: Who, ask: Ask) -> Sheet:
        """What was asked for, made now. Raises `StoreError`."""
        return await self._shelf.sheet(who, ask)

    async def story(self, sheet: Sheet) -> Story | None:
        """The story whose scene's clip stands above a sheet; None where its draft is gone."""
        if sheet.scene is None:
            return None
        draft = await self._store.draft(sheet.scene[0], sheet.scene[1])
        return None if draft is None else await self._door.studio.portfolio.story(draft)
