"""The PostgreSQL store's verbs about who may do what with a story, and who did."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from bot.store.drafts import Deed, InviteRow, Role, RoleRow
from bot.store.postgres_access import PostgresAccess
from bot.store.postgres_line import Connection
from bot.store.records import Outcome
from bot.store.sqlite_drafts import OWNER, RANKS

Result = TypeVar("Result")


class PostgresRoles(PostgresAccess):
    """See the port for each verb."""

    async def role_in(self, story: str, viewer: int) -> Role | None:
        """See the port."""
        row = await self._row(self._queries.role_in, story, viewer)
        return None if row is None else row[0]

    async def roles_in(self, story: str) -> Sequence[RoleRow]:
        """See the port."""
        return [RoleRow(*row) for row in await self._rows(self._queries.roles_in, story)]

    async def roles_of(self, viewer: int) -> Sequence[RoleRow]:
        """See the port."""
        return [RoleRow(*row) for row in await self._rows(self._queries.roles_of, viewer)]

    async def give_role(self, row: RoleRow, deed: Deed) -> Outcome:
        """See the port."""

        async def give(connection: Connection) -> Outcome:
            if row.role != OWNER and await self._owned_by_none_but(row.story, row.viewer, connection):
                return Outcome.CONFLICT
            await connection.execute(self._queries.give_role, row.story, row.viewer, row.role, row.at)
            await self._note(deed, connection)
            return Outcome.COMMITTED

        return await self._with_story(row.story, give)

    async def take_role(self, story: str, viewer: int, deed: Deed) -> Outcome:
        """See the port."""

        async def take(connection: Connection) -> Outcome:
            if await self._owned_by_none_but(story, viewer, connection):
                return Outcome.CONFLICT
            if await connection.fetchval(self._queries.take_role, story, viewer) is None:
                return Outcome.CONFLICT
            await self._note(deed, connection)
            return Outcome.COMMITTED

        return await self._with_story(story, take)

    async def _owned_by_none_but(self, story: str, viewer: int, connection: Connection) -> bool:
        if await connection.fetchval(self._queries.role_in, story, viewer) != OWNER:
            return False
        return bool(await connection.fetchval(self._queries.owners_in, story) == 1)

    # -- invitations

    async def keep_invite(self, row: InviteRow, deed: Deed) -> None:
        """See the port."""

        async def keep(connection: Connection) -> None:
            await connection.execute(self._queries.drop_old_invites, row.story, deed.at)
            await connection.execute(self._queries.add_invite, row.code, row.story, row.role, row.viewer, row.until)
            await self._note(deed, connection)

        await self._with_story(row.story, keep)

    async def use_invite(self, code: str, viewer: int, now: int) -> InviteRow | None:
        """See the port."""
        row = await self._row(self._queries.invite, code)
        if row is None or row[3] <= now:
            return None
        invite = InviteRow(code, *row)

        async def use(connection: Connection) -> InviteRow | None:
            if await connection.fetchval(self._queries.drop_invite, code) is None:
                return None
            await self._join(invite, viewer, now, connection)
            return invite

        return await self._with_story(invite.story, use)

    async def _join(self, invite: InviteRow, viewer: int, now: int, connection: Connection) -> None:
        had = await connection.fetchval(self._queries.role_in, invite.story, viewer)
        if had is None or RANKS.index(had) < RANKS.index(invite.role):
            await connection.execute(self._queries.give_role, invite.story, viewer, invite.role, now)
        await self._note(Deed(invite.story, now, viewer, "joined", invite.role), connection)

    # -- the audit log

    async def audit(self, story: str, limit: int) -> Sequence[Deed]:
        """See the port."""
        return [Deed(*row) for row in await self._rows(self._queries.audit, story, limit)]

    async def note_deed(self, deed: Deed) -> None:
        """See the port."""

        async def note(connection: Connection) -> None:
            await self._note(deed, connection)

        await self._database.aside(note)

    async def _note(self, deed: Deed, connection: Connection) -> None:
        values = (deed.story, deed.at, deed.viewer, deed.deed, deed.detail)
        await connection.execute(self._queries.add_deed, values)

    async def _with_story(self, story: str, work: Callable[[Connection], Awaitable[Result]]) -> Result:
        """Do several statements in one transaction, while nobody else changes whose the story is."""

        async def held(connection: Connection) -> Result:
            await self._hold_stories([story], connection)
            return await work(connection)

        return await self._whole(held)
