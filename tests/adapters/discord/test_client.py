"""The client: nothing that somebody sends ends the connection that everybody shares."""

from __future__ import annotations

import errno
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from discord.shard import EventItem, EventType, Shard

import adapters.discord.client  # noqa: F401 - which teaches the library that error
from tests.fakes.discord import DiscordServer
from tests.fakes.on_discord import begun, bot_at, crowd, gathering, little, vote

WHOLE: dict[str, Any] = {
    "id": "1", "token": "t", "application_id": "1", "version": 1, "channel_id": "7", "locale": "en-US",
    "app_permissions": "0", "entitlements": [], "user": {"id": "5", "username": "ann"},
}  # fmt: skip


@pytest.mark.parametrize(
    "odd",
    [
        {"id": "1"},
        {"type": 3},
        {"type": 3, "data": {}},
        {"type": 3, "data": {"custom_id": None}},
        {"type": 3, "data": {"custom_id": "page:x"}},
        {"type": 3, "data": {"custom_id": "page:x"}, "message": {"id": "9", "components": [None]}},
        {"type": 5, "data": {"custom_id": "tap:x"}},
        {"type": 5, "data": {"custom_id": "tap:x", "components": [{"component": {"custom_id": "answer"}}]}},
        {"type": 2, "data": {"id": "1", "type": 1}},
        {"type": 99, "data": []},
    ],
)
async def test_what_nobody_understands_ends_nothing(odd: dict[str, Any], tmp_path: Path) -> None:
    async with DiscordServer() as server:
        server.limits = False
        host, *_ = crowd(server, 1)
        channel = gathering(server, [host])
        async with bot_at(server, tmp_path, little(tmp_path)):
            server.world.emit("INTERACTION_CREATE", odd if len(odd) == 1 else {**WHOLE, **odd}, None, 0)
            _, card = await begun(host, channel, "evening")
            assert (await vote(host, card, "The wood")).startswith("Counted")
        assert len(server.gateway.identifies) == 1


@pytest.mark.parametrize("number", [errno.ECONNRESET, 54])
async def test_a_connection_that_was_reset_is_resumed(number: int) -> None:
    told: list[EventItem] = []
    shard = SimpleNamespace(
        id=0, _reconnect=True, _dispatch=lambda *_: None, _client=SimpleNamespace(is_closed=lambda: False),
        _queue_put=told.append,
    )  # fmt: skip
    await Shard._handle_disconnect(cast(Shard, shard), OSError(number, "reset"))
    assert [item.type for item in told] == [EventType.resume]
