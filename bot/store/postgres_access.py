"""The way to PostgreSQL, which the parts of that store share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, TypeVar

from bot.figures import Figures
from bot.store.batch import GROUP
from bot.store.errors import Unstorable
from bot.store.home import home_of
from bot.store.postgres_database import PostgresDatabase
from bot.store.postgres_line import Connection
from bot.store.postgres_queries import read_postgres_queries
from bot.store.postgres_schema import postgres_migrations
from bot.store.postgres_target import Target
from bot.store.schema import Migration

Result = TypeVar("Result")


class PostgresAccess:
    """One database with its statements, for one process. `group` is the most jobs in one statement, `migrations` are
    the release's own unless told otherwise.
    """

    def __init__(self, url: str, group: int = GROUP, migrations: tuple[Migration, ...] | None = None) -> None:
        self._queries = read_postgres_queries()
        self.figures = Figures()
        self._database = PostgresDatabase(
            Target(url), self._queries, group, self.figures,
            postgres_migrations() if migrations is None else migrations,
        )  # fmt: skip

    async def _row(self, statement: str, *values: Any) -> Any:
        rows = await self._database.rows(statement, *values)
        return rows[0] if rows else None

    async def _rows(self, statement: str, *values: Any) -> list[Any]:
        return await self._database.rows(statement, *values)

    async def _change(self, statement: str, *values: Any) -> None:
        await self._database.aside(lambda connection: connection.execute(statement, *values))

    async def _changed(self, statement: str, *values: Any) -> bool:
        """Whether it changed a row: the statement returns true for each."""
        return await self._database.aside(lambda connection: connection.fetchval(statement, *values)) is True

    async def _whole(self, work: Callable[[Connection], Awaitable[Result]]) -> Result:
        """Do several statements in one transaction."""

        async def transaction(connection: Connection) -> Result:
            async with connection.transaction():
                return await work(connection)

        result: Result = await self._database.aside(transaction)
        return result

    async def _for_viewer(self, viewer: int, statement: str, *values: Any) -> None:
        """Change something of a viewer, who must be there."""

        async def change(connection: Connection) -> None:
            if await connection.fetchval(self._queries.hold_viewer, viewer) is None:
                raise Unstorable(f"there is no viewer {viewer}; nothing was written.")
            await connection.execute(statement, *values)

        await self._whole(change)

    # -- stories, which viewers have as their creators

    async def _hold_stories(self, stories: Iterable[str], connection: Connection) -> None:
        """Until the transaction ends nobody else changes whose they are. A lock, as a new story has no row to be held;
        always in one order, so that no two wait for each other.
        """
        locks = sorted({home_of("story", story) for story in stories})
        await connection.fetch(self._queries.hold_stories, locks)

    async def _hold_stories_of(self, viewer: int, connection: Connection) -> list[str]:
        stories = [row[0] for row in await connection.fetch(self._queries.creator_stories, viewer)]
        await self._hold_stories(stories, connection)
        return stories

    async def _drop_stories(self, stories: Sequence[str], connection: Connection) -> bool:
        """All that is of these stories goes but what was published. Whether there was a draft."""
        queries = self._queries
        dropped = await connection.fetch(queries.drop_drafts, stories)
        for statement in (queries.drop_roles, queries.drop_invites, queries.drop_rehearsals):
            await connection.execute(statement, stories)
        return bool(dropped)
