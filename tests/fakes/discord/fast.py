"""The short way in for benchmarks: calls that came in one piece are answered without the web library's machinery."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any

from aiohttp import web

from tests.fakes.discord.door import Door

_METHODS = (b"POST /api/", b"PATCH /api/", b"GET /api/", b"PUT /api/", b"DELETE /api/")
_KEEP_ALIVE_SECONDS = 3600.0
_PHRASES = {status.value: status.phrase for status in HTTPStatus}


class FastServer(web.Server):
    """As web.Server, with `FastHandler` for each connection."""

    def __init__(self, door: Door) -> None:
        super().__init__(door.handle, access_log=None, keepalive_timeout=_KEEP_ALIVE_SECONDS)
        self._door = door

    def __call__(self) -> web.RequestHandler:
        return FastHandler(self, self._door)


class FastHandler(web.RequestHandler):
    """Whatever is not plain (forms, WebSockets, halves of calls, faults) takes the long way."""

    __slots__ = ("_door",)

    def __init__(self, server: FastServer, door: Door) -> None:
        loop = asyncio.get_running_loop()
        super().__init__(server, loop=loop, keepalive_timeout=_KEEP_ALIVE_SECONDS)
        self._door = door

    def data_received(self, data: bytes) -> None:
        answer = self._plain(data) if data.startswith(_METHODS) and self._current_request is None else None
        if answer is None or self.transport is None:
            super().data_received(data)
        else:
            self.transport.write(answer)

    def _plain(self, data: bytes) -> bytes | None:
        head, ended, content = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers: dict[str, Any] = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        whole = ended and len(content) == int(headers.get("content-length", 0))
        if not whole or "transfer-encoding" in headers or "multipart" in headers.get("content-type", ""):
            return None
        method, target, _ = lines[0].split(" ", 2)
        done = self._door.now(method, target, headers.get("authorization", ""), content)
        return _response(*done) if done else None


def _response(status: int, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status} {_PHRASES.get(status, '')}\r\n"
    if status == HTTPStatus.NO_CONTENT:
        return f"{head}\r\n".encode()
    return f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
