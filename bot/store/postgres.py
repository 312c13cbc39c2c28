"""The store on PostgreSQL: each of the port's verbs as a statement or a job for the database."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Collection, Mapping, Sequence

from bot.store.access import ID_BITS
from bot.store.port import Commit, Due, EventKey, Identity, OutboxCard, Outcome, Session, Trouble, Viewer
from bot.store.postgres_chats import PostgresChats
from bot.store.postgres_drafts import PostgresDrafts
from bot.store.postgres_leases import PostgresLeases
from bot.store.postgres_line import Connection
from bot.store.postgres_links import PostgresLinks
from bot.store.postgres_plans import PostgresPlans
from bot.store.postgres_publishing import PostgresPublishing
from bot.store.postgres_purchases import PostgresPurchases
from bot.store.postgres_rooms import PostgresRooms
from bot.store.postgres_trimming import PostgresTrimming
from bot.store.postgres_viewers import PostgresViewers
from bot.store.postgres_writing import Delivered


class PostgresStore(
    PostgresViewers, PostgresLinks, PostgresChats, PostgresPurchases, PostgresRooms, PostgresPlans, PostgresDrafts,
    PostgresPublishing, PostgresLeases, PostgresTrimming,
):  # fmt: skip
    """The port on one PostgreSQL database, for one of its workers. `group` is the most jobs in one statement."""

    late = 2_000_000 << 10
    """Two seconds of the server's clock (`clock_number` in the migrations). A statement of ours takes milliseconds;
    what a stuck one writes later than this is found by who looks through the whole outbox."""

    async def open(self) -> None:
        """See the port. The database must be there; its tables are made."""
        await self._database.open()

    async def close(self) -> None:
        """See the port."""
        await self._hang_up()
        await self._database.close()

    async def viewer(self, platform: str, user: str) -> Viewer:
        """See the port."""
        row = await self._row(self._queries.find_viewer, platform, user)
        if row is None:
            row = await self._database.aside(lambda connection: self._meet(platform, user, connection))
        return Viewer(*row)

    async def _meet(self, platform: str, user: str, connection: Connection) -> tuple[int, str | None]:
        await connection.execute(self._queries.meet, platform, user, secrets.randbits(ID_BITS))
        row = await connection.fetchrow(self._queries.find_viewer, platform, user)
        if row is None:
            # Met and forgotten between the two statements.
            return await self._meet(platform, user, connection)
        return row[0], row[1]

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
        mine = None if lanes is None else list(lanes)
        rows = await self._rows(self._queries.pending, platform, after, limit, mine)
        return [OutboxCard(*row) for row in rows]

    async def delivered(self, ids: Sequence[int]) -> None:
        """See the port."""
        if ids:
            await self._database.aside(Delivered(ids))

    async def attempted(self, id: int, error: str) -> None:
        """See the port."""
        await self._change(self._queries.attempted, error, id)

    async def due(self, now: int, limit: int) -> Sequence[Due]:
        """See the port."""
        return [Due(*row) for row in await self._rows(self._queries.due, now, limit)]

    async def claim_due(self, worker: int, now: int, limit: int, milliseconds: int) -> Sequence[Due]:
        """See the port."""
        rows = await self._database.aside(
            lambda connection: connection.fetch(self._queries.claim_due, worker, now, limit, milliseconds)
        )
        return sorted((Due(*row) for row in rows), key=lambda due: due.at)

    async def next_due(self, worker: int = 0) -> int | None:
        """See the port."""
        row = await self._row(self._queries.next_due, worker)
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
