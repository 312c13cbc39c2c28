"""The calls the page makes: each becomes an event for the one door, or asks for what is there."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from adapters.web import body
from adapters.web.call import PLATFORM, Call, call_route, event_key
from adapters.web.catalogue import catalogue
from adapters.web.chart import chart
from adapters.web.cookie import Cookies, telegram_user
from adapters.web.language import accepted
from adapters.web.login import TELEGRAM
from adapters.web.view import view
from bot.app import App, UnknownSession
from bot.clips.shelf import Shelf
from bot.event import Answer, Event, Open, Tell
from bot.moves import ENDED
from bot.play import event as play

HEARTBEAT = 15.0
"""Seconds between signs of life on a stream, so that no proxy takes it for dead."""

LONGEST_NUMBER = 19
"""Digits of a session's id: below 2**62."""

NUMBER = re.compile(rf"[0-9]{{1,{LONGEST_NUMBER}}}")


class Calls:
    """One method per call; `user` is the browser's name from its cookie."""

    def __init__(self, app: App, shelf: Shelf, cookies: Cookies, now: Callable[[], int]) -> None:
        self._app = app
        self._shelf = shelf
        self._cookies = cookies
        self._now = now

    def routes(self) -> list[BaseRoute]:
        """Every call with its address."""
        session = "/api/sessions/{session}"
        return [
            self._route("GET", "/api/catalogue", self.catalogue),
            self._route("POST", "/api/stories/{story}/open", self.open),
            self._route("GET", session, self.current),
            self._route("POST", f"{session}/tap", self.tap),
            self._route("POST", f"{session}/timeout", self.time_out),
            self._route("POST", f"{session}/rewind", self.rewind),
            self._route("POST", f"{session}/restart", self.restart),
            self._route("POST", f"{session}/language", self.language),
            self._route("POST", f"{session}/chat", self.chat),
            self._route("GET", f"{session}/map", self.map),
            self._route("GET", f"{session}/events", self.events),
        ]

    def hang_up(self) -> None:
        """End every stream, so that the server need not wait for browsers to leave."""
        self._app.moves.end()

    def _route(self, method: str, path: str, call: Call) -> Route:
        return call_route(self._cookies, method, path, call)

    # -- calls

    async def catalogue(self, request: Request, user: str) -> Response:
        """What there is to play."""
        viewer = await self._app.store.viewer(PLATFORM, user)
        sessions = await self._app.store.sessions_of(viewer.id)
        known = self._languages()
        asked = request.query_params.get("language")
        if asked not in known:
            asked = None
        if asked is not None and asked != viewer.language:
            await self._app.store.speak(viewer.id, asked)
        language = asked or viewer.language or accepted(request.headers.get("accept-language", ""), known)
        return JSONResponse(await catalogue(self._app.library, self._shelf, sessions, language, self._now() / 1000))

    async def open(self, request: Request, user: str) -> Response:
        """Begin a story, or go on where the viewer was."""
        sent = await body.read(request, body.OpenBody)
        story_id = request.path_params["story"]
        viewer = await self._app.store.viewer(PLATFORM, user)
        language = sent.language or viewer.language or self._accepted(request, story_id)
        # Whether there is such a story is the app's to say: one whose file is broken goes on for who is in it.
        return self._shown(await self._app.handle(self._event(user, sent, Open(story_id, language))))

    async def current(self, request: Request, user: str) -> Response:
        """Where a session stands."""
        return self._shown(await self._app.current(PLATFORM, user, _session(request)))

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
        told = Tell(_session(request), play.Speak(sent.revision, sent.language))
        answer = await self._app.handle(self._event(user, sent, told))
        if sent.language in answer.story.languages:
            await self._app.store.speak(answer.session.viewer, sent.language)
        return self._shown(answer)

    async def chat(self, request: Request, user: str) -> Response:
        """Go on in the chat: the card is put there, once for each revision, however often the page says so."""
        sent = await body.read(request, body.MoveBody)
        session = _session(request)
        pushed = await self._app.push(PLATFORM, user, session, event_key(user, f"chat:{session}:{sent.revision}"))
        return JSONResponse({"pushed": pushed})

    async def map(self, request: Request, user: str) -> Response:
        """The map of what was seen."""
        return JSONResponse(chart(await self._app.current(PLATFORM, user, _session(request))))

    async def events(self, request: Request, user: str) -> Response:
        """A stream that tells when the session moves, here or in another tab."""
        session = _session(request)
        await self._app.current(PLATFORM, user, session)
        return StreamingResponse(self._stream(user, session), media_type="text/event-stream")

    # -- inside

    async def _tell(self, request: Request, user: str, sent: body.Body, what: play.Event) -> Response:
        told = Tell(_session(request), what)
        return self._shown(await self._app.handle(self._event(user, sent, told)))

    def _event(self, user: str, sent: body.Body, what: Open | Tell) -> Event:
        """An event of the page, which keeps the time and shows its cards itself: a chat beside it stays as it is."""
        return Event(
            event_key(user, sent.event),
            user,
            what,
            self._now(),
            address=_address(user) if isinstance(what, Open) else None,
            keeps_time=True,
            pushes=False,
        )

    def _shown(self, answer: Answer) -> Response:
        return JSONResponse(view(answer, self._shelf, self._now() / 1000))

    def _languages(self) -> list[str]:
        return sorted({code for story in self._app.library.stories.values() for code in story.languages})

    def _accepted(self, request: Request, story_id: str) -> str:
        story = self._app.library.stories.get(story_id)
        return accepted(request.headers.get("accept-language", ""), story.languages if story else self._languages())

    async def _stream(self, user: str, session: int) -> AsyncIterator[str]:
        async with self._app.moves.of(session) as moves:
            # Read only now that moves are heard, so that none falls in between.
            revision = (await self._app.current(PLATFORM, user, session)).session.revision
            while revision != ENDED:
                yield _moved(revision)
                while (told := await _within(moves.get(), HEARTBEAT)) is None:
                    yield ": still here\n\n"
                revision = told


async def _within(what: Awaitable[int], seconds: float) -> int | None:
    try:
        # Not wait_for(): in Python 3.11 it can swallow a cancellation.
        async with asyncio.timeout(seconds):
            return await what
    except TimeoutError:
        return None


def _session(request: Request) -> int:
    """The session that the address names. Raises `UnknownSession`, also for what no session could be called."""
    name = request.path_params["session"]
    if not NUMBER.fullmatch(name):
        raise UnknownSession(name[:LONGEST_NUMBER])
    return int(name)


def _address(user: str) -> str | None:
    """The chat that what begins on the page can go on in: with whom the page is a Mini App for."""
    chat = telegram_user(user)
    return None if chat is None else f"{TELEGRAM}:{chat}"


def _moved(revision: int) -> str:
    return f'event: moved\ndata: {{"revision": {revision}}}\n\n'
