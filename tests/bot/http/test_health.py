"""Whether a process can do its work is told part by part, in words that say nothing to a stranger."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from bot.app import App
from bot.http import health
from bot.http.health import Readiness
from bot.http.server import WebServer
from bot.store.sqlite import SQLiteStore
from tests.fakes.entrance import PATIENCE, Running, disk, running
from tests.fakes.house import House


@dataclass
class Ward:
    """A server whose readiness is asked for."""

    http: httpx.AsyncClient
    reached: set[str] = field(default_factory=set)
    started: bool = True

    async def ask(self) -> tuple[int, dict[str, object]]:
        response = await self.http.get("/readyz")
        assert response.headers["cache-control"] == "no-store"
        assert len(response.text.splitlines()) == len(response.json()) + 2, "one line for each part"
        return response.status_code, response.json()


@asynccontextmanager
async def ward_of(app: App, *wanted: str) -> AsyncIterator[Ward]:
    reached: set[str] = set()
    server = WebServer("127.0.0.1", 0, [Readiness(app.store, lambda: ward.started, wanted, reached).route()])
    async with server.running(), httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}", trust_env=False) as http:
        ward = Ward(http, reached)
        yield ward


@pytest.fixture
def _asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "KEPT_SECONDS", 0.0)


async def test_it_is_ready_when_every_part_is(app: App) -> None:
    async with ward_of(app, "telegram") as ward:
        ward.reached.add("telegram")
        assert await ward.ask() == (200, {"ready": True, "server": "ok", "store": "ok", "telegram": "ok"})


async def test_it_is_not_ready_before_the_entrance_is_through(app: App) -> None:
    async with ward_of(app) as ward:
        ward.started = False
        assert await ward.ask() == (503, {"ready": False, "server": "starting or stopping", "store": "ok"})


async def test_a_platform_must_be_reached_once_and_then_stands_in_nobodys_way(app: App) -> None:
    async with ward_of(app, "telegram", "discord") as ward:
        ward.reached.add("telegram")
        status, parts = await ward.ask()
        assert (status, parts["telegram"], parts["discord"]) == (503, "ok", "not reached")
        ward.reached.add("discord")
        assert (await ward.ask())[0] == 200
        ward.reached.clear()
        status, parts = await ward.ask()
        assert (status, parts["telegram"], parts["discord"]) == (200, "lost", "lost")


@pytest.mark.usefixtures("_asked_anew")
async def test_a_store_that_cannot_write_is_found_out_without_saying_why(app: App) -> None:
    async with ward_of(app) as ward:
        assert (await ward.ask())[0] == 200
        await app.store.close()
        assert await ward.ask() == (503, {"ready": False, "server": "ok", "store": "not writable"})


class SlowStore(SQLiteStore):
    """Writes nothing until it is let."""

    let: asyncio.Event
    writes = 0

    async def keep_clip_file(self, bot: str, clip: str, file_id: str) -> None:
        self.writes += 1
        await self.let.wait()
        await super().keep_clip_file(bot, clip, file_id)


@pytest.mark.usefixtures("_asked_anew")
async def test_a_slow_store_is_waited_for_within_a_bound_and_asked_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "STORE_SECONDS", 0.01)
    async with house.running(SlowStore) as app, ward_of(app) as ward:
        assert isinstance(app.store, SlowStore)
        app.store.let = asyncio.Event()
        answers = await asyncio.gather(*(ward.ask() for _ in range(20)))
        assert {(status, parts["store"]) for status, parts in answers} == {(503, "slow")}
        assert app.store.writes == 1
        app.store.let.set()
        monkeypatch.setattr(health, "STORE_SECONDS", 60.0)
        while (await ward.ask())[0] != 200:
            pass


async def test_asking_often_does_not_make_the_disk_busy(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "KEPT_SECONDS", 3600.0)
    async with ward_of(app) as ward:
        before = sum(app.figures.lines["writer"].groups.counts)
        for _ in range(10):
            assert (await ward.ask())[0] == 200
        assert sum(app.figures.lines["writer"].groups.counts) == before + 1


def test_a_full_disk_is_told_until_there_is_room(house: House) -> None:
    with disk(house.folder / "data", "size=2m") as data:
        if data is None:
            pytest.skip("no small disk can be mounted here")
        with running(house.folder) as bot:
            assert told(bot, "ok") == 200
            filler = data / "filler"
            fill(filler)
            assert told(bot, "not writable") == 503
            filler.unlink()
            assert told(bot, "ok") == 200


def told(bot: Running, store: str) -> int:
    """The status with which it says this of its store; what it said a moment ago it may say again first."""
    end = time.monotonic() + PATIENCE
    while (response := httpx.get(f"{bot.address}/readyz", trust_env=False)).json()["store"] != store:
        assert time.monotonic() < end, response.text
        time.sleep(0.1)
    return response.status_code


def fill(path: Path) -> None:
    """Take all the room that is left."""
    with suppress(OSError), path.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)
