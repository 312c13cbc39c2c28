"""The PostgreSQL store's verbs about viewers who turn out to be one: codes, and the merge itself."""

from __future__ import annotations

from collections.abc import Sequence

from bot.store.errors import Unstorable
from bot.store.postgres_access import PostgresAccess
from bot.store.postgres_group import key_row
from bot.store.postgres_line import Connection
from bot.store.records import EventKey, Outcome


class PostgresLinks(PostgresAccess):
    """See the port for each verb."""

    async def keep_code(self, code: str, viewer: int, now: int, until: int) -> None:
        """See the port."""

        async def keep(connection: Connection) -> None:
            if await connection.fetchval(self._queries.hold_viewer, viewer) is None:
                raise Unstorable(f"there is no viewer {viewer}; nothing was written.")
            await connection.execute(self._queries.drop_old_codes, viewer, now)
            await connection.execute(self._queries.add_code, code, viewer, until)

        await self._whole(keep)

    async def code_of(self, code: str, now: int) -> int | None:
        """See the port."""
        row = await self._row(self._queries.code, code, now)
        return None if row is None else int(row[0])

    async def merge(
        self,
        source: int,
        into: int,
        given_up: Sequence[int],
        event: EventKey | None = None,
        code: str | None = None,
    ) -> Outcome:
        """See the port."""

        async def merge(connection: Connection) -> Outcome:
            queries = self._queries
            # Held first: of several merges at once each finds what the one before it left.
            there = await connection.fetch(queries.hold_viewers, [source, into])
            if event is not None and await connection.fetchval(queries.seen, event.platform, event.id):
                return Outcome.DUPLICATE
            if code is not None and not await connection.fetchval(queries.drop_code, code, into):
                return Outcome.CONFLICT
            if len(there) < 2:
                raise Unstorable(
                    f"of the viewers {source} and {into} one is gone, or they are one; nothing was written."
                )
            if event is not None:
                await connection.execute(queries.add_event, *key_row(event))
            rows = await connection.fetch(queries.given_up, source, into, list(given_up))
            await self._give_up([row[0] for row in rows], connection)
            await self._unite(source, into, connection)
            return Outcome.COMMITTED

        return await self._whole(merge)

    async def _give_up(self, sessions: Sequence[int], connection: Connection) -> None:
        """These sessions go, with all that is theirs."""
        queries = self._queries
        for statement in (
            queries.hold_sessions,
            queries.give_up_agenda,
            queries.give_up_outbox,
            queries.give_up_shown,
            queries.give_up_votes,
            queries.give_up_ballots,
            queries.give_up_codes,
            queries.give_up_rooms,
            queries.give_up_places,
            queries.give_up_sessions,
        ):
            await connection.execute(statement, sessions)

    async def _unite(self, source: int, into: int, connection: Connection) -> None:
        queries = self._queries
        for statement in (
            queries.merge_sessions,
            queries.merge_places,
            queries.merge_identities,
            queries.merge_purchases,
            queries.merge_preferences,
            queries.merge_language,
        ):
            await connection.execute(statement, source, into)
        # First, so that a step that closes a ballot is over before, or has not begun.
        await connection.execute(queries.stir_merged, into)
        await connection.execute(queries.merge_open_votes, into)
        await self._unite_creators(source, into, connection)
        for statement in (queries.forget_preferences, queries.forget_code, queries.forget_viewer):
            await connection.execute(statement, source)

    async def _unite_creators(self, source: int, into: int, connection: Connection) -> None:
        queries = self._queries
        stories = await self._hold_stories_of(source, connection)
        await connection.execute(queries.merge_roles, source, into, stories)
        await connection.execute(queries.forget_roles, source, stories)
        for statement in (
            queries.merge_drafts,
            queries.merge_invites,
            queries.merge_audit,
            queries.merge_publications,
        ):
            await connection.execute(statement, source, into)
        # A viewer has one test play: who stays keeps theirs.
        await connection.execute(queries.forget_rehearsal, source)

    async def linked(self, id: str) -> Sequence[str]:
        """See the port."""
        platform, _, user = id.partition(":")
        rows = await self._rows(self._queries.linked, platform, user)
        return [f"{platform}:{user}" for platform, user in rows]
