"""The web server: starts on its port or says why not, answers when ready, and ends cleanly."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from collections.abc import AsyncIterator, Iterator, Sequence

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.http.cut_off import CutOff
from bot.http.headers import SafeHeaders

GRACE_SECONDS = 5
"""How long open requests may take to finish when the server is told to stop."""

IDLE_SECONDS = 180
"""How long a connection may rest before it is closed here: longer than proxies keep theirs (Caddy two minutes). What
comes in the moment of closing is lost, and a proxy may not send a tap twice."""

BACKLOG = 2048
"""Connections that may wait to be taken; uvicorn's own default."""


class CannotListen(Exception):
    """The address cannot be listened on; `str` of it is one line that says why and what to do."""


class WebServer:
    """Serves the given routes and those that are added, and `/healthz` once `ready` is set."""

    def __init__(self, host: str, port: int, routes: Sequence[BaseRoute], *, shared: bool = False) -> None:
        """`shared`: other workers on this machine listen on the same port, and each gets some of the calls."""
        self.host, self.port = host, port
        self.ready = False
        self._shared = shared
        self._starlette = Starlette(
            routes=[Route("/healthz", self._health), *routes], exception_handlers={404: self._not_found}
        )
        self._app = CutOff(SafeHeaders(self._starlette))
        config = uvicorn.Config(
            self._app,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
            timeout_keep_alive=IDLE_SECONDS,
        )
        self._server = _Server(config)

    def add(self, routes: Sequence[BaseRoute]) -> None:
        """Serve these too, behind those that are there."""
        self._starlette.router.routes.extend(routes)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Listens while the context lasts. Raises `CannotListen`."""
        listener = _listen(self.host, self.port, shared=self._shared)
        self.port = listener.getsockname()[1]
        serving = asyncio.create_task(self._server.serve(sockets=[listener]))
        up = asyncio.create_task(self._server.up.wait())
        try:
            # Should it not come up, it ends: then its error is raised below.
            await asyncio.wait((serving, up), return_when=asyncio.FIRST_COMPLETED)
            if up.done():
                yield
        finally:
            up.cancel()
            await self.close()
            await serving
            listener.close()

    async def close(self) -> None:
        """Take no more calls, and wait until those at hand are answered."""
        self.ready = False
        self._server.should_exit = True
        await self._server.down.wait()

    async def _health(self, _: Request) -> JSONResponse:
        if not self.ready:
            return JSONResponse({"status": "starting"}, 503)
        return JSONResponse({"status": "ok"})

    async def _not_found(self, _: Request, error: Exception) -> Response:
        """There is no such address; or not yet: whoever called while the bot began again is to come again."""
        if self.ready:
            return PlainTextResponse("Not Found", 404)
        said = {"error": {"code": "busy", "message": "The bot is starting. Try again in a moment."}}
        return JSONResponse(said, 503, headers={"retry-after": "1", "refresh": "2"})


class _Server(uvicorn.Server):
    """Signals are the entrance's business: it ends everything in order, the server included."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()
        self.down = asyncio.Event()

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().serve(sockets)
        finally:
            self.down.set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def reserve(host: str, port: int) -> socket.socket:
    """A port for workers that share it: kept for them while this socket is open. Raises `CannotListen`."""
    # Somebody else's port must not be shared: so first it is taken alone.
    taken = _bound(host, port, socket.SO_REUSEADDR)
    number = taken.getsockname()[1]
    taken.close()
    return _bound(host, number, socket.SO_REUSEPORT)


def _listen(host: str, port: int, *, shared: bool) -> socket.socket:
    listener = _bound(host, port, socket.SO_REUSEPORT if shared else socket.SO_REUSEADDR, listens=True)
    listener.setblocking(False)
    return listener


def _bound(host: str, port: int, option: int, *, listens: bool = False) -> socket.socket:
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise CannotListen(f"HOST: {host} is no address of this machine ({error.strerror}); try 127.0.0.1") from None
    listener = socket.socket(family, kind)
    try:
        listener.setsockopt(socket.SOL_SOCKET, option, 1)
        listener.bind(address)
        if listens:
            # Not left to the server: until somebody listens, a second process may bind the same port.
            listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise CannotListen(f"PORT: {port} on {host} is taken; stop what uses it or set another PORT") from None
        raise CannotListen(f"HOST, PORT: cannot listen on {host}:{port} ({error.strerror}); set another") from None
    return listener
