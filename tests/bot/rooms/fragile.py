"""A store at which the process ends: once it has answered for the n-th time, and before anybody hears of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.store.errors import StoreError, StoreUnwritable
from bot.store.sqlite import SQLiteStore

READS = "room room_at session viewer votes votes_in seen due plans_due"
WRITES = "commit keep_room cast post drop_due drop_plan"
VERBS = frozenset(f"{READS} {WRITES}".split())


class FragileStore(SQLiteStore):
    """`fuse` counts down to the end; None: it holds. Once it is over, nothing works any more."""

    fuse: int | None = None

    def __getattribute__(self, name: str) -> Any:
        verb = super().__getattribute__(name)
        return super().__getattribute__("_guarded")(verb) if name in VERBS else verb

    def _guarded(self, verb: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def guarded(*given: Any, **named: Any) -> Any:
            if self.fuse is None:
                return await verb(*given, **named)
            self.fuse -= 1
            if self.fuse < 0:
                raise StoreUnwritable("the process has ended")
            answer = await verb(*given, **named)
            if self.fuse == 0:
                raise StoreUnwritable("the process has ended")
            return answer

        return guarded


async def until_it_ends(work: Awaitable[object]) -> bool:
    """Whether the process ended in it."""
    try:
        await work
    except StoreError:
        return True
    return False
