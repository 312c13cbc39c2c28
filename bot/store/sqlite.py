"""The store on SQLite: each of the port's verbs as a job for the database."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Awaitable, Collection, Mapping, Sequence
from functools import partial

from bot.store.access import ID_BITS
from bot.store.lane import lane_of
from bot.store.port import Commit, Due, EventKey, Identity, OutboxCard, Outcome, Session, Trouble, Viewer
from bot.store.sqlite_chats import SQLiteChats
from bot.store.sqlite_drafts import SQLiteDrafts
from bot.store.sqlite_leases import SQLiteLeases
from bot.store.sqlite_links import SQLiteLinks
from bot.store.sqlite_plans import SQLitePlans
from bot.store.sqlite_purchases import SQLitePurchases
from bot.store.sqlite_rooms import SQLiteRooms
from bot.store.sqlite_trimming import SQLiteTrimming
from bot.store.sqlite_viewers import SQLiteViewers


class SQLiteStore(
    SQLiteViewers, SQLiteLinks, SQLiteChats, SQLitePurchases, SQLiteRooms, SQLitePlans, SQLiteDrafts, SQLiteLeases,
    SQLiteTrimming,
):  # fmt: skip
    """The port on one SQLite file, for one process. `group` is the most jobs that share a transaction."""

    late = 0

    async def open(self) -> None:
        """See the port. Makes the file and its folder when they are missing."""
        await self._database.open()

    async def close(self) -> None:
        """See the port."""
        await self._database.close()

    async def viewer(self, platform: str, user: str) -> Viewer:
        """See the port."""
        row = await self._row(self._queries.find_viewer, platform, user)
        if row is not None:
            return Viewer(*row)
        return await self._database.write(partial(self._meet, platform, user))

    def _meet(self, platform: str, user: str, connection: sqlite3.Connection) -> Viewer:
        # Looked up again: somebody else may have met them since, in this very group perhaps.
        row = connection.execute(self._queries.find_viewer, (platform, user)).fetchone()
        if row is not None:
            return Viewer(*row)
        id = secrets.randbits(ID_BITS)
        connection.execute(self._queries.add_viewer, (id,))
        connection.execute(self._queries.add_identity, (platform, user, id))
        return Viewer(id, None)

    async def speak(self, viewer: int, language: str) -> None:
        """See the port."""
        await self._change(self._queries.set_language, language, viewer)

    async def session(self, id: int, owner: Identity | None = None) -> Session | None:
        """See the port."""
        # Ids come back from buttons, and anybody can forge one.
        return await self._database.session(id, owner) if id.bit_length() <= ID_BITS else None

    async def session_in(self, viewer: int, story: str) -> Session | None:
        """See the port."""
        row = await self._row(self._queries.session_in, viewer, story)
        return None if row is None else Session(*row)

    async def sessions_of(self, viewer: int) -> Sequence[Session]:
        """See the port."""
        return [Session(*row) for row in await self._rows(self._queries.sessions_of, viewer)]

    def commit(self, commit: Commit) -> Awaitable[Outcome]:
        """See the port."""
        return self._database.commit(commit)

    async def seen(self, event: EventKey) -> bool:
        """See the port."""
        return await self._row(self._queries.seen, event.platform, event.id) is not None

    async def pending(
        self, platform: str, after: int, limit: int, lanes: Collection[int] | None = None
    ) -> Sequence[OutboxCard]:
        """See the port."""
        cards = [OutboxCard(*row) for row in await self._rows(self._queries.pending, platform, after, limit)]
        if lanes is None or not cards:
            return cards
        mine = [card for card in cards if lane_of(platform, card.address) in lanes]
        # None of these were the worker's: what comes after them may be.
        return mine or await self.pending(platform, cards[-1].id, limit, lanes)

    async def delivered(self, ids: Sequence[int]) -> None:
        """See the port."""
        if ids:
            await self._database.write(partial(self._forget_cards, [(id,) for id in ids]))

    def _forget_cards(self, ids: list[tuple[int]], connection: sqlite3.Connection) -> None:
        connection.executemany(self._queries.delivered, ids)

    async def attempted(self, id: int, error: str) -> None:
        """See the port."""
        await self._change(self._queries.attempted, error, id)

    async def due(self, now: int, limit: int) -> Sequence[Due]:
        """See the port."""
        return [Due(*row) for row in await self._rows(self._queries.due, now, limit)]

    async def claim_due(self, worker: int, now: int, limit: int, milliseconds: int) -> Sequence[Due]:
        """See the port. There is one process, so nobody need be kept off."""
        return await self.due(now, limit)

    async def next_due(self, worker: int = 0) -> int | None:
        """See the port."""
        row = await self._row(self._queries.next_due)
        return None if row is None else row[0]

    async def drop_due(self, due: Due) -> None:
        """See the port."""
        await self._change(self._queries.drop_due, due.session, due.revision, due.kind)

    async def keep_version(self, story: str, version: str, sources: str, at: int) -> None:
        """See the port."""
        await self._change(self._queries.keep_version, story, version, sources, at)

    async def version(self, story: str, version: str) -> str | None:
        """See the port."""
        row = await self._row(self._queries.version, story, version)
        return None if row is None else row[0]

    async def choice_counts(self, story: str, scene: str) -> dict[str, int]:
        """See the port."""
        return dict(await self._rows(self._queries.choice_counts, story, scene))

    async def ending_counts(self, story: str) -> Mapping[str, int]:
        """See the port."""
        return dict(await self._rows(self._queries.ending_counts, story))

    async def clip_file(self, bot: str, clip: str) -> str | None:
        """See the port."""
        row = await self._row(self._queries.clip_file, bot, clip)
        return None if row is None else row[0]

    async def keep_clip_file(self, bot: str, clip: str, file_id: str) -> None:
        """See the port."""
        await self._change(self._queries.keep_clip_file, bot, clip, file_id)

    async def set_aside(self, trouble: Trouble) -> None:
        """See the port."""
        event = trouble.event
        await self._change(self._queries.set_aside, event.platform, event.id, trouble.error, trouble.at)

    async def troubles(self, limit: int) -> Sequence[Trouble]:
        """See the port."""
        rows = await self._rows(self._queries.troubles, limit)
        return [Trouble(EventKey(platform, id), error, at) for platform, id, error, at in rows]
