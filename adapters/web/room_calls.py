"""The calls about watch-alongs: rooms that began on any platform are shown, voted in and steered alike."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Literal

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute

from adapters.web import body
from adapters.web.call import PLATFORM, call_route, event_key
from adapters.web.cookie import Cookies
from adapters.web.language import accepted
from adapters.web.refusal import Refusal
from adapters.web.room_link import only_here, qr_code, room_link
from adapters.web.room_recap import Recaps
from adapters.web.room_showing import Showing
from adapters.web.room_stream import Channels, Json
from adapters.web.room_view import mark
from bot.app import App
from bot.clips.shelf import Shelf
from bot.rooms import Rooms
from bot.rooms.booth import Booth
from bot.rooms.rooms import FACELESS, Wish
from bot.watch.event import Back, CloseNow, Pause, Resume, Skip, Split, Stop, Together
from bot.watch.rules import Fork, Mode, Rules
from bot.watch.vote import Voter

LEAST_SECONDS, MOST_SECONDS = 5, 3_600
"""How long a vote may be that is begun on the page."""

CODE = re.compile(r"[a-z0-9]{4,32}")

WISHES: dict[str, Callable[[Voter, int], Wish]] = {
    "pause": lambda by, _: Pause(by),
    "resume": lambda by, _: Resume(by),
    "close": CloseNow,
    "skip": Skip,
    "back": Back,
    "stop": lambda by, _: Stop(by),
    "split": Split,
    "together": Together,
}

Control = Literal["pause", "resume", "close", "skip", "back", "stop", "split", "together"]
OwnMode = Literal["majority", "ranked", "two-round", "lottery", "host", "unanimous"]
"""Modes that need no roles, which a browser has not."""


class VoteBody(body.MoveBody):
    choice: body.Id


class ControlBody(body.MoveBody):
    what: Control


class GatherBody(body.Body):
    story: body.Id
    language: Annotated[str | None, Field(max_length=20)] = None
    seconds: Annotated[int, Field(ge=LEAST_SECONDS, le=MOST_SECONDS)] = 30
    mode: OwnMode = "majority"
    fair: bool = False
    fork: Fork = Fork.NEVER
    waits: bool = False
    """Whether the clock stands until the host lets it run: friends are still to come."""


class RoomCalls:
    """`public_url` is where others reach this page, for links; `now` is Unix ms."""

    def __init__(
        self, app: App, rooms: Rooms, shelf: Shelf, cookies: Cookies, secret: bytes, public_url: str,
        now: Callable[[], int],
    ) -> None:  # fmt: skip
        self._app = app
        self._rooms = rooms
        self._cookies = cookies
        self._secret = secret
        self._public_url = public_url
        self._now = now
        self._showing = Showing(app, rooms, shelf, secret, now)
        self._channels = Channels(self._showing.look)
        self._recaps = Recaps(rooms)
        rooms.listen(self._channels.touch)

    def routes(self) -> list[BaseRoute]:
        """Every call with its address."""
        room = "/api/rooms/{code}"
        calls = (
            ("GET", "/api/time", self.time),
            ("POST", "/api/rooms", self.gather),
            ("GET", room, self.current),
            ("GET", f"{room}/events", self.events),
            ("POST", f"{room}/vote", self.vote),
            ("POST", f"{room}/control", self.control),
            ("GET", "/room/{code}/qr.svg", self.qr),
            ("GET", "/room/{code}/recap.png", self.recap),
        )
        return [call_route(self._cookies, method, path, call) for method, path, call in calls]

    @property
    def listening(self) -> int:
        """How many browsers watch a room, in this process."""
        return self._channels.listening

    def hang_up(self) -> None:
        """End every stream."""
        self._channels.end()

    # -- calls

    async def time(self, request: Request, user: str) -> Response:
        """The server's clock, by which all who watch see the same picture at the same time."""
        return JSONResponse({"now": self._now()})

    async def gather(self, request: Request, user: str) -> Response:
        """Begin a watch-along that is in no chat; who begins it is the host."""
        sent = await body.read(request, GatherBody)
        story = self._app.library.story(sent.story)
        language = sent.language or accepted(request.headers.get("accept-language", ""), story.languages)
        key, host = event_key(user, sent.event), _voter(user)
        rules = Rules(mode=Mode(sent.mode), seconds=sent.seconds, fair=sent.fair, fork=sent.fork)
        gathered = await self._rooms.gather(key, FACELESS, host, "", sent.story, language, rules, self._now())
        booth = None if gathered.session is None else await self._rooms.look(gathered.session)
        if booth is None:
            raise Refusal(409, "unknown_room", "That watch-along has ended since.")
        if sent.waits and gathered.begun:
            wait = event_key(user, f"{sent.event}:wait")
            await self._rooms.control(wait, booth.row.session, Pause(Voter(host)), self._now())
        return JSONResponse({"code": booth.row.code})

    async def current(self, request: Request, user: str) -> Response:
        """The room as it stands, with what this viewer has to do with it."""
        booth = await self._booth(request)
        session = booth.row.session
        shown = await self._showing.look(session, self._channels.watching(session))
        if shown is None:
            raise _unknown()
        own = await self._own(booth, user)
        link = room_link(request, self._public_url, booth.row.code)
        return JSONResponse({**shown.scene, "moment": shown.moment, "me": own, "link": link, "local": only_here(link)})

    async def events(self, request: Request, user: str) -> Response:
        """A stream of the room's scenes and moments."""
        booth = await self._booth(request)
        return StreamingResponse(self._stream(booth.row.session), media_type="text/event-stream")

    async def vote(self, request: Request, user: str) -> Response:
        """Vote, or change the vote."""
        sent = await body.read(request, VoteBody)
        booth = await self._booth(request)
        key, voter = event_key(user, sent.event), Voter(_voter(user))
        session = booth.row.session
        reply = await self._rooms.vote(key, session, sent.revision, sent.choice, voter, self._now())
        after = await self._rooms.look(session)
        own = None if after is None or after.row.revision != sent.revision else await self._own(after, user)
        return JSONResponse({"reply": reply.value, "me": own})

    async def control(self, request: Request, user: str) -> Response:
        """What the host wants."""
        sent = await body.read(request, ControlBody)
        booth = await self._booth(request)
        wish = WISHES[sent.what](Voter(_voter(user)), sent.revision)
        reply = await self._rooms.control(event_key(user, sent.event), booth.row.session, wish, self._now())
        return JSONResponse({"reply": reply.value})

    async def qr(self, request: Request, user: str) -> Response:
        """The room's link for a phone's camera."""
        booth = await self._booth(request)
        picture = qr_code(room_link(request, self._public_url, booth.row.code))
        return Response(picture, media_type="image/svg+xml", headers={"cache-control": "private, max-age=3600"})

    async def recap(self, request: Request, user: str) -> Response:
        """The evening as a picture, once it is over."""
        booth = await self._booth(request)
        picture = await self._recaps.of(booth) if booth.ended else None
        if picture is None:
            raise Refusal(404, "unknown_room", "There is no picture of that watch-along.")
        return Response(picture, media_type="image/png", headers={"cache-control": "private, max-age=3600"})

    # -- inside

    async def _booth(self, request: Request) -> Booth:
        """The room that the address names. Raises `Refusal`."""
        code = request.path_params["code"].lower()
        booth = await self._rooms.by_code(code) if CODE.fullmatch(code) else None
        if booth is None:
            raise _unknown()
        return booth

    async def _own(self, booth: Booth, user: str) -> Json:
        """The viewer's vote, the mark by which they know whether they are the host, and whether they chose the other
        side where the group split."""
        voter = _voter(user)
        ids = await self._app.store.linked(voter) or [voter]
        vote = next((booth.votes[id] for id in ids if id in booth.votes), None)
        host = booth.room.host
        known = host if host is not None and host in ids else ids[0]
        return {
            "mark": mark(self._secret, booth.row.code, known),
            "vote": None if vote is None else vote.ranking,
            "opposed": not booth.opposed.isdisjoint(ids),
        }

    async def _stream(self, session: int) -> AsyncIterator[bytes]:
        async for event in self._channels.listen(session):
            yield event


def _voter(user: str) -> str:
    """Who votes or hosts, as rooms have it."""
    return f"{PLATFORM}:{user}"


def _unknown() -> Refusal:
    return Refusal(404, "unknown_room", "There is no such watch-along.")
