"""The transport against real HTTP: what goes wrong is told in the library's words and never names the token."""

from __future__ import annotations

import asyncio
import json
import traceback
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from telegram import Bot, InputFile
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from adapters.telegram.api import Api
from adapters.telegram.download import Downloads, NotThere, TooLarge
from adapters.telegram.request import AiohttpRequest
from tests.fakes.telegram import fixtures
from tests.fakes.telegram.fixtures import Handler, Serve

TOKEN = "42:a-secret-token-of-the-tests"
serve = fixtures.serve


@pytest.fixture
async def request_() -> AsyncIterator[AiohttpRequest]:
    request = AiohttpRequest()
    await request.initialize()
    yield request
    await request.shutdown()


def bot_at(url: str, request: AiohttpRequest) -> Bot:
    return Bot(TOKEN, base_url=f"{url}/bot", request=request, get_updates_request=request)


def answering(status: int, body: bytes | dict[str, object]) -> Handler:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()

    async def handle(request: web.BaseRequest) -> web.Response:
        await request.read()
        return web.Response(status=status, body=content, content_type="application/json")

    return handle


def error(code: int, description: str, **parameters: int) -> dict[str, object]:
    return {"ok": False, "error_code": code, "description": description, "parameters": parameters}


def assert_silent(raised: BaseException) -> None:
    """The token is nowhere in what a log would show."""
    shown = "".join(traceback.format_exception(raised)) + repr(raised) + str(raised)
    # The source lines of the traceback name `TOKEN`, not what it is.
    assert TOKEN not in shown


async def test_an_answer_is_read(serve: Serve, request_: AiohttpRequest) -> None:
    got: list[tuple[str, str, dict[str, object]]] = []

    async def handle(request: web.BaseRequest) -> web.Response:
        got.append((request.method, request.path, json.loads(await request.read())))
        return web.json_response(
            {"ok": True, "result": {"message_id": 5, "date": 0, "chat": {"id": 7, "type": "private"}}}
        )

    message = await bot_at(await serve(handle), request_).send_message(7, "Hé 🎬")
    assert message.message_id == 5
    [(method, path, body)] = got
    assert (method, path) == ("POST", f"/bot{TOKEN}/sendMessage")
    assert (body["chat_id"], body["text"]) == (7, "Hé 🎬")


async def test_a_file_travels_as_a_form(serve: Serve, request_: AiohttpRequest) -> None:
    got: dict[str, tuple[str | None, bytes]] = {}

    async def handle(request: web.BaseRequest) -> web.Response:
        async for part in await request.multipart():
            assert not isinstance(part, web.Request)
            got[part.name or ""] = (part.filename, bytes(await part.read()))  # type: ignore[union-attr]
        return web.json_response(
            {"ok": True, "result": {"message_id": 5, "date": 0, "chat": {"id": 7, "type": "private"}}}
        )

    clip = InputFile(bytes(range(256)) * 300, "clip é.mp4")
    await bot_at(await serve(handle), request_).send_video(7, clip, caption='Hé "🎬"', supports_streaming=True)
    assert got["chat_id"][1] == b"7"
    assert got["caption"][1].decode() == 'Hé "🎬"'
    assert got["supports_streaming"][1] == b"true"
    [content] = [content for filename, content in got.values() if filename]
    assert content == bytes(range(256)) * 300


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, error(400, "Bad Request: chat not found"), BadRequest),
        (400, error(400, "Bad Request: upgraded", migrate_to_chat_id=-1005), ChatMigrated),
        (401, error(401, "Unauthorized"), InvalidToken),
        (404, error(404, "Not Found"), InvalidToken),
        (403, error(403, "Forbidden: bot was blocked by the user"), Forbidden),
        (429, error(429, "Too Many Requests: retry after 3", retry_after=3), RetryAfter),
        (500, error(500, "Internal Server Error"), NetworkError),
        (502, b"<html>Bad Gateway</html>", TelegramError),
        (200, b"<html>", TelegramError),
        (200, b"", TelegramError),
        (200, b"\xff\xfe", TelegramError),
        (200, b"[" * 100_000, TelegramError),
    ],
)
async def test_each_refusal_is_what_it_is_called(
    serve: Serve, request_: AiohttpRequest, status: int, body: bytes | dict[str, object], kind: type[TelegramError]
) -> None:
    with pytest.raises(kind) as raised:
        await bot_at(await serve(answering(status, body)), request_).send_message(7, "x")
    assert_silent(raised.value)


async def test_no_answer_in_time_is_a_time_out(serve: Serve, request_: AiohttpRequest) -> None:
    never = asyncio.Event()

    async def handle(request: web.BaseRequest) -> web.Response:
        await never.wait()
        return web.Response()

    url = await serve(handle)
    with pytest.raises(TimedOut) as raised:
        await bot_at(url, request_).send_message(7, "x", read_timeout=0.05)
    assert_silent(raised.value)
    never.set()


async def test_an_answer_that_stops_half_way_is_a_time_out_or_a_broken_one(
    serve: Serve, request_: AiohttpRequest
) -> None:
    never = asyncio.Event()

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-length": "100"})
        await response.prepare(request)
        await response.write(b'{"ok":')
        await never.wait()
        assert request.transport is not None
        request.transport.abort()
        return response

    url = await serve(handle)
    with pytest.raises(TimedOut):
        await bot_at(url, request_).send_message(7, "x", read_timeout=0.05)
    never.set()
    with pytest.raises(NetworkError) as raised:
        await bot_at(url, request_).send_message(7, "x", read_timeout=5)
    assert_silent(raised.value)


async def test_a_connection_that_breaks_is_a_network_error(serve: Serve, request_: AiohttpRequest) -> None:
    async def handle(request: web.BaseRequest) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    with pytest.raises(NetworkError) as raised:
        await bot_at(await serve(handle), request_).send_message(7, "x")
    assert not isinstance(raised.value, BadRequest)
    assert_silent(raised.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://no-such-host.invalid", "http://", "not an address"])
async def test_an_address_where_nobody_is_is_a_network_error(request_: AiohttpRequest, url: str) -> None:
    with pytest.raises(NetworkError) as raised:
        await bot_at(url, request_).send_message(7, "x")
    assert_silent(raised.value)


async def test_a_closed_transport_says_so_and_opens_again(serve: Serve) -> None:
    url = await serve(answering(200, {"ok": True, "result": True}))
    request = AiohttpRequest()
    bot = bot_at(url, request)
    with pytest.raises(NetworkError, match="closed"):
        await bot.delete_message(7, 1)
    for _ in range(2):
        await request.initialize()
        await request.initialize()
        assert await bot.delete_message(7, 1)
        await request.shutdown()
        await request.shutdown()


async def test_connections_are_kept_and_never_more_than_allowed(serve: Serve) -> None:
    peers: set[object] = set()
    open_, most = 0, 0

    async def handle(request: web.BaseRequest) -> web.Response:
        nonlocal open_, most
        assert request.transport is not None
        peers.add(request.transport.get_extra_info("peername"))
        open_ += 1
        most = max(most, open_)
        await asyncio.sleep(0.002)
        open_ -= 1
        return web.json_response({"ok": True, "result": True})

    url = await serve(handle)
    request = AiohttpRequest(connections=3)
    await request.initialize()
    bot = bot_at(url, request)
    await asyncio.gather(*(bot.delete_message(7, number) for number in range(1, 31)))
    await request.shutdown()
    assert most <= 3
    assert len(peers) <= 3


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, error(400, "Bad Request: chat not found"), BadRequest),
        (429, error(429, "Too Many Requests: retry after 3", retry_after=3), RetryAfter),
        (401, error(401, "Unauthorized"), InvalidToken),
        (502, b"<html>Bad Gateway</html>", TelegramError),
        (200, b"<html>", TelegramError),
    ],
)
async def test_a_straight_call_goes_wrong_in_the_same_words(
    serve: Serve, request_: AiohttpRequest, status: int, body: bytes | dict[str, object], kind: type[TelegramError]
) -> None:
    with pytest.raises(kind) as raised:
        await Api(bot_at(await serve(answering(status, body)), request_)).call("sendMessage", chat_id=7, text="x")
    assert_silent(raised.value)


async def test_a_straight_call_leaves_out_what_says_nothing(serve: Serve, request_: AiohttpRequest) -> None:
    got: list[dict[str, object]] = []

    async def handle(request: web.BaseRequest) -> web.Response:
        got.append(json.loads(await request.read()))
        return web.json_response({"ok": True, "result": {"message_id": 5}})

    api = Api(bot_at(await serve(handle), request_))
    answer = await api.call("sendMessage", chat_id=7, text="", reply_markup=None, protect_content=False, number=0)
    assert answer == {"message_id": 5}
    assert got == [{"chat_id": 7, "text": "", "number": 0}]


# -- downloads


@pytest.mark.parametrize(("size", "status"), [(0, 200), (1_000_000, 200), (1_000_001, 413), (3_000_000, 413)])
async def test_a_download_is_written_up_to_its_limit(
    request_: AiohttpRequest, serve: Serve, tmp_path: Path, size: int, status: int
) -> None:
    url = await serve(answering(200, bytes(size)))
    assert await request_.download(url, tmp_path / "sent", 1_000_000) == status
    assert (tmp_path / "sent").stat().st_size <= 1_000_000
    assert status != 200 or (tmp_path / "sent").stat().st_size == size


async def test_a_download_that_is_not_there_writes_nothing(
    request_: AiohttpRequest, serve: Serve, tmp_path: Path
) -> None:
    assert await request_.download(await serve(answering(404, b"no")), tmp_path / "sent", 9) == 404
    assert not (tmp_path / "sent").exists()


async def test_a_download_that_breaks_off_may_be_tried_again(
    request_: AiohttpRequest, serve: Serve, tmp_path: Path
) -> None:
    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-length": "100"})
        await response.prepare(request)
        await response.write(b"half")
        assert request.transport is not None
        request.transport.abort()
        return response

    with pytest.raises(NetworkError):
        await request_.download(await serve(handle), tmp_path / "sent", 100)


@pytest.mark.parametrize(
    ("status", "error"), [(404, NotThere), (413, TooLarge), (429, NetworkError), (502, NetworkError)]
)
async def test_what_becomes_of_a_file_says_whether_it_is_tried_again(
    request_: AiohttpRequest, serve: Serve, tmp_path: Path, status: int, error: type[Exception]
) -> None:
    async def handle(request: web.BaseRequest) -> web.Response:
        if request.path.endswith("/getFile"):
            found = {"file_id": "a", "file_unique_id": "b", "file_path": "documents/1.zip"}
            return web.json_response({"ok": True, "result": found})
        return web.Response(status=status)

    url = await serve(handle)
    bot = Bot(TOKEN, f"{url}/bot", f"{url}/file/bot", request=request_, get_updates_request=request_)
    with pytest.raises(error) as raised:
        await Downloads(bot).fetch("a", tmp_path / "sent")
    assert TOKEN not in "".join(traceback.format_exception(raised.value))
