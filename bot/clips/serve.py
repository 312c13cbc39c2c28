"""Clips over HTTP, in the ranges that players ask for, to whoever holds a signed link."""

from __future__ import annotations

from collections.abc import Callable
from time import time

import structlog
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.clips.library import Clip, ClipLibrary
from bot.clips.link import PREFIX, VAULT, ClipLinks
from bot.clips.part import drop_odd_range
from bot.clips.vault.answer import answer
from bot.clips.vault.kept import VaultError, digest_of
from bot.clips.vault.port import Vault

log = structlog.get_logger()


class ClipServer:
    """Answers for the files of a library and for what is in a vault; `now` is the clock in seconds since 1970."""

    def __init__(
        self, library: ClipLibrary, links: ClipLinks, now: Callable[[], float] = time, vault: Vault | None = None
    ) -> None:
        self._library = library
        self._vault = vault
        self._links = links
        self._now = now
        self._files = StaticFiles()

    def route(self) -> Route:
        """The route to put into the web server's table. GET and HEAD."""
        return Route(f"{PREFIX}/{{story}}/{{path:path}}", self.answer, methods=["GET"], name="clip")

    async def answer(self, request: Request) -> Response:
        """200, 206, 304 or 416 with the file; 403 for a link that is not ours or too old; 404 for no such file; 503
        while the vault is away."""
        story, path = request.path_params["story"], request.path_params["path"]
        expires = request.query_params.get("expires", "")
        if not self._links.check(story, path, expires, request.query_params.get("signature", ""), self._now()):
            return _refusal(403, "bad_link", "This link is not valid any more. Open the story again for a new one.")
        seconds = max(int(expires) - int(self._now()), 0)
        if story == VAULT and self._vault is not None:
            return await self._kept(self._vault, digest_of(path), request, seconds)
        clip = await to_thread.run_sync(self._library.find, story, path)
        if clip is None:
            return _unknown()
        drop_odd_range(request.scope)
        return self._file(clip, request.scope, seconds)

    def _file(self, clip: Clip, scope: Scope, seconds: int) -> Response:
        # Starlette's own file responses know ranges, If-Range, ETag and dates, and read off the event loop.
        response = self._files.file_response(clip.path, clip.status, scope)
        response.headers.update(_for(seconds))
        if response.status_code == 200:
            response.headers["content-type"] = clip.type
        return response

    async def _kept(self, vault: Vault, digest: str, request: Request, seconds: int) -> Response:
        try:
            kept = await vault.find(digest)
            if kept is not None:
                return await answer(vault, kept, request, _for(seconds))
        except VaultError as error:
            log.warning("vault_unreachable", error=str(error))
            return _refusal(503, "vault_away", "This clip cannot be fetched just now. Try again in a moment.")
        return _unknown()


def _for(seconds: int) -> dict[str, str]:
    """How long a browser may keep the clip, which it must take for what we say it is."""
    return {"cache-control": f"private, max-age={seconds}", "x-content-type-options": "nosniff"}


def _unknown() -> JSONResponse:
    return _refusal(404, "unknown_clip", "There is no such clip in this story.")


def _refusal(status: int, code: str, message: str) -> JSONResponse:
    error = {"error": {"code": code, "message": message}}
    return JSONResponse(error, status, headers={"cache-control": "no-store"})
