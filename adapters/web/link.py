"""Going on elsewhere: a code that another device enters, and one of another device's entered here."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from adapters.web import body
from adapters.web.call import PLATFORM, call_route
from adapters.web.cookie import Cookies
from adapters.web.language import accepted
from adapters.web.refusal import Refusal
from bot.app import App
from bot.link import VALID, Links, Unlinked

REFUSALS = {
    Unlinked.WRONG: Refusal(404, "link_wrong", "That code is nobody's, was used, or is too old."),
    Unlinked.OWN: Refusal(409, "link_own", "That code is this viewer's own."),
    # Not 429, upon which the page would ask again by itself.
    Unlinked.MANY: Refusal(403, "link_many", "Too many codes at once; in a minute you can go on."),
}


class LinkCalls:
    """`now` is Unix ms."""

    def __init__(self, app: App, cookies: Cookies, now: Callable[[], int]) -> None:
        self._app = app
        self._links = Links(app)
        self._cookies = cookies
        self._now = now

    def routes(self) -> list[BaseRoute]:
        """Both calls. Each changes something, so neither is a GET."""
        return [
            call_route(self._cookies, "POST", "/api/link/code", self.code),
            call_route(self._cookies, "POST", "/api/link", self.enter),
        ]

    async def code(self, request: Request, user: str) -> Response:
        """A code for this viewer, in place of their last one, and for how many minutes it is good."""
        await body.read(request, body.Body)
        viewer = await self._app.store.viewer(PLATFORM, user)
        return JSONResponse({"code": await self._links.code(viewer.id, self._now()), "minutes": VALID // 60_000})

    async def enter(self, request: Request, user: str) -> Response:
        """Be one with whoever made the code. Answers with the story played last, and those with two places."""
        sent = await body.read(request, body.LinkBody)
        linked = await self._links.enter(PLATFORM, user, sent.code, self._now())
        if isinstance(linked, Unlinked):
            raise REFUSALS[linked]
        language = (await self._app.store.viewer(PLATFORM, user)).language
        both = [self._title(request, story, language) for story in linked.both]
        last = linked.last
        story = None if last is None else {"id": last.story, "title": self._title(request, last.story, language)}
        return JSONResponse({"story": story, "both": both})

    def _title(self, request: Request, story: str, language: str | None) -> str:
        told = self._app.library.stories.get(story)
        if told is None:
            return story
        spoken = language or accepted(request.headers.get("accept-language", ""), told.languages)
        return told.wording(spoken).plain("title")
