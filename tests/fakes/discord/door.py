"""HTTP in front of the world: reads a call, lets faults strike, answers as discord.com does."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import struct
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl, unquote

from aiohttp import BodyPartReader, web

from tests.fakes.discord.attachments import KEPT, PASSING, Upload
from tests.fakes.discord.faults import Fault
from tests.fakes.discord.limits import Bucket, Limited
from tests.fakes.discord.refusal import Refused, Violation, not_found, unauthorized
from tests.fakes.discord.router import Answer, Asked, Route
from tests.fakes.discord.routes import ROUTER
from tests.fakes.discord.world import Call, World

Control = Callable[[str, bytes], Awaitable[Any]]
"""Does one order of the control API: its name and its JSON."""

_API = re.compile(r"^/api(/v10)?(?=/)")
_FILE = re.compile(r"^files\[(\d+)\]$")
_MOST_BYTES = 110 << 20
_NOT_JSON = "<html>Bad Gateway</html>"


class Door:
    """Everything that comes over HTTP."""

    def __init__(self, world: World, control: Control) -> None:
        self._world = world
        self._control = control

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """/api/v10/<call>, /gateway (a WebSocket), /attachments/<file> and the like, /control/<order>."""
        path, _, query = request.raw_path.partition("?")
        if found := _API.match(path):
            return await self._call(request, path[found.end() :], query)
        if path.startswith("/gateway"):
            return await self._world.gateway.handle(request, query)
        if path.startswith((KEPT, PASSING)):
            return self._file(path)
        if path.startswith("/control/"):
            return await self._order(path.removeprefix("/control/"), await request.content.read())
        return _response(404, not_found().body())

    def now(self, method: str, target: str, authorization: str, content: bytes) -> tuple[int, bytes] | None:
        """The answer to a call without a form, at once; None where faults or the path want the long way."""
        path, _, query = target.partition("?")
        api = _API.match(path)
        found = ROUTER.find(method, path[api.end() :]) if api else None
        if found is None or self._world.faults.orders:
            return None
        route, parts = found
        try:
            body = json.loads(content) if content else None
        except ValueError:
            return None
        values = {name: unquote(one) for name, one in parts.items()}
        asked = Asked(self._world, values, dict(parse_qsl(query, keep_blank_values=True)) if query else {}, body)
        status, answer = self._answered(authorization, path, route, asked, None, {})
        return status, b"" if answer is None else json.dumps(answer).encode()

    async def _call(self, request: web.BaseRequest, path: str, query: str) -> web.StreamResponse:
        found = ROUTER.find(request.method, path)
        if found is None:
            return self._nowhere(request.method, path)
        route, parts = found
        world = self._world
        fault = world.faults.next(route.call, _channel_id(parts))
        if fault and fault.how == "reset":
            return broken(request)
        if fault and fault.how == "garble":
            return web.Response(status=fault.status, text=_NOT_JSON, content_type="text/html")
        headers: dict[str, str] = {}
        given = request.headers.get("Authorization", "")
        try:
            body, files = await _read(request)
            values = {name: unquote(one) for name, one in parts.items()}
            asked = Asked(world, values, dict(parse_qsl(query, keep_blank_values=True)), body, files)
            status, answer = self._answered(given, path, route, asked, fault, headers)
        except Refused as refused:
            status, answer = self._refused(route.call, path, None, refused)
        if fault and fault.how == "slow":
            await asyncio.sleep(fault.seconds)
        if fault and fault.how == "lose":
            return broken(request)
        return _response(status, answer, headers)

    def _answered(
        self, authorization: str, path: str, route: Route, asked: Asked, fault: Fault | None, headers: dict[str, str]
    ) -> Answer:
        world = self._world
        world.counts[route.call] += 1
        try:
            if not route.open and authorization != f"Bot {world.token}":
                raise unauthorized()
            if bucket := self._limited(route, asked, fault):
                headers |= bucket.headers(world.clock.now())
            if fault and fault.refusal:
                raise fault.refusal
            status, answer = self._checked(route, asked)
        except Refused as refused:
            if isinstance(refused, Limited):
                headers |= refused.headers(world.clock.now())
            return self._refused(route.call, path, asked.body, refused)
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            # Without the official description nobody looked at the call's shape before.
            world.violations.append(f"{route.call}: the server stumbled over {error!r}")
            return 500, {"message": "500: Internal Server Error", "code": 0}
        self._note(route.call, path, asked.body, status)
        return status, answer

    def _limited(self, route: Route, asked: Asked, fault: Fault | None) -> Bucket | None:
        if fault and fault.how == "flood":
            raise Limited(fault.seconds, fault.scope, None)
        limits = self._world.limits
        return limits.take(route.call, _major(asked)) if limits.on else None

    def _checked(self, route: Route, asked: Asked) -> Answer:
        """The work, between the checks of the call and of our own answer."""
        spec = self._world.spec
        operation = spec.operation(route.method, route.path) if spec else None
        if operation and (wrong := operation.fault(asked.query, asked.body)):
            raise Violation(*wrong)
        status, answer = route.work(asked)
        if operation and (wrong := operation.answer_fault(status, answer)):
            self._world.violations.append(f"our answer to {route.call}: {wrong[0]}: {wrong[1]}")
        return status, answer

    def _refused(self, call: str, path: str, body: Any, refused: Refused) -> Answer:
        if isinstance(refused, Violation):
            self._world.violations.append(f"{call}: {refused.words}")
        scope = refused.scope if isinstance(refused, Limited) else "user"
        self._world.limits.note(refused.status, scope)
        self._note(call, path, body, refused.status, refused.code)
        return refused.status, refused.body()

    def _note(self, call: str, path: str, body: Any, status: int, code: int = 0) -> None:
        if self._world.record:
            method, _, route = call.partition(" ")
            self._world.calls.append(Call(method, route, path, body, self._world.clock.now(), status, code))

    def _nowhere(self, method: str, path: str) -> web.Response:
        self._world.violations.append(f"{method} {path}: this server does not stand in for that")
        return _response(404, not_found().body())

    def _file(self, path: str) -> web.Response:
        upload = self._world.files.at(path)
        if upload is None:
            return web.Response(status=404, text="This content is no longer available.")
        return web.Response(body=upload.content, content_type=upload.mime)

    async def _order(self, order: str, body: bytes) -> web.Response:
        try:
            return _response(200, {"result": await self._control(order, body)})
        except (LookupError, TypeError, ValueError, TimeoutError, Refused) as error:
            return _response(400, {"error": f"{type(error).__name__}: {error}"})


async def _read(request: web.BaseRequest) -> tuple[Any, dict[int, Upload]]:
    if request.content_type == "multipart/form-data":
        return await _form(request)
    content = await request.content.read()
    if not content:
        return None, {}
    try:
        return json.loads(content), {}
    except ValueError:
        raise Violation("", "The request body contains invalid JSON.") from None


async def _form(request: web.BaseRequest) -> tuple[Any, dict[int, Upload]]:
    body: Any = {}
    files: dict[int, Upload] = {}
    if (request.content_length or 0) > _MOST_BYTES:
        raise Refused(413, 40005, "Request entity too large")
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise Violation("", "a form holds no forms")
        content = bytes(await part.read())
        named = _FILE.match(part.name or "")
        if part.name == "payload_json":
            body = json.loads(content)
        elif named:
            mime = part.headers.get("Content-Type", "application/octet-stream")
            files[int(named[1])] = Upload(part.filename or "unknown", content, mime)
        else:
            raise Violation("", f"a form has no part {part.name!r}")
    return body, files


def broken(request: web.BaseRequest) -> web.Response:
    """A reset, not an orderly end."""
    if request.transport:
        connection = request.transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return web.Response()


def _response(status: int, body: Any, headers: dict[str, str] | None = None) -> web.Response:
    if body is None:
        return web.Response(status=status, headers=headers)
    return web.Response(status=status, body=json.dumps(body).encode(), content_type="application/json", headers=headers)


def _major(asked: Asked) -> str:
    """What buckets of one route are told apart by."""
    path = asked.path
    return path.get("channel_id") or path.get("guild_id") or path.get("webhook_token") or ""


def _channel_id(parts: dict[str, str]) -> int | None:
    said = parts.get("channel_id", "")
    return int(said) if said.isdecimal() else None
