"""The PostgreSQL store's verbs about viewers: who they are, what they set, all that is kept about them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import fields

from bot.store.postgres_line import Connection
from bot.store.postgres_links import PostgresLinks
from bot.store.records import Identity
from bot.store.sqlite_viewers import ABOUT, GONE, Row, readable


class PostgresViewers(PostgresLinks):
    """See the port for each verb."""

    async def identities(self, viewer: int) -> Sequence[Identity]:
        """See the port."""
        return [Identity(*row) for row in await self._rows(self._queries.identities, viewer)]

    async def link(self, identity: Identity, viewer: int) -> None:
        """See the port."""
        await self._for_viewer(viewer, self._queries.link, identity.platform, identity.user, viewer)

    async def preferences(self, viewer: int) -> Mapping[str, str]:
        """See the port."""
        return dict(await self._rows(self._queries.preferences, viewer))

    async def prefer(self, viewer: int, name: str, value: str | None) -> None:
        """See the port."""
        if value is None:
            await self._change(self._queries.prefer_nothing, viewer, name)
        else:
            await self._for_viewer(viewer, self._queries.prefer, viewer, name, value)

    async def export(self, viewer: int) -> Mapping[str, Sequence[Row]]:
        """See the port."""
        names = [field.name for field in fields(self._queries) if field.name.startswith(ABOUT)]
        return {name.removeprefix(ABOUT): await self._about(getattr(self._queries, name), viewer) for name in names}

    async def _about(self, statement: str, viewer: int) -> Sequence[Row]:
        rows = await self._rows(statement, viewer)
        return [{column: readable(value) for column, value in row.items()} for row in rows]

    async def forget(self, viewer: int, addresses: Sequence[tuple[str, str]] = ()) -> None:
        """See the port."""

        async def forget(connection: Connection) -> None:
            queries = self._queries
            await connection.fetch(queries.hold_viewers, [viewer])
            for statement in (queries.lose_cards, queries.forget_shown_at, queries.forget_lost_at):
                for platform, address in addresses:
                    await connection.execute(statement, platform, address)
            for [voter] in await connection.fetch(queries.voters, viewer):
                await self._forget_voter(voter, connection)
            sessions = await connection.fetch(queries.sessions_to_forget, viewer)
            await self._give_up([row[0] for row in sessions], connection)
            await self._forget_creator(viewer, connection)
            for statement in (
                queries.forget_code,
                queries.forget_purchases,
                queries.forget_preferences,
                queries.forget_identities,
                queries.forget_viewer,
            ):
                await connection.execute(statement, viewer)

        await self._whole(forget)

    async def _forget_creator(self, viewer: int, connection: Connection) -> None:
        queries = self._queries
        stories = await self._hold_stories_of(viewer, connection)
        orphans = await connection.fetch(queries.orphans, viewer, stories)
        await self._drop_stories([row[0] for row in orphans], connection)
        await connection.execute(queries.forget_roles, viewer, stories)
        for statement in (
            queries.forget_rehearsal,
            queries.forget_invites,
            queries.forget_drafts,
            queries.forget_audit,
            queries.forget_publications,
        ):
            await connection.execute(statement, viewer)

    async def _forget_voter(self, voter: str, connection: Connection) -> None:
        nobody = f"{GONE}:{secrets.token_hex(8)}"
        # First, so that a step that closes a ballot is over before, or has not begun.
        await connection.execute(self._queries.stir_rooms, voter)
        await connection.execute(self._queries.forget_open_votes, voter)
        for statement in (self._queries.lose_voter, self._queries.lose_host):
            await connection.execute(statement, voter, nobody)
        await connection.execute(self._queries.forget_plans, voter)
