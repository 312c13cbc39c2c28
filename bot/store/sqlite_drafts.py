"""The SQLite store's verbs about what creators do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from functools import partial

from bot.store.access import Access, add_cards
from bot.store.drafts import (
    DRAFTS_KEPT,
    Deed,
    DraftRow,
    InviteRow,
    Land,
    Moved,
    PublicationRow,
    RehearsalRow,
    Role,
    RoleRow,
)
from bot.store.records import Outcome, Session

OWNER: Role = "owner"
RANKS: tuple[Role, ...] = ("tester", "translator", "writer", OWNER)


class SQLiteDrafts(Access):
    """See the port for each verb."""

    async def keep_draft(self, draft: DraftRow, deed: Deed) -> Outcome:
        """See the port."""
        return await self._database.write(partial(self._keep_draft, draft, deed))

    def _keep_draft(self, draft: DraftRow, deed: Deed, connection: sqlite3.Connection) -> Outcome:
        queries = self._queries
        [last] = connection.execute(queries.last_upload, (draft.story,)).fetchone()
        if draft.upload != last + 1:
            return Outcome.CONFLICT
        values = (draft.story, draft.upload, draft.viewer, draft.at, draft.sources, draft.clips)
        connection.execute(queries.add_draft, values)
        connection.execute(queries.drop_old_drafts, (draft.story, draft.upload - DRAFTS_KEPT))
        if draft.upload == 1:
            connection.execute(queries.give_role, (draft.story, draft.viewer, OWNER, draft.at))
        self._note(deed, connection)
        return Outcome.COMMITTED

    async def draft(self, story: str, upload: int | None = None) -> DraftRow | None:
        """See the port."""
        queries = self._queries
        row = (
            await self._row(queries.last_draft, story)
            if upload is None
            else await self._row(queries.draft, story, upload)
        )
        return None if row is None else DraftRow(*row)

    async def drop_story(self, deed: Deed) -> bool:
        """See the port."""
        return await self._database.write(partial(self._drop_story, deed))

    def _drop_story(self, deed: Deed, connection: sqlite3.Connection) -> bool:
        dropped = self._drop_all(deed.story, connection)
        if dropped:
            self._note(deed, connection)
        return dropped

    def _drop_all(self, story: str, connection: sqlite3.Connection) -> bool:
        queries = self._queries
        dropped = connection.execute(queries.drop_drafts, (story,)).rowcount > 0
        for statement in (queries.drop_roles, queries.drop_invites, queries.drop_rehearsals):
            connection.execute(statement, (story,))
        return dropped

    # -- roles

    async def role_in(self, story: str, viewer: int) -> Role | None:
        """See the port."""
        row = await self._row(self._queries.role_in, story, viewer)
        role: Role | None = None if row is None else row[0]
        return role

    async def roles_in(self, story: str) -> Sequence[RoleRow]:
        """See the port."""
        return [RoleRow(*row) for row in await self._rows(self._queries.roles_in, story)]

    async def roles_of(self, viewer: int) -> Sequence[RoleRow]:
        """See the port."""
        return [RoleRow(*row) for row in await self._rows(self._queries.roles_of, viewer)]

    async def give_role(self, row: RoleRow, deed: Deed) -> Outcome:
        """See the port."""
        return await self._database.write(partial(self._give_role, row, deed))

    def _give_role(self, row: RoleRow, deed: Deed, connection: sqlite3.Connection) -> Outcome:
        if row.role != OWNER and self._owned_by_none_but(row.story, row.viewer, connection):
            return Outcome.CONFLICT
        connection.execute(self._queries.give_role, (row.story, row.viewer, row.role, row.at))
        self._note(deed, connection)
        return Outcome.COMMITTED

    async def take_role(self, story: str, viewer: int, deed: Deed) -> Outcome:
        """See the port."""
        return await self._database.write(partial(self._take_role, story, viewer, deed))

    def _take_role(self, story: str, viewer: int, deed: Deed, connection: sqlite3.Connection) -> Outcome:
        if self._owned_by_none_but(story, viewer, connection):
            return Outcome.CONFLICT
        if connection.execute(self._queries.take_role, (story, viewer)).rowcount != 1:
            return Outcome.CONFLICT
        self._note(deed, connection)
        return Outcome.COMMITTED

    def _owned_by_none_but(self, story: str, viewer: int, connection: sqlite3.Connection) -> bool:
        if connection.execute(self._queries.role_in, (story, viewer)).fetchone() != (OWNER,):
            return False
        [owners] = connection.execute(self._queries.owners_in, (story,)).fetchone()
        return bool(owners == 1)

    # -- invitations

    async def keep_invite(self, row: InviteRow, deed: Deed) -> None:
        """See the port."""
        await self._database.write(partial(self._keep_invite, row, deed))

    def _keep_invite(self, row: InviteRow, deed: Deed, connection: sqlite3.Connection) -> None:
        connection.execute(self._queries.drop_old_invites, (row.story, deed.at))
        connection.execute(self._queries.add_invite, (row.code, row.story, row.role, row.viewer, row.until))
        self._note(deed, connection)

    async def use_invite(self, code: str, viewer: int, now: int) -> InviteRow | None:
        """See the port."""
        return await self._database.write(partial(self._use_invite, code, viewer, now))

    def _use_invite(self, code: str, viewer: int, now: int, connection: sqlite3.Connection) -> InviteRow | None:
        queries = self._queries
        row = connection.execute(queries.invite, (code,)).fetchone()
        if row is None or row[3] <= now:
            return None
        invite = InviteRow(code, *row)
        connection.execute(queries.drop_invite, (code,))
        had = connection.execute(queries.role_in, (invite.story, viewer)).fetchone()
        if had is None or RANKS.index(had[0]) < RANKS.index(invite.role):
            connection.execute(queries.give_role, (invite.story, viewer, invite.role, now))
        self._note(Deed(invite.story, now, viewer, "joined", invite.role), connection)
        return invite

    # -- the audit log

    async def audit(self, story: str, limit: int) -> Sequence[Deed]:
        """See the port."""
        return [Deed(*row) for row in await self._rows(self._queries.audit, story, limit)]

    async def note_deed(self, deed: Deed) -> None:
        """See the port."""
        await self._database.write(partial(self._note, deed))

    def _note(self, deed: Deed, connection: sqlite3.Connection) -> None:
        values = (deed.story, deed.at, deed.viewer, deed.deed, deed.detail)
        connection.execute(self._queries.add_audit, values)

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
        kept = await self._database.write(
            lambda connection: connection.execute(self._queries.keep_rehearsal, (*values, expected)).rowcount
        )
        return Outcome.COMMITTED if kept == 1 else Outcome.CONFLICT

    async def clips_named(self) -> Sequence[str]:
        """See the port."""
        return [clips for (clips,) in await self._rows(self._queries.clips_named)]

    # -- publishing

    async def publications(self, story: str, limit: int) -> Sequence[PublicationRow]:
        """See the port."""
        return [PublicationRow(*row) for row in await self._rows(self._queries.publications, story, limit)]

    async def published(self) -> Sequence[PublicationRow]:
        """See the port."""
        return [PublicationRow(*row) for row in await self._rows(self._queries.published)]

    async def sessions_in(self, story: str, after: int, limit: int) -> Sequence[Session]:
        """See the port."""
        return [Session(*row) for row in await self._rows(self._queries.sessions_in, story, after, limit)]

    async def publish(
        self, row: PublicationRow, sources: str, moves: Sequence[Moved], land: Land, deed: Deed
    ) -> Sequence[Moved] | None:
        """See the port."""
        return await self._database.write(partial(self._publish, row, sources, moves, land, deed))

    def _publish(
        self, row: PublicationRow, sources: str, moves: Sequence[Moved], land: Land, deed: Deed,
        connection: sqlite3.Connection,
    ) -> Sequence[Moved] | None:  # fmt: skip
        queries = self._queries
        last = connection.execute(queries.last_publication, (row.story,)).fetchone()
        if row.number != (last[1] if last else 0) + 1:
            return None
        connection.execute(queries.keep_version, (row.story, row.version, sources, row.at))
        values = (row.story, row.number, row.version, row.state, row.viewer, row.at, row.clips)
        connection.execute(queries.add_publication, values)
        self._note(deed, connection)
        moved = self._move_sessions(moves, connection)
        late = connection.execute(queries.sessions_elsewhere, (row.story, row.version)).fetchall()
        landed = [land(Session(*one)) for one in late]
        return [*moved, *self._move_sessions([one for one in landed if one.after is not one.before], connection)]

    def _move_sessions(self, moves: Iterable[Moved], connection: sqlite3.Connection) -> list[Moved]:
        done = []
        for move in moves:
            before, after = move.before, move.after
            values = (before.id, before.version, before.revision, after.version, after.revision, after.state)
            if connection.execute(self._queries.land_session, values).rowcount == 1:
                done.append(move)
        add_cards(self._queries, [card for move in done for card in move.cards], connection)
        return done
