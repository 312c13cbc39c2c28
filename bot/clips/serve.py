"""Clips over HTTP, in the ranges that players ask for, to whoever holds a signed link."""

from __future__ import annotations

import re
from collections.abc import Callable
from time import time

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.clips.library import Clip, ClipLibrary
from bot.clips.link import PREFIX, ClipLinks

ONE_RANGE = re.compile(r"bytes=(?:(\d{1,18})-(\d{1,18})?|-\d{1,18})", re.ASCII)
"""The ranges that are answered with a part. Any other, several at once too, gets the whole file (RFC 9110, 14.2)."""


class ClipServer:
    """Answers for the files of a library; `now` is the clock in seconds since 1970."""

    def __init__(self, library: ClipLibrary, links: ClipLinks, now: Callable[[], float] = time) -> None:
        self._library = library
        self._links = links
        self._now = now
        self._files = StaticFiles()

    def route(self) -> Route:
        """The route to put into the web server's table. GET and HEAD."""
        return Route(f"{PREFIX}/{{story}}/{{path:path}}", self.answer, methods=["GET"], name="clip")

    async def answer(self, request: Request) -> Response:
        """200, 206, 304 or 416 with the file; 403 for a link that is not ours or too old; 404 for no such file."""
        story, path = request.path_params["story"], request.path_params["path"]
        expires = request.query_params.get("expires", "")
        if not self._links.check(story, path, expires, request.query_params.get("signature", ""), self._now()):
            return _refusal(403, "bad_link", "This link is not valid any more. Open the story again for a new one.")
        clip = await to_thread.run_sync(self._library.find, story, path)
        if clip is None:
            return _refusal(404, "unknown_clip", "There is no such clip in this story.")
        _drop_odd_range(request.scope)
        return self._file(clip, request.scope, int(expires) - int(self._now()))

    def _file(self, clip: Clip, scope: Scope, seconds: int) -> Response:
        # Starlette's own file responses know ranges, If-Range, ETag and dates, and read off the event loop.
        response = self._files.file_response(clip.path, clip.status, scope)
        response.headers["cache-control"] = f"private, max-age={max(seconds, 0)}"
        response.headers["x-content-type-options"] = "nosniff"
        if response.status_code == 200:
            response.headers["content-type"] = clip.type
        return response


def _drop_odd_range(scope: Scope) -> None:
    """Take a range out of the request that Starlette would refuse or answer in several parts."""

    def is_fit(value: bytes) -> bool:
        found = ONE_RANGE.fullmatch(value.decode("latin-1"))
        return found is not None and (not found[2] or int(found[1]) <= int(found[2]))

    several = sum(name == b"range" for name, _ in scope["headers"]) > 1
    scope["headers"] = [
        (name, value)
        for name, value in scope["headers"]
        if name != b"range" or (scope["method"] == "GET" and not several and is_fit(value))
    ]


def _refusal(status: int, code: str, message: str) -> JSONResponse:
    error = {"error": {"code": code, "message": message}}
    return JSONResponse(error, status, headers={"cache-control": "no-store"})
