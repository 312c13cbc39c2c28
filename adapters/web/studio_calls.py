"""The calls of the studio's page: what a creator writes, presses and sends, each answered with a sheet."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from adapters.studio.acting import Who
from adapters.studio.ask import Ask, ready
from adapters.studio.denial import told
from adapters.studio.door import StudioDoor
from adapters.web import body
from adapters.web.call import PLATFORM, Call, call_route, event_key
from adapters.web.cookie import Cookies
from adapters.web.refusal import Refusal
from adapters.web.studio_answers import Answers
from adapters.web.studio_file import MOST_FILE, FileDesk
from adapters.web.studio_map import Maps
from adapters.web.studio_view import Json, sheet_view, story_view
from bot.clips.shelf import Shelf
from bot.store.port import EventKey, Store

MOST_BODY = 16 * 1024
"""Bytes; a link to a place in a long play has a few thousand."""

MOST_NAME = 300
"""Letters of a file's name, and of its caption."""


STORABLE = r"^[^\x00]*$"
"""No database keeps a NUL in a text."""


class CommandBody(body.Body):
    """`/name rest`."""

    name: Annotated[str, Field(min_length=1, max_length=32)]
    rest: Annotated[str, Field(max_length=4000, pattern=STORABLE)] = ""


class PressBody(body.Body):
    about: Annotated[str, Field(min_length=1, max_length=200, pattern=STORABLE)]


class TextBody(body.Body):
    text: Annotated[str, Field(min_length=1, max_length=400, pattern=STORABLE)]


class StudioCalls:
    """One method per call; `user` is the browser's name from its cookie. What is refused by the desk is a sheet too."""

    def __init__(
        self, store: Store, studio: StudioDoor, shelf: Shelf, cookies: Cookies, public_url: str, now: Callable[[], int]
    ) -> None:
        self._store = store
        self._studio = studio.studio
        self._counter = studio.counter(now, lambda code: f"{public_url.rstrip('/')}/studio?join={code}")
        self._shelf = shelf
        self._cookies = cookies
        self._now = now
        self._files = FileDesk()
        self._answers = Answers()
        self._maps = Maps(self._studio)

    def routes(self) -> list[BaseRoute]:
        """Every call with its address."""
        return [
            self._route("GET", "/api/studio", self.stories),
            self._route("GET", "/api/studio/map/{story}.svg", self.map),
            self._route("POST", "/api/studio/command", self.command),
            self._route("POST", "/api/studio/press", self.press),
            self._route("POST", "/api/studio/text", self.text),
            self._route("POST", "/api/studio/file", self.file),
        ]

    def _route(self, method: str, path: str, call: Call) -> Route:
        async def ours(request: Request, user: str) -> Response:
            # A browser says itself where a call comes from, and no page can make it say otherwise.
            if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
                raise Refusal(403, "cross_site", "The studio is called by its own page alone.")
            return await call(request, user)

        return call_route(self._cookies, method, path, ours)

    # -- calls

    async def stories(self, request: Request, user: str) -> Response:
        """A creator's stories, the one in their test play, and what can be written."""
        who = await self._who(user)
        mine = await self._studio.portfolio.all_of(who.creator)
        row = await self._store.rehearsal(who.creator.viewer)
        return JSONResponse({
            "stories": [story_view(one, self._shelf) for one in mine],
            "playing": row.story if row is not None and any(one.row.story == row.story for one in mine) else None,
            "commands": sorted(self._counter.desk.commands),
            "most_bytes": MOST_FILE,
        })  # fmt: skip

    async def map(self, request: Request, user: str) -> Response:
        """The whole draft as SVG, in which every scene's plate says whose it is; with `heat`, how many plays it had."""
        who = await self._who(user)
        return await self._maps.answer(who.creator, request.path_params["story"], "heat" in request.query_params)

    async def command(self, request: Request, user: str) -> Response:
        """A command by its name."""
        sent, desk = await body.read(request, CommandBody, MOST_BODY), self._counter.desk
        name = sent.name.lower()
        if name not in desk.commands:
            return await self._answered(user, sent.event, lambda who: _said(f"There is no /{name}. /studio says more."))
        return await self._answered(user, sent.event, lambda who: desk.command(who, name, sent.rest))

    async def press(self, request: Request, user: str) -> Response:
        """A button, by what it carries."""
        sent = await body.read(request, PressBody, MOST_BODY)
        return await self._answered(user, sent.event, lambda who: self._counter.desk.press(who, sent.about))

    async def text(self, request: Request, user: str) -> Response:
        """What a test play waits for."""
        sent = await body.read(request, TextBody, MOST_BODY)

        async def tell(who: Who) -> Ask:
            return await self._counter.desk.text(who, sent.text) or await _said("Nothing waits for a text just now.")

        return await self._answered(user, sent.event, tell)

    async def file(self, request: Request, user: str) -> Response:
        """A story, or a clip with its scene as caption: the body is the file, the rest stands in the address."""
        event, name, caption = (
            request.query_params.get(one, "").replace("\0", "") for one in ("event", "name", "caption")
        )
        if not 0 < len(event) <= 64 or not 0 < len(name) <= MOST_NAME or len(caption) > MOST_NAME:
            raise Refusal(400, "bad_request", f"Say event and name, and a caption of at most {MOST_NAME} letters.")
        async with self._files.taken(request) as path:
            return await self._answered(user, event, lambda who: self._counter.desk.file(who, path, name, caption))

    # -- inside

    async def _who(self, user: str) -> Who:
        return await self._counter.who(PLATFORM, user)

    async def _answered(self, user: str, event: str, deed: Callable[[Who], Awaitable[Ask]]) -> Response:
        key = event_key(user, f"studio:{event}")

        async def work() -> Json:
            who = await self._who(user)
            return await self._shown(who, await self._done(who, key, deed))

        view = await self._answers.once(key, work)
        if view["picture"] or view["document"]:
            self._answers.forget(key)
        return JSONResponse(view)

    async def _done(self, who: Who, key: EventKey, deed: Callable[[Who], Awaitable[Ask]]) -> Ask:
        """Done once, however often it comes: then it is shown where things stand."""
        if await self._store.seen(key):
            playing = await self._store.rehearsal(who.creator.viewer) is not None
            return Ask("now") if playing else Ask("stories")
        ask = await deed(who)
        if not ask.slow:  # those only look
            await self._store.post(key, ())
        return ask

    async def _shown(self, who: Who, ask: Ask) -> Json:
        sheet = await self._counter.sheet(who, ask)
        return sheet_view(sheet, ask, await self._counter.story(sheet), self._shelf, self._now() / 1000)


async def _said(text: str) -> Ask:
    return ready(told(text))
