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
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from bot.http.cut_off import CutOff
from bot.http.headers import SafeHeaders

GRACE_SECONDS = 5
"""How long open requests may take to finish when the server is told to stop."""

BACKLOG = 2048
"""Connections that may wait to be taken; uvicorn's own default."""


class CannotListen(Exception):
    """The address cannot be listened on; `str` of it is one line that says why and what to do."""


class WebServer:
    """Serves the given routes, and `/healthz` once `ready` is set."""

    def __init__(self, host: str, port: int, routes: Sequence[BaseRoute]) -> None:
        self.host, self.port = host, port
        self.ready = False
        health = Route("/healthz", self._health)
        self._app = CutOff(SafeHeaders(Starlette(routes=[health, *routes])))
        config = uvicorn.Config(
            self._app,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        self._server = _Server(config)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Listens while the context lasts. Raises `CannotListen`."""
        listener = _listen(self.host, self.port)
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
            self.ready = False
            self._server.should_exit = True
            await serving
            listener.close()

    async def _health(self, _: Request) -> JSONResponse:
        if not self.ready:
            return JSONResponse({"status": "starting"}, 503)
        return JSONResponse({"status": "ok"})


class _Server(uvicorn.Server):
    """Signals are the entrance's business: it ends everything in order, the server included."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise CannotListen(f"HOST: {host} is no address of this machine ({error.strerror}); try 127.0.0.1") from None
    listener = socket.socket(family, kind)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        # Not left to the server: until somebody listens, a second process may bind the same port.
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise CannotListen(f"PORT: {port} on {host} is taken; stop what uses it or set another PORT") from None
        raise CannotListen(f"HOST, PORT: cannot listen on {host}:{port} ({error.strerror}); set another") from None
    listener.setblocking(False)
    return listener
