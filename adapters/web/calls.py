"""The calls the page makes: each becomes an event for the one door, or asks for what is there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from time import time

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from adapters.web import body
from adapters.web.catalogue import catalogue
from adapters.web.chart import chart
from adapters.web.cookie import Cookies
from adapters.web.refusal import Refusal
from adapters.web.view import view
from bot.app import App, SetAside, UnknownSession
from bot.clips.shelf import Shelf
from bot.event import Answer, Event, Open, Tell
from bot.library import UnknownStory
from bot.play import event as play
from bot.store.errors import StoreError
from bot.store.port import EventKey

PLATFORM = "web"
HEARTBEAT = 15.0
"""Seconds between signs of life on a stream, so that no proxy takes it for dead."""

Call = Callable[[Request, str], Awaitable[Response]]


class Calls:
    """One method per call; `user` is the browser's name from its cookie."""

    def __init__(self, app: App, shelf: Shelf, cookies: Cookies) -> None:
        self._app = app
        self._shelf = shelf
        self._cookies = cookies
        self._streams: set[asyncio.Event] = set()

    def routes(self) -> list[BaseRoute]:
        """Every call with its address."""
        session = "/api/sessions/{session:int}"
        return [
            self._route("GET", "/api/catalogue", self.catalogue),
            self._route("POST", "/api/stories/{story}/open", self.open),
            self._route("GET", session, self.current),
            self._route("POST", f"{session}/tap", self.tap),
            self._route("POST", f"{session}/timeout", self.time_out),
            self._route("POST", f"{session}/rewind", self.rewind),
            self._route("POST", f"{session}/restart", self.restart),
            self._route("POST", f"{session}/language", self.language),
            self._route("GET", f"{session}/map", self.map),
            self._route("GET", f"{session}/events", self.events),
        ]

    def hang_up(self) -> None:
        """End every stream, so that the server need not wait for browsers to leave."""
        for stream in self._streams:
            stream.set()

    def _route(self, method: str, path: str, call: Call) -> Route:
        async def answer(request: Request) -> Response:
            user = self._cookies.user(request)
            try:
                response = await call(request, user)
            except Exception as error:
                response = _refusal(error).response()
            response.headers.setdefault("cache-control", "no-store")
            self._cookies.put(response, user)
            return response

        return Route(path, answer, methods=[method])

    # -- calls

    async def catalogue(self, request: Request, user: str) -> Response:
        """What there is to play."""
        viewer = await self._app.store.viewer(PLATFORM, user)
        sessions = await self._app.store.sessions_of(viewer.id)
        asked = request.query_params.get("language")
        language = asked or viewer.language or accepted(request, self._languages())
        if asked in self._languages() and asked != viewer.language:
            await self._app.store.speak(viewer.id, asked)
        return JSONResponse(await catalogue(self._app.library, self._shelf, sessions, language, time()))

    async def open(self, request: Request, user: str) -> Response:
        """Begin a story, or go on where the viewer was."""
        sent = await body.read(request, body.OpenBody)
        story = self._app.library.story(request.path_params["story"])
        viewer = await self._app.store.viewer(PLATFORM, user)
        language = sent.language or viewer.language or accepted(request, story.languages)
        return self._shown(await self._app.handle(self._event(user, sent, Open(story.id, language))))

    async def current(self, request: Request, user: str) -> Response:
        """Where a session stands."""
        return self._shown(await self._app.current(PLATFORM, user, request.path_params["session"]))

    async def tap(self, request: Request, user: str) -> Response:
        """A choice was tapped."""
        sent = await body.read(request, body.TapBody)
        return await self._tell(request, user, sent, play.Choose(sent.revision, sent.choice, sent.text))

    async def time_out(self, request: Request, user: str) -> Response:
        """The countdown of the page ended."""
        sent = await body.read(request, body.MoveBody)
        return await self._tell(request, user, sent, play.TimeOut(sent.revision))

    async def rewind(self, request: Request, user: str) -> Response:
        """Back to a choice point."""
        sent = await body.read(request, body.RewindBody)
        return await self._tell(request, user, sent, play.Rewind(sent.revision, sent.to))

    async def restart(self, request: Request, user: str) -> Response:
        """Play again."""
        sent = await body.read(request, body.MoveBody)
        return await self._tell(request, user, sent, play.Restart(sent.revision))

    async def language(self, request: Request, user: str) -> Response:
        """Go on in another language, which is remembered for other stories too."""
        sent = await body.read(request, body.LanguageBody)
        response = await self._tell(request, user, sent, play.Speak(sent.revision, sent.language))
        viewer = await self._app.store.viewer(PLATFORM, user)
        await self._app.store.speak(viewer.id, sent.language)
        return response

    async def map(self, request: Request, user: str) -> Response:
        """The map of what was seen."""
        return JSONResponse(chart(await self._app.current(PLATFORM, user, request.path_params["session"])))

    async def events(self, request: Request, user: str) -> Response:
        """A stream that tells when the session moves, here or in another tab."""
        answer = await self._app.current(PLATFORM, user, request.path_params["session"])
        stream = self._stream(answer.session.id, answer.session.revision)
        return StreamingResponse(stream, media_type="text/event-stream", headers={"cache-control": "no-store"})

    # -- inside

    async def _tell(self, request: Request, user: str, sent: body.Body, what: play.Event) -> Response:
        told = Tell(request.path_params["session"], what)
        return self._shown(await self._app.handle(self._event(user, sent, told)))

    def _event(self, user: str, sent: body.Body, what: Open | Tell) -> Event:
        # The browser makes the id, so it counts only among that browser's own.
        return Event(EventKey(PLATFORM, f"{user}:{sent.event}"), user, what, round(time() * 1000), keeps_time=True)

    def _shown(self, answer: Answer) -> Response:
        return JSONResponse(view(answer, self._shelf, time()))

    def _languages(self) -> list[str]:
        return sorted({code for story in self._app.library.stories.values() for code in story.languages})

    async def _stream(self, session: int, revision: int) -> AsyncIterator[str]:
        ended = asyncio.Event()
        self._streams.add(ended)
        hung_up = asyncio.create_task(ended.wait())
        try:
            async with self._app.moves.of(session) as moves:
                yield _moved(revision)
                while not ended.is_set():
                    next_move = asyncio.create_task(moves.get())
                    await asyncio.wait((next_move, hung_up), timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
                    if next_move.done():
                        yield _moved(next_move.result())
                    else:
                        next_move.cancel()
                        yield ": still here\n\n"
        finally:
            hung_up.cancel()
            self._streams.discard(ended)


def accepted(request: Request, known: Iterable[str]) -> str:
    """The first language of the browser's list that is known, or else the first known one."""
    codes = list(known)
    for entry in request.headers.get("accept-language", "").split(",")[:20]:
        code = entry.partition(";")[0].strip()
        for wanted in (code, code.partition("-")[0].lower()):
            if wanted in codes:
                return wanted
    return "en" if "en" in codes or not codes else codes[0]


def _moved(revision: int) -> str:
    return f'event: moved\ndata: {{"revision": {revision}}}\n\n'


def _refusal(error: Exception) -> Refusal:
    """What a failure is called on the page. What is nobody's fault here goes on to the server's own handler."""
    match error:
        case Refusal():
            return error
        case UnknownStory(problems=problems) if problems:
            return Refusal(409, "broken_story", f"{error}. First error: {problems[0]}")
        case UnknownStory():
            return Refusal(404, "unknown_story", f"{error}.")
        case UnknownSession():
            return Refusal(404, "unknown_session", "There is no such session. Open the story again.")
        case StoreError():
            return Refusal(503, "busy", "The story cannot be saved right now. Nothing is lost; try again in a moment.")
        case SetAside():
            return Refusal(500, "set_aside", "That did not work. The operator can see why; you can go on.")
        case _:
            raise error
