"""From DATABASE_URL to a store."""

from __future__ import annotations

from pathlib import Path
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
    path = find_file(url)
    return SQLiteStore(path) if path is not None else _postgres(url)


def find_file(url: str, said: str = "DATABASE_URL") -> Path | None:
    """The SQLite file a URL names, or None when it names a PostgreSQL database, whose driver is there. Raises
    `StoreError`, which calls the URL what is `said`.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        raise StoreError(f"{said} is no URL; write sqlite:///data/bot.db or postgresql://user@host/db.") from None
    if parts.scheme in POSTGRESQL:
        _need_driver(said)
        return None
    if parts.scheme != "sqlite":
        # Not the whole URL: it may hold a password.
        raise StoreError(
            f"{said} starts with {parts.scheme or 'no scheme'!r}, which is no database the bot knows; "
            "write sqlite:///data/cliffhanger.db, sqlite:////an/absolute/path.db or postgresql://user@host/database."
        )
    path = unquote(parts.path)[1:]
    if parts.netloc or not path or path == ":memory:":
        raise StoreError(
            f"{said} names no file; write sqlite:///data/cliffhanger.db for a path below the folder "
            "the bot runs in, or sqlite:////an/absolute/path.db."
        )
    return Path(path)


def _postgres(url: str) -> Store:
    # Loaded only where it is wanted: a bot on SQLite need not have the driver.
    from bot.store.postgres import PostgresStore

    return PostgresStore(url)


def _need_driver(said: str) -> None:
    try:
        import asyncpg  # noqa: F401 - whether it is there
    except ModuleNotFoundError as error:
        if error.name != "asyncpg":
            raise
        raise StoreError(
            f"{said} names a PostgreSQL database, and the driver for it is not installed; "
            "install the extra: python -m pip install -c constraints.txt -e '.[postgres]'."
        ) from None
