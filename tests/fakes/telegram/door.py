"""HTTP in front of the worlds: reads a call, lets faults strike, answers as api.telegram.org does."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, unquote

from aiohttp import BodyPartReader, web

from tests.fakes.telegram.faults import Fault
from tests.fakes.telegram.limits import UPLOAD_BYTES
from tests.fakes.telegram.methods import METHODS
from tests.fakes.telegram.parameters import Parameters, Upload
from tests.fakes.telegram.refusal import Refused, Violation
from tests.fakes.telegram.updates import CALLER_THERE
from tests.fakes.telegram.world import Call, World

Control = Callable[[str, bytes], Awaitable[Any]]
"""Does one order of the control API: its name and its JSON."""

_TOKEN = re.compile(r"\d+:[\w-]+")
_CHUNK = 1 << 16
_FORM_SPARE = 1 << 20
_STRUCTURED = re.compile(r"\s*[\[{]")
_WORDS = frozenset({"text", "caption", "payload", "title", "description"})


SPELLED = {name.lower(): name for name in METHODS}
"""Methods as the description spells them; Telegram itself takes no notice of capitals."""


class Door:
    """`worlds` by token."""

    def __init__(self, worlds: Mapping[str, World], control: Control) -> None:
        self._worlds = worlds
        self._control = control

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """/bot<token>/<method>, /file/bot<token>/<path>, /control/<order>."""
        path, _, query = request.raw_path.partition("?")
        if path.startswith("/control/"):
            return await self._order(path.removeprefix("/control/"), await request.content.read())
        try:
            if path.startswith("/file/bot"):
                return self._file(path.removeprefix("/file/bot"))
            token, _, named = path.removeprefix("/bot").partition("/")
            method = SPELLED.get(named.lower(), named)
            world = self._world(unquote(token))
        except Refused as refused:
            return _response(refused.code, refused.body())
        try:
            parameters = await _read(request, query)
        except Refused as refused:
            _note_violation(world, method, refused)
            return _response(refused.code, refused.body())
        return await self._answer(request, world, method, parameters)

    async def perform(self, world: World, method: str, parameters: Parameters) -> Any:
        """Does a call without HTTP: its result, or Refused. Violations are noted."""
        world.counts[method] += 1
        error = ""
        try:
            return await _work(world, method, parameters)
        except Refused as refused:
            error = refused.description
            _note_violation(world, method, refused)
            raise
        finally:
            if world.record:
                self._note(world, method, parameters, error)

    async def _answer(
        self, request: web.BaseRequest, world: World, method: str, parameters: Parameters
    ) -> web.StreamResponse:
        CALLER_THERE.set(lambda: request.transport is not None and not request.transport.is_closing())
        fault = world.faults.next(method, _chat_id(parameters))
        if fault and fault.how == "reset":
            return _broken(request)
        if fault and fault.how == "garble":
            return web.Response(status=fault.status, text="<html>Bad Gateway</html>", content_type="text/html")
        status, body = await self._answered(world, method, parameters, fault)
        if fault and fault.how == "slow":
            await asyncio.sleep(fault.seconds)
        if fault and fault.how == "lose":
            return _broken(request)
        return _response(status, body)

    async def _answered(
        self, world: World, method: str, parameters: Parameters, fault: Fault | None
    ) -> tuple[int, Any]:
        try:
            if fault and fault.refusal:
                world.counts[method] += 1
                self._note(world, method, parameters, fault.refusal.description)
                raise fault.refusal
            return 200, {"ok": True, "result": await self.perform(world, method, parameters)}
        except Refused as refused:
            return refused.code, refused.body()
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            # Without the official description nobody looked at the call's shape before.
            world.violations.append(f"{method}: the server stumbled over {error!r}")
            return 500, {"ok": False, "error_code": 500, "description": "Internal Server Error"}

    def _world(self, token: str) -> World:
        world = self._worlds.get(token)
        if world is None or world.revoked:
            raise Refused(401, "Unauthorized") if _TOKEN.fullmatch(token) else Refused(404, "Not Found")
        return world

    def _file(self, rest: str) -> web.Response:
        token, _, path = rest.partition("/")
        file = self._world(unquote(token)).files.at(unquote(path))
        if file is None:
            raise Refused(404, "Not Found")
        return web.Response(body=file.content, content_type="application/octet-stream")

    async def _order(self, order: str, body: bytes) -> web.Response:
        try:
            return _response(200, {"result": await self._control(order, body)})
        except (LookupError, TypeError, ValueError, TimeoutError, Refused) as error:
            return _response(400, {"error": f"{type(error).__name__}: {error}"})

    def _note(self, world: World, method: str, parameters: Parameters, error: str) -> None:
        if world.record:
            params = {**_readable(parameters.values), **parameters.files}
            world.calls.append(Call(method, params, _chat_id(parameters), world.clock.now(), error))


def _note_violation(world: World, method: str, refused: Refused) -> None:
    if isinstance(refused, Violation):
        world.violations.append(f"{method}: {refused.description}")


async def _work(world: World, method: str, parameters: Parameters) -> Any:
    work = METHODS.get(method)
    if world.spec:
        if method not in world.spec.methods:
            raise _unknown(404, "Not Found: method not found")
        if fault := world.spec.check(method, parameters.values, parameters.files):
            raise Violation(fault)
    if work is None:
        raise _unknown(501, "Not Implemented: this server does not stand in for that method")
    if world.flood and (chat := world.chats.get(_chat_id(parameters) or 0)):
        world.flood.check(method, chat)
    try:
        return await work(world, parameters)
    except UnicodeError:
        raise Violation("strings must be encoded in UTF-8") from None


def _unknown(code: int, description: str) -> Violation:
    violation = Violation(description)
    violation.code, violation.description = code, description
    return violation


async def _read(request: web.BaseRequest, query: str) -> Parameters:
    asked = dict(parse_qsl(query, keep_blank_values=True)) if query else {}
    kind = request.content_type
    if kind == "multipart/form-data":
        form = await _form(request)
        return replace(form, values={**asked, **form.values})
    body = await request.content.read()
    if len(body) > UPLOAD_BYTES:
        raise _too_large()
    if kind == "application/json" and body:
        try:
            values = json.loads(body)
        except ValueError:
            raise Violation("Can't parse request: Expected a JSON object") from None
        return Parameters({**asked, **values} if asked else {k: v for k, v in values.items() if v is not None})
    return Parameters({**asked, **dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))})


async def _form(request: web.BaseRequest) -> Parameters:
    values: dict[str, Any] = {}
    files: dict[str, Upload] = {}
    left = UPLOAD_BYTES + _FORM_SPARE
    if (request.content_length or 0) > left:
        raise _too_large()
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise Violation("a form holds no forms")
        content = bytearray()
        while chunk := await part.read_chunk(_CHUNK):
            content += chunk
            if len(content) > min(left, UPLOAD_BYTES):
                raise _too_large()
        left -= len(content)
        name = part.name or ""
        if part.filename is None:
            values[name] = content.decode(errors="replace")
        else:
            mime = part.headers.get("Content-Type", "application/octet-stream")
            files[name] = Upload(part.filename, bytes(content), mime)
    return Parameters(values, files)


def _too_large() -> Refused:
    return Refused(413, "Request Entity Too Large")


def _response(status: int, body: Any) -> web.Response:
    return web.Response(status=status, body=json.dumps(body).encode(), content_type="application/json")


def _broken(request: web.BaseRequest) -> web.Response:
    """A reset, not an orderly end."""
    if request.transport:
        connection = request.transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return web.Response()


def _chat_id(parameters: Parameters) -> int | None:
    said = parameters.values.get("chat_id")
    try:
        return int(said) if said is not None else None
    except (TypeError, ValueError):
        return None


def _readable(values: Mapping[str, Any]) -> dict[str, Any]:
    """A form's texts as what they stand for, so that tests need not care how a call came."""
    return {name: value if name in _WORDS else _meant(name, value) for name, value in values.items()}


def _meant(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value in ("true", "false"):
        return value == "true"
    if name in ("chat_id", "message_id", "message_thread_id", "user_id", "offset", "limit", "timeout"):
        return int(value) if re.fullmatch(r"-?\d+", value) else value
    try:
        return json.loads(value) if _STRUCTURED.match(value) else value
    except ValueError:
        return value
