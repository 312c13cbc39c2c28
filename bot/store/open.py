"""From DATABASE_URL to a store."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from bot.store.errors import StoreError
from bot.store.port import Store
from bot.store.sqlite import SQLiteStore

POSTGRESQL = ("postgresql", "postgres")


def several_may_share(url: str) -> bool:
    """Whether several processes may use that database at once."""
    return url.partition(":")[0] in POSTGRESQL


def open_store(url: str) -> Store:
    """The store a URL names, not yet opened. `sqlite:///data/bot.db` is relative, `sqlite:////srv/bot.db` is not;
    `postgresql://user@host/database` needs the extra `postgres`.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        raise StoreError("DATABASE_URL is no URL; write sqlite:///data/bot.db or postgresql://user@host/db.") from None
    if parts.scheme in POSTGRESQL:
        return _postgres(url)
    if parts.scheme != "sqlite":
        # Not the whole URL: it may hold a password.
        raise StoreError(
            f"DATABASE_URL starts with {parts.scheme or 'no scheme'!r}, which is no database the bot knows; "
            "write sqlite:///data/cliffhanger.db, sqlite:////an/absolute/path.db or postgresql://user@host/database."
        )
    path = unquote(parts.path)[1:]
    if parts.netloc or not path or path == ":memory:":
        raise StoreError(
            "DATABASE_URL names no file; write sqlite:///data/cliffhanger.db for a path below the folder "
            "the bot runs in, or sqlite:////an/absolute/path.db."
        )
    return SQLiteStore(path)


def _postgres(url: str) -> Store:
    # Loaded only where it is wanted: a bot on SQLite need not have the driver.
    try:
        from bot.store.postgres import PostgresStore
    except ModuleNotFoundError as error:
        if error.name != "asyncpg":
            raise
        raise StoreError(
            "DATABASE_URL names a PostgreSQL database, and the driver for it is not installed; "
            "install the extra: python -m pip install -c constraints.txt -e '.[postgres]'."
        ) from None
    return PostgresStore(url)
