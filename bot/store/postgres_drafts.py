"""The PostgreSQL store's verbs about what creators send, and how they try it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.store.access import ID_BITS
from bot.store.drafts import DRAFTS_KEPT, Deed, DraftRow, RehearsalRow
from bot.store.postgres_line import Connection
from bot.store.postgres_roles import PostgresRoles
from bot.store.records import Outcome
from bot.store.sqlite_drafts import OWNER


class PostgresDrafts(PostgresRoles):
    """See the port for each verb."""

    async def keep_draft(self, draft: DraftRow, deed: Deed) -> Outcome:
        """See the port."""
        story, upload = draft.story, draft.upload

        async def keep(connection: Connection) -> Outcome:
            queries = self._queries
            if upload != await connection.fetchval(queries.last_upload, story) + 1:
                return Outcome.CONFLICT
            values = (story, upload, draft.viewer, draft.at, draft.sources, draft.clips)
            await connection.execute(queries.add_draft, *values)
            await connection.execute(queries.drop_old_drafts, story, upload - DRAFTS_KEPT)
            if upload == 1:
                await connection.execute(queries.give_role, story, draft.viewer, OWNER, draft.at)
            await self._note(deed, connection)
            return Outcome.COMMITTED

        return await self._with_story(story, keep)

    async def draft(self, story: str, upload: int | None = None) -> DraftRow | None:
        """See the port."""
        if upload is None:
            row = await self._row(self._queries.last_draft, story)
        else:
            # It may come from a link, and anybody can forge one.
            row = await self._row(self._queries.draft, story, upload) if upload.bit_length() <= ID_BITS else None
        return None if row is None else DraftRow(*row)

    async def drop_story(self, deed: Deed) -> bool:
        """See the port."""

        async def drop(connection: Connection) -> bool:
            dropped = await self._drop_stories([deed.story], connection)
            if dropped:
                await self._note(deed, connection)
            return dropped

        return await self._with_story(deed.story, drop)

    async def clips_named(self) -> Sequence[str]:
        """See the port."""
        return [clips for (clips,) in await self._rows(self._queries.clips_named)]

    # -- test plays

    async def rehearsal(self, viewer: int) -> RehearsalRow | None:
        """See the port."""
        row = await self._row(self._queries.rehearsal, viewer)
        return None if row is None else RehearsalRow(*row)

    async def keep_rehearsal(self, row: RehearsalRow, expected: int | None) -> Outcome:
        """See the port."""
        values = (row.viewer, row.story, row.upload, row.revision, row.body, row.at)
        if expected is None:
            await self._change(self._queries.begin_rehearsal, *values)
            return Outcome.COMMITTED
        kept = await self._changed(self._queries.keep_rehearsal, *values, expected)
        return Outcome.COMMITTED if kept else Outcome.CONFLICT
