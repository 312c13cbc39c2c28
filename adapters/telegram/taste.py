"""How a viewer likes things shown."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, fields

from adapters.telegram.chat import PLATFORM
from bot.store.port import Store

MOST = 10_000
"""Viewers whose taste is remembered."""

SECONDS = 60.0
"""For which it is remembered: another process may change it."""


@dataclass(frozen=True, slots=True)
class Taste:
    """Each field is a preference of that name in the store, "yes" or "no"."""

    one_message: bool = False
    """The whole story in one message that changes."""
    countdown: bool = True
    shares: bool = True
    """Whether it is shown what others chose."""


NAMES = tuple(field.name for field in fields(Taste))
DEFAULT = Taste()


class Tastes:
    """Everybody's, by their number on Telegram."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: OrderedDict[int, tuple[float, Taste]] = OrderedDict()

    async def of(self, user: int) -> Taste:
        """The viewer's taste."""
        at, taste = self._known.get(user, (0.0, DEFAULT))
        if not at or time.monotonic() - at > SECONDS:
            viewer = await self._store.viewer(PLATFORM, str(user))
            said = await self._store.preferences(viewer.id)
            taste = Taste(**{name: said[name] == "yes" for name in NAMES if name in said})
            self._known[user] = (time.monotonic(), taste)
            if len(self._known) > MOST:
                self._known.popitem(last=False)
        return taste

    async def turn(self, user: int, name: str, on: bool | None = None) -> None:
        """Turn one of them on or off; None: to what it is not. Raises `KeyError` for a name there is not."""
        if name not in NAMES:
            raise KeyError(name)
        viewer = await self._store.viewer(PLATFORM, str(user))
        self._known.pop(user, None)
        if on is None:
            on = not getattr(await self.of(user), name)
        await self._store.prefer(viewer.id, name, "yes" if on else "no")
        self._known.pop(user, None)

    def forget(self, user: int) -> None:
        """Nothing of theirs stays in memory."""
        self._known.pop(user, None)
