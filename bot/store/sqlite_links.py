"""The SQLite store's verbs about viewers who turn out to be one: codes, and the merge itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import partial

from bot.store.access import Access, claim, known
from bot.store.errors import Unstorable
from bot.store.records import EventKey, Outcome


class SQLiteLinks(Access):
    """See the port for each verb."""

    async def keep_code(self, code: str, viewer: int, now: int, until: int) -> None:
        """See the port."""
        await self._database.write(partial(self._keep_code, code, viewer, now, until))

    def _keep_code(self, code: str, viewer: int, now: int, until: int, connection: sqlite3.Connection) -> None:
        connection.execute(self._queries.drop_old_codes, (viewer, now))
        connection.execute(self._queries.add_code, (code, viewer, until))

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
        return await self._database.write(partial(self._merge, source, into, tuple(given_up), event, code))

    def _merge(
        self,
        source: int,
        into: int,
        given_up: Sequence[int],
        event: EventKey | None,
        code: str | None,
        connection: sqlite3.Connection,
    ) -> Outcome:
        queries = self._queries
        if known(queries, event, connection):
            return Outcome.DUPLICATE
        if code is not None and connection.execute(queries.drop_code, (code, into)).rowcount != 1:
            return Outcome.CONFLICT
        if source == into or connection.execute(queries.viewers_there, (source, into)).fetchone() != (2,):
            raise Unstorable(f"of the viewers {source} and {into} one is gone, or they are one; nothing was written.")
        claim(queries, event, connection)
        self._give_up_all(source, into, given_up, connection)
        self._unite(source, into, connection)
        return Outcome.COMMITTED

    def _give_up_all(self, source: int, into: int, given_up: Sequence[int], connection: sqlite3.Connection) -> None:
        queries = self._queries
        for id in given_up:
            if connection.execute(queries.session_of_either, (id, source, into)).fetchone() is not None:
                self._give_up(id, connection)
        for [id] in connection.execute(queries.collisions, (source, into)).fetchall():
            self._give_up(id, connection)

    def _unite(self, source: int, into: int, connection: sqlite3.Connection) -> None:
        queries = self._queries
        for statement in (
            queries.merge_sessions,
            queries.merge_identities,
            queries.merge_purchases,
            queries.merge_preferences,
            queries.stir_merged,
            queries.merge_open_votes,
            queries.merge_language,
            queries.merge_roles,
            queries.merge_drafts,
            queries.merge_invites,
            queries.merge_audit,
            queries.merge_publications,
        ):
            connection.execute(statement, (source, into))
        for statement in (
            queries.forget_preferences,
            queries.forget_code,
            queries.forget_roles,
            queries.forget_rehearsal,
            queries.forget_viewer,
        ):
            connection.execute(statement, (source,))

    def _give_up(self, session: int, connection: sqlite3.Connection) -> None:
        queries = self._queries
        for statement in (
            queries.give_up_agenda,
            queries.give_up_outbox,
            queries.give_up_shown,
            queries.give_up_votes,
            queries.give_up_ballots,
            queries.give_up_room,
            queries.give_up_session,
        ):
            connection.execute(statement, (session,))

    async def linked(self, id: str) -> Sequence[str]:
        """See the port."""
        platform, _, user = id.partition(":")
        rows = await self._rows(self._queries.linked, platform, user)
        return [f"{platform}:{user}" for platform, user in rows]
