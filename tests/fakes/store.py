"""A real store that fails when it is told to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from bot.store.errors import StoreUnwritable
from bot.store.port import Commit, Due, EventKey, Identity, OutboxCard, Outcome, Session
from bot.store.sqlite import SQLiteStore


class FailingStore(SQLiteStore):
    """`failures` counts how often each verb is still to fail."""

    failures: Counter[str]

    async def commit(self, commit: Commit) -> Outcome:
        self._fail("commit")
        return await super().commit(commit)

    async def delivered(self, ids: Sequence[int]) -> None:
        self._fail("delivered")
        await super().delivered(ids)

    async def attempted(self, id: int, error: str) -> None:
        self._fail("attempted")
        await super().attempted(id, error)

    async def pending(
        self, platform: str, after: int, limit: int, lanes: Collection[int] | None = None
    ) -> Sequence[OutboxCard]:
        self._fail("pending")
        return await super().pending(platform, after, limit, lanes)

    async def due(self, now: int, limit: int) -> Sequence[Due]:
        self._fail("due")
        return await super().due(now, limit)

    async def session(self, id: int, owner: Identity | None = None) -> Session | None:
        self._fail("session")
        return await super().session(id, owner)

    async def merge(
        self, source: int, into: int, given_up: Sequence[int], event: EventKey | None = None, code: str | None = None
    ) -> Outcome:
        self._fail("merge")
        return await super().merge(source, into, given_up, event, code)

    def _fail(self, verb: str) -> None:
        failures: Counter[str] = self.__dict__.setdefault("failures", Counter())
        if failures[verb] > 0:
            failures[verb] -= 1
            raise StoreUnwritable("the disk is full")
