"""Fixtures for tests with the server: a test module takes over those it needs (`bot = fixtures.bot`)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest
from aiohttp import web

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
)
from telegram.error import TelegramError
from tests.fakes.telegram import TelegramServer

CLIP = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 4
PICTURE = b"\xff\xd8\xff\xe0" + b"picture" * 20
BUTTONS = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("Get on the train", callback_data="on")],
        [InlineKeyboardButton("Stay", callback_data="stay")],
    ]
)

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
Serve = Callable[[Handler], Awaitable[str]]


@pytest.fixture(autouse=True)
def retry_after_in_its_new_form(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library warns of the old one with every 429."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


@pytest.fixture
async def bot(server: TelegramServer) -> AsyncIterator[Bot]:
    async with new_bot(server) as bot:
        yield bot


@pytest.fixture
async def raw(server: TelegramServer) -> AsyncIterator[httpx.AsyncClient]:
    """A client with no opinions, on the bot's address."""
    address = f"{server.url}/bot{server.token}/"
    async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=30) as client:
        yield client


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Puts a handler of one's own on a port: the URL."""
    runners: list[web.ServerRunner] = []

    async def start(handler: Handler) -> str:
        runner = web.ServerRunner(web.Server(handler))
        runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}"

    yield start
    for runner in runners:
        await runner.cleanup()


def new_bot(server: TelegramServer, token: str = "") -> Bot:
    return Bot(token or server.token, base_url=f"{server.url}/bot", base_file_url=f"{server.url}/file/bot")


def refused(kind: type[TelegramError], words: str) -> pytest.RaisesExc[TelegramError]:
    """The library puts the server's words into lower case."""
    return pytest.raises(kind, match=f"(?i){re.escape(words)}")
