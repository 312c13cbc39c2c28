"""The webhook over real HTTP: only Telegram is listened to, and "taken" is said when an update is durable."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from structlog.testing import capture_logs

from adapters.telegram import webhook as webhook_module
from adapters.telegram.webhook import HEADER, LARGEST, Webhook, secret_of
from tests.adapters.telegram.conftest import Parts, taking
from tests.adapters.telegram.test_intake import outbox, said, troubles
from tests.fakes.house import Clock
from tests.fakes.on_telegram import bot_at
from tests.fakes.telegram import TelegramServer
from tests.journeys.harbour import until

SECRET = secret_of(b"key", "42:token")
URL = "https://bot.example/telegram/hook"


@pytest.fixture
def webhook() -> Webhook:
    return Webhook(URL, SECRET)


@pytest.fixture
async def telegram(webhook: Webhook) -> AsyncIterator[httpx.AsyncClient]:
    """Whoever calls, with the secret that they were told."""
    transport = httpx.ASGITransport(Starlette(routes=[webhook.route()]))
    async with httpx.AsyncClient(transport=transport, base_url="https://bot.example", headers={HEADER: SECRET}) as http:
        yield http


async def call(telegram: httpx.AsyncClient, body: object, **headers: str) -> int:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return (await telegram.post("/telegram/hook", content=content, headers=headers)).status_code


def test_each_bot_has_a_secret_that_telegram_takes() -> None:
    assert secret_of(b"key", "42:token") == SECRET
    assert len({SECRET, secret_of(b"key", "43:token"), secret_of(b"other", "42:token")}) == 3
    # 1-256 of A-Za-z0-9_- (Bot API, setWebhook)
    assert 1 <= len(SECRET) <= 256
    assert SECRET.isalnum()


async def test_an_update_is_taken_and_then_acknowledged(
    parts: Parts, clock: Clock, webhook: Webhook, telegram: httpx.AsyncClient
) -> None:
    async with taking(parts, clock) as webhook.intake:
        assert await call(telegram, said(1, 1, "/play crossroads")) == 200
        assert await call(telegram, said(1, 1, "/play crossroads")) == 200
        assert await outbox(parts, 1) == ["fork"]


async def test_while_the_store_is_at_fault_telegram_is_to_come_again(
    parts: Parts, clock: Clock, webhook: Webhook, telegram: httpx.AsyncClient
) -> None:
    parts.store.failures = Counter(commit=1)
    async with taking(parts, clock) as webhook.intake:
        assert await call(telegram, said(1, 1, "/play crossroads")) == 503
        assert await outbox(parts, 1) == []
        assert await call(telegram, said(1, 1, "/play crossroads")) == 200
    assert await outbox(parts, 1) == ["fork"]


async def test_before_there_is_an_intake_telegram_is_to_come_again(telegram: httpx.AsyncClient) -> None:
    assert await call(telegram, said(1, 1, "/help")) == 503


@pytest.mark.parametrize("secret", ["", "x", SECRET[:-1], SECRET + "0", SECRET.upper(), "\xe9" * 64])
async def test_nobody_else_is_listened_to(
    parts: Parts, clock: Clock, webhook: Webhook, telegram: httpx.AsyncClient, secret: str
) -> None:
    async with taking(parts, clock) as webhook.intake:
        headers = {HEADER.encode(): secret.encode("latin-1")}
        answer = await telegram.post("/telegram/hook", json=said(1, 1, "/help"), headers=headers)
        assert answer.status_code == 401
    assert await outbox(parts, 1) == []


async def test_without_a_secret_nobody_is(parts: Parts, clock: Clock) -> None:
    open_door = Webhook(URL, "")
    transport = httpx.ASGITransport(Starlette(routes=[open_door.route()]))
    async with (
        taking(parts, clock) as open_door.intake,
        httpx.AsyncClient(transport=transport, base_url="https://bot.example") as http,
    ):
        assert await call(http, said(1, 1, "/help")) == 401
        assert await call(http, said(1, 1, "/help"), **{HEADER: ""}) == 401


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b'"text"', b"null", b"\xff\xfe", b"[" * 100_000])
async def test_what_is_no_update_is_refused(
    parts: Parts, clock: Clock, webhook: Webhook, telegram: httpx.AsyncClient, body: bytes
) -> None:
    async with taking(parts, clock) as webhook.intake:
        assert await call(telegram, body) == 400


async def test_what_is_too_large_is_refused_and_the_largest_is_not(
    parts: Parts, clock: Clock, webhook: Webhook, telegram: httpx.AsyncClient
) -> None:
    async with taking(parts, clock) as webhook.intake:
        update = said(1, 1, "/help")
        empty = len(json.dumps({**update, "padding": ""}))
        assert await call(telegram, {**update, "padding": "x" * (LARGEST - empty)}) == 200
        assert await call(telegram, {**update, "padding": "x" * (LARGEST - empty + 1)}) == 400
        assert await call(telegram, b" " * (LARGEST + 1)) == 400


async def test_an_update_with_half_a_character_comes_once(
    parts: Parts, clock: Clock, webhook: Webhook, telegram: httpx.AsyncClient
) -> None:
    async with taking(parts, clock) as webhook.intake:
        assert await call(telegram, said(1, 1, "half \ud83d a character")) == 200
        assert await call(telegram, said(2, 1, "/help")) == 200
    assert (await outbox(parts, 1))[-1] == "help"


async def test_an_update_that_we_fail_on_does_not_come_again(
    parts: Parts, clock: Clock, webhook: Webhook, telegram: httpx.AsyncClient
) -> None:
    async with taking(parts, clock) as webhook.intake:
        assert await call(telegram, {"update_id": 5, "callback_query": {}}) == 200
    assert await troubles(parts) == [f"{parts.bot.id}:5"]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
async def test_it_is_called_with_post_only(telegram: httpx.AsyncClient, method: str) -> None:
    assert (await telegram.request(method, "/telegram/hook")).status_code == 405


@pytest.mark.parametrize(
    ("url", "path"), [(URL, "/telegram/hook"), ("https://bot.example", "/"), (URL + "?a=b", "/telegram/hook")]
)
def test_the_route_is_the_path_of_the_url(url: str, path: str) -> None:
    assert Webhook(url, SECRET).route().path == path


async def test_when_another_bot_with_the_token_is_called_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook_module, "LOOK", 0.01)
    (tmp_path / "stories").mkdir()
    async with TelegramServer() as server:
        webhook, url = server.world.webhook, f"{server.url}/nobody-listens-here"
        with capture_logs() as logs:
            async with bot_at(server, tmp_path, tmp_path / "stories", webhook_url=url):
                await until(lambda: server.world.counts["getWebhookInfo"] > 2)
                assert not [one for one in logs if one["event"] == "telegram_calls_another"]
                webhook.set("https://other.example/telegram", "", 40)
                await until(lambda: [one for one in logs if one["event"] == "telegram_calls_another"])
        assert server.violations == []
