"""Where a session's card stands in a chat: which message shows it, and what that message says."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from adapters.patience import keep_shown
from adapters.telegram.chat import PLATFORM, Chat
from bot.store.port import Shown, Store


@dataclass(frozen=True, slots=True)
class Standing:
    """`html` is what the message says without countdown, choice or tally; `waits` while it has buttons."""

    revision: int
    message: int
    caption: bool
    """Whether its words stand under a clip or picture."""
    html: str
    waits: bool
    until: int = 0
    """Unix ms before which the next card must not take its place, since its clip is still running."""
    asked: str = ""
    """The choice whose answer is being typed."""

    def settled(self) -> Standing:
        """The same without its buttons."""
        return replace(self, waits=False, asked="")


_STANDINGS = TypeAdapter(Standing)


class Standings:
    """Those of one bot, in the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def of(self, chat: Chat, session: int) -> Standing | None:
        """Where the session's card stands in that chat; None when it was never shown there."""
        shown = await self._store.shown(PLATFORM, chat.address, session)
        return None if shown is None else _STANDINGS.validate_json(shown.body)

    async def keep(self, chat: Chat, session: int, standing: Standing, at: int) -> None:
        """It stands there now. Waits while the store is at fault: to fail would mean to send it all again."""
        shown = Shown(PLATFORM, chat.address, session, standing.revision, _STANDINGS.dump_json(standing), at)
        await keep_shown(self._store, shown)
