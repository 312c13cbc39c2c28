"""Where a session's card stands in a channel: which message shows it, and what of it stays when the rest changes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from adapters.discord.clips import Media
from adapters.discord.place import PLATFORM
from adapters.patience import keep_shown
from bot.store.port import Shown, Store


@dataclass(frozen=True, slots=True)
class Standing:
    """`texts` is what the message says without clock, tally and choice; `waits` while it has buttons."""

    revision: int
    channel: int
    message: int
    texts: tuple[str, ...]
    waits: bool
    url: str | None = None
    """Of the clip in it, as its components name it."""
    covered: bool = False
    since: int = 0
    """Unix ms at which it was sent: after an hour a message may hardly be edited."""
    head: str = ""
    """What stands above the clip."""

    def settled(self) -> Standing:
        """The same without its buttons."""
        return replace(self, waits=False)

    @property
    def media(self) -> Media | None:
        """The clip in it, whose file is there already."""
        return None if self.url is None else Media(self.url, covered=self.covered)


_STANDINGS = TypeAdapter(Standing)


class Standings:
    """Those of one bot, in the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def of(self, address: str, session: int) -> Standing | None:
        """Where the session's card stands at that address; None when it was never shown there."""
        shown = await self._store.shown(PLATFORM, address, session)
        return None if shown is None else _STANDINGS.validate_json(shown.body)

    async def keep(self, address: str, session: int, standing: Standing, at: int) -> None:
        """It stands there now. Waits while the store is at fault: to fail would mean to send it all again."""
        shown = Shown(PLATFORM, address, session, standing.revision, _STANDINGS.dump_json(standing), at)
        await keep_shown(self._store, shown)
