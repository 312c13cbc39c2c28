"""From DATABASE_URL to a store."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from bot.store.errors import StoreError
from bot.store.port import Store
from bot.store.sqlite import SQLiteStore


def open_store(url: str) -> Store:
    """The store a URL names, not yet opened. `sqlite:///data/bot.db` is relative, `sqlite:////srv/bot.db` is not."""
    parts = urlsplit(url)
    if parts.scheme != "sqlite":
        # Not the whole URL: it may hold a password.
        raise StoreError(
            f"DATABASE_URL starts with {parts.scheme or 'no scheme'!r}, which is no database the bot knows; "
            "write sqlite:///data/cliffhanger.db or sqlite:////an/absolute/path.db."
        )
    path = unquote(parts.path)[1:]
    if parts.netloc or not path or path == ":memory:":
        raise StoreError(
            "DATABASE_URL names no file; write sqlite:///data/cliffhanger.db for a path below the folder "
            "the bot runs in, or sqlite:////an/absolute/path.db."
        )
    return SQLiteStore(path)
