"""Where the database is: told to the driver whole, and to people without its password."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

from bot.store.errors import StoreError

SCHEMES = ("postgresql", "postgres")
PORT = 5432


class Target:
    """One PostgreSQL database. `str` of it names server and database, never user or password."""

    def __init__(self, url: str, said: str = "DATABASE_URL") -> None:
        """Raises `StoreError` when the URL names no database; the message repeats none of it, and calls it what is
        `said`.
        """
        self.url = url
        try:
            parts = urlsplit(url)
            options = parse_qs(parts.query)
            [host] = options.get("host", [parts.hostname or "localhost"])
            [port] = options.get("port", [str(parts.port or PORT)])
        except ValueError:
            parts = None
        name = unquote(parts.path)[1:] if parts is not None else ""
        if parts is None or parts.scheme not in SCHEMES or not name or "/" in name:
            raise StoreError(
                f"{said} names no PostgreSQL database; write postgresql://user:password@host:5432/database, "
                "with %40, %2F and so on for the signs @ and / in the password."
            )
        self._said = f"the database {name!r} at {host}:{port}"

    def __str__(self) -> str:
        return self._said
