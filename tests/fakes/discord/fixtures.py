"""Fixtures for tests with the server: a test module takes over those it needs (`server = fixtures.discord_server`)."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
import yarl

import discord
from discord.gateway import DiscordWebSocket
from tests.fakes.discord import DiscordServer
from tests.fakes.discord.remote import RemoteDiscord
from tests.fakes.discord.spec import load_spec

needs_spec = pytest.mark.skipif(load_spec() is None, reason="the official description is not at hand")


@pytest.fixture
async def discord_server() -> AsyncIterator[DiscordServer]:
    """A server that must not have found anything wrong with the bot when the test ends."""
    async with DiscordServer() as server:
        yield server
    assert server.violations == []


@pytest.fixture
async def loose_server() -> AsyncIterator[DiscordServer]:
    """A server for tests that break rules on purpose."""
    async with DiscordServer() as server:
        yield server


@pytest.fixture
async def raw(loose_server: DiscordServer) -> AsyncIterator[aiohttp.ClientSession]:
    """A client with no opinions, at the REST base and with the bot's token."""
    headers = {"Authorization": f"Bot {loose_server.token}"}
    async with aiohttp.ClientSession(f"{loose_server.api}/", headers=headers) as session:
        yield session


def aim(monkeypatch: pytest.MonkeyPatch, server: DiscordServer | RemoteDiscord) -> None:
    """discord.py talks to this server until the test ends."""
    monkeypatch.setattr(discord.http.Route, "BASE", server.api)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway_url))


@asynccontextmanager
async def connected(client: discord.Client, server: DiscordServer, shards: int = 1) -> AsyncIterator[None]:
    """A client's life: so many of its shards are ready inside."""
    life = asyncio.create_task(client.start(server.token))
    ready = asyncio.create_task(_ready(client, server, shards))
    try:
        done, _ = await asyncio.wait({life, ready}, return_when=asyncio.FIRST_COMPLETED)
        for one in done:
            one.result()
        yield
    finally:
        ready.cancel()
        await client.close()
        with contextlib.suppress(asyncio.CancelledError):
            await life


async def _ready(client: discord.Client, server: DiscordServer, shards: int) -> None:
    await server.gateway.ready(shards)
    await client.wait_until_ready()
