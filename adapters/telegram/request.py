"""How calls travel to the Bot API: python-telegram-bot's transport on aiohttp, several times as fast as its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast

import aiohttp
from pydantic_core import from_json, to_json
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

CONNECTIONS = 64
"""To the API at once: enough for a crowd, few enough for a small machine."""

SECONDS = 20.0
"""For an answer to an ordinary call."""

UPLOAD_SECONDS = 180.0
"""For an answer to a call that carries a file."""

CONNECT_SECONDS = 10.0

PIECE = 64 * 1024
"""Bytes of a download that are in memory at a time."""


class Ready:
    """What a call sends, where nothing has to be made ready for JSON; stands in for the library's `RequestData`."""

    __slots__ = ("parameters",)
    contains_files = False

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.parameters = values


class AiohttpRequest(BaseRequest):
    """One session of kept-alive connections."""

    __slots__ = ("_connections", "_session")

    def __init__(self, connections: int = CONNECTIONS) -> None:
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds that are waited for an answer when a call says nothing else."""
        return SECONDS

    async def initialize(self) -> None:
        """Open the session; nothing travels yet."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=60)
            self._session = aiohttp.ClientSession(
                connector=connector, headers={"user-agent": self.USER_AGENT}, cookie_jar=aiohttp.DummyCookieJar()
            )

    async def shutdown(self) -> None:
        """Close every connection."""
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:
        """The answer as JSON. Unlike the library's own it neither logs nor repeats what it could not read."""
        try:
            return from_json(payload)
        except ValueError:
            return _lenient(payload)

    async def ask(self, url: str, values: Mapping[str, Any]) -> Any:
        """A call with values that are ready for JSON: its result as it comes, its errors as those of any other call."""
        payload = await self._request_wrapper(url, "POST", cast(RequestData, Ready(values)))
        return self.parse_json_payload(payload)["result"]

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One call: (status, body). Raises `TimedOut` and `NetworkError`, neither of which names the token."""
        if self._session is None:
            raise NetworkError("the transport is closed")
        files = request_data is not None and request_data.contains_files
        wait = read_timeout if isinstance(read_timeout, int | float) else UPLOAD_SECONDS if files else SECONDS
        sent = _body(request_data) if request_data is not None else {}
        try:
            async with self._session.request(method, url, timeout=_timeout(wait), **sent) as response:
                return response.status, await response.read()
        except TimeoutError:
            raise TimedOut from None
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from None

    async def download(self, url: str, path: Path, most: int) -> int:
        """Write what is at the URL into a file, piece by piece: the status. What has more bytes than `most` gets a 413.

        Raises `TimedOut` and `NetworkError` as calls do, and `OSError` where the disk is full.
        """
        if self._session is None:
            raise NetworkError("the transport is closed")
        try:
            async with self._session.get(url, timeout=_timeout(SECONDS)) as response:
                return await _written(response, path, most)
        except TimeoutError:
            raise TimedOut from None
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from None


async def _written(response: aiohttp.ClientResponse, path: Path, most: int) -> int:
    if response.status != HTTPStatus.OK:
        return response.status
    with path.open("wb") as file:
        async for piece in response.content.iter_chunked(PIECE):
            if file.tell() + len(piece) > most:
                return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            file.write(piece)
    return HTTPStatus.OK


@cache
def _timeout(seconds: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=seconds)


def _lenient(payload: bytes) -> Any:
    """JSON in which a text may hold half a character: it must not take everything else in the answer with it."""
    try:
        return json.loads(payload)
    except (ValueError, RecursionError):
        raise TelegramError("Invalid server response") from None


def _body(data: RequestData) -> dict[str, Any]:
    if not data.contains_files:
        return {"data": to_json(data.parameters), "headers": {"content-type": "application/json"}}
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return {"data": form}
