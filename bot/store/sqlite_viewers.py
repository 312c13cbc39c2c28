"""The SQLite store's verbs about viewers: who they are, what they set, all that is kept about them."""

from __future__ import annotations

import base64
import json
import secrets
import sqlite3
import zlib
from collections.abc import Mapping, Sequence
from functools import partial

from bot.store.access import Access
from bot.store.queries import Queries
from bot.store.records import Identity

ABOUT = "about_"
"""What begins the name of a statement that finds a viewer's rows in a table."""

FACTS_AT_ONCE = 50_000
"""Facts looked through in one read: a few milliseconds, so that no tap waits for somebody's export."""

GONE = "gone"
"""The platform, so to speak, of voters who were forgotten."""

Row = Mapping[str, object]


class SQLiteViewers(Access):
    """See the port for each verb."""

    async def identities(self, viewer: int) -> Sequence[Identity]:
        """See the port."""
        return [Identity(*row) for row in await self._rows(self._queries.identities, viewer)]

    async def link(self, identity: Identity, viewer: int) -> None:
        """See the port."""
        await self._change(self._queries.link, identity.platform, identity.user, viewer)

    async def preferences(self, viewer: int) -> Mapping[str, str]:
        """See the port."""
        return dict(await self._rows(self._queries.preferences, viewer))

    async def prefer(self, viewer: int, name: str, value: str | None) -> None:
        """See the port."""
        if value is None:
            await self._change(self._queries.prefer_nothing, viewer, name)
        else:
            await self._change(self._queries.prefer, viewer, name, value)

    async def export(self, viewer: int) -> Mapping[str, Sequence[Row]]:
        """See the port."""
        tables = {
            name.removeprefix(ABOUT): await self._about(getattr(self._queries, name), viewer)
            for name in Queries.__slots__
            if name.startswith(ABOUT)
        }
        return {**tables, "fact": await self._facts(viewer)}

    async def _facts(self, viewer: int) -> Sequence[Row]:
        last = (await self._row(self._queries.last_fact))[0] or 0
        slices = [
            await self._about(self._queries.facts_between, viewer, start, start + FACTS_AT_ONCE)
            for start in range(0, last, FACTS_AT_ONCE)
        ]
        return [row for rows in slices for row in rows]

    async def _about(self, statement: str, *values: int) -> Sequence[Row]:
        return await self._database.read(partial(read_rows, statement, values))

    async def forget(self, viewer: int, addresses: Sequence[tuple[str, str]] = ()) -> None:
        """See the port."""
        await self._database.write(partial(self._forget, viewer, tuple(addresses)))

    def _forget(self, viewer: int, addresses: Sequence[tuple[str, str]], connection: sqlite3.Connection) -> None:
        queries = self._queries
        for statement in (queries.lose_cards, queries.forget_shown_at, queries.forget_lost_at):
            connection.executemany(statement, addresses)
        for [voter] in connection.execute(queries.voters, (viewer,)).fetchall():
            self._forget_voter(voter, connection)
        for [story] in connection.execute(queries.orphans, (viewer,)).fetchall():
            for statement in (queries.drop_drafts, queries.drop_roles, queries.drop_invites, queries.drop_rehearsals):
                connection.execute(statement, (story,))
        for statement in (
            # Sessions, identities and the viewer come last: the others are found through them.
            queries.forget_agenda,
            queries.forget_outbox,
            queries.forget_shown,
            queries.forget_votes,
            queries.forget_ballots,
            queries.forget_room,
            queries.forget_code,
            queries.forget_purchases,
            queries.forget_preferences,
            queries.forget_rehearsal,
            queries.forget_roles,
            queries.forget_invites,
            queries.forget_drafts,
            queries.forget_audit,
            queries.forget_publications,
            queries.forget_sessions,
            queries.forget_identities,
            queries.forget_viewer,
        ):
            connection.execute(statement, (viewer,))

    def _forget_voter(self, voter: str, connection: sqlite3.Connection) -> None:
        nobody = f"{GONE}:{secrets.token_hex(8)}"
        for statement in (self._queries.stir_rooms, self._queries.forget_open_votes):
            connection.execute(statement, (voter,))
        for statement in (self._queries.lose_voter, self._queries.lose_host):
            connection.execute(statement, (voter, nobody))
        connection.execute(self._queries.forget_plans, (voter,))


def read_rows(statement: str, values: Sequence[int], connection: sqlite3.Connection) -> Sequence[Row]:
    """The rows of an answer by the names of their columns, ready for JSON."""
    cursor = connection.execute(statement, values)
    columns = [column[0] for column in cursor.description]
    return [dict(zip(columns, map(readable, row), strict=True)) for row in cursor]


def readable(value: object) -> object:
    """Bytes as the JSON they hold, plain or deflated; else as text or base64. Anything else as it is."""
    if not isinstance(value, bytes):
        return value
    for unpack in (json.loads, lambda packed: json.loads(zlib.decompress(packed)), bytes.decode):
        try:
            opened: object = unpack(value)
        except (ValueError, zlib.error):
            continue
        return opened
    return base64.b64encode(value).decode()
