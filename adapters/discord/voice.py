"""The voice: answers an interaction in time, by its token, whatever becomes of what was asked for.

Discord forgets an interaction that nobody answered within three seconds, so whoever takes long is deferred first. An
answer needs neither the library's types nor its locks: it is one POST of a few bytes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Any

import aiohttp
import structlog
from pydantic_core import from_json, to_json

from adapters.discord.arrival import EPHEMERAL, Arrival
from adapters.discord.wire import Broken, Wire

log = structlog.get_logger()

PATIENCE = 1.2
"""Seconds that an answer may take before it is deferred: half of Discord's three are left for the way there."""

ATTEMPTS = 3
"""Tries at an answer when the connection or Discord itself fails."""

PAUSE = 0.25
"""Seconds between them, longer each time."""

LONGEST_PAUSE = 10.0
"""Seconds that Discord may ask to wait; who is told to wait longer gives up: the person has long since gone on."""

COMPONENTS = 1 << 15
"""The flag of a message made of components (Discord, message flags)."""

AGENT = "DiscordBot (cliffhanger, 0.1)"
CONNECTIONS = 100
SECONDS = 10.0

ALREADY, UNKNOWN, EXPIRED = 40060, 10062, 50027
"""Discord's codes: answered before (a lost answer, sent again), too late, and the token's fifteen minutes over."""

NO_PINGS: Mapping[str, Any] = {"parse": []}

Payload = Mapping[str, Any]
Components = Sequence[Mapping[str, Any]]
File = tuple[str, bytes]
"""A file to send along: its name and content."""


class Kind(IntEnum):
    """Types of answers (Discord, interaction callback type)."""

    MESSAGE = 4
    LATER = 5
    QUIET = 6
    UPDATE = 7
    SUGGEST = 8
    ASK = 9


class Unanswerable(Exception):
    """Discord did not take the answer. `code` is Discord's, 0 where it gave none."""

    def __init__(self, status: int, code: int) -> None:
        self.code = code
        super().__init__(f"status {status}, code {code}")


class Voices:
    """All answers of a bot."""

    def __init__(self, api_url: str, application: int) -> None:
        self._api = api_url
        self._application = application
        self._wire = Wire(api_url, AGENT)
        connector = aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=60)
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=SECONDS, sock_read=SECONDS)
        self._session = aiohttp.ClientSession(
            connector=connector, timeout=timeout, cookie_jar=aiohttp.DummyCookieJar(),
            headers={"user-agent": AGENT},
        )  # fmt: skip

    def to(self, arrived: Arrival) -> Voice:
        """The voice that answers this interaction."""
        return Voice(self, arrived)

    async def close(self) -> None:
        """Close every connection."""
        self._wire.close()
        await self._session.close()

    async def answer(self, arrived: Arrival, kind: Kind, data: Payload | None, files: Sequence[File] = ()) -> None:
        """The first answer. Raises `Unanswerable`; one that was given before counts as given."""
        path = f"/interactions/{arrived.id}/{arrived.token}/callback"
        said: Payload = {"type": kind} if data is None else {"type": kind, "data": data}
        try:
            if files:
                await self._call("POST", self._api + path, said, files)
            else:
                await self._post(path, to_json(said))
        except Unanswerable as error:
            if error.code != ALREADY:
                raise

    async def edit(self, token: str, data: Payload, files: Sequence[File] = ()) -> None:
        """Change the first answer. Raises `Unanswerable`."""
        url = f"{self._api}/webhooks/{self._application}/{token}/messages/@original"
        await self._call("PATCH", url, data, files)

    async def take_back(self, token: str) -> None:
        """Delete the first answer. Raises `Unanswerable`."""
        await self._call("DELETE", f"{self._api}/webhooks/{self._application}/{token}/messages/@original", None, ())

    async def follow(self, token: str, data: Payload, files: Sequence[File] = ()) -> None:
        """Say more. Raises `Unanswerable`."""
        await self._call("POST", f"{self._api}/webhooks/{self._application}/{token}", data, files)

    async def _post(self, path: str, body: bytes) -> None:
        """The call that every vote makes."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                answered = await self._wire.post(path, body)
                if answered.status < 300:
                    return
                wait = _refused(answered.status, answered.body, last=attempt == ATTEMPTS)
            except (TimeoutError, Broken) as error:
                if attempt == ATTEMPTS:
                    raise Unanswerable(0, 0) from error
                wait = PAUSE * attempt
            await asyncio.sleep(wait)

    async def _call(self, method: str, url: str, data: Payload | None, files: Sequence[File]) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with self._session.request(method, url, **_body(data, files)) as response:
                    if response.status < 300:
                        await response.read()
                        return
                    wait = _refused(response.status, await response.read(), last=attempt == ATTEMPTS)
            except (TimeoutError, aiohttp.ClientError) as error:
                if attempt == ATTEMPTS:
                    raise Unanswerable(0, 0) from error
                wait = PAUSE * attempt
            await asyncio.sleep(wait)


def _refused(status: int, text: bytes, *, last: bool) -> float:
    """Seconds to wait before another try. Raises `Unanswerable` where there is no use in one."""
    try:
        said = from_json(text)
    except ValueError:
        said = {}
    said = said if isinstance(said, dict) else {}
    wait = _number(said.get("retry_after"), PAUSE) if status == 429 else PAUSE
    if last or (status != 429 and status < 500) or wait > LONGEST_PAUSE:
        raise Unanswerable(status, int(_number(said.get("code"), 0)))
    return wait


def _number(said: object, otherwise: float) -> float:
    return said if isinstance(said, int | float) else otherwise


def _body(data: Payload | None, files: Sequence[File]) -> dict[str, Any]:
    if data is None:
        return {}
    if not files:
        return {"data": to_json(data), "headers": {"content-type": "application/json"}}
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("payload_json", to_json(data).decode())
    for number, (name, content) in enumerate(files):
        form.add_field(f"files[{number}]", content, filename=name, content_type="application/octet-stream")
    return {"data": form}


class Voice:
    """Answers one interaction: the first time by its callback, later by changing that answer. Never fails: what could
    not be said is logged, since what it is about is durable.
    """

    __slots__ = ("_answered", "_deferred", "_later", "_promise", "_voices", "arrived")

    def __init__(self, voices: Voices, arrived: Arrival) -> None:
        self._voices = voices
        self.arrived = arrived
        self._answered: Kind | None = None
        self._promise = Kind.LATER
        self._later: asyncio.TimerHandle | None = None
        self._deferred: asyncio.Task[None] | None = None

    def patient(self, promise: Kind = Kind.LATER) -> None:
        """From now on: when no answer came in time, the interaction is deferred, to one that only its person sees; or,
        with `QUIET`, to a change of the message whose button was pressed.
        """
        self._promise = promise
        self._later = asyncio.get_running_loop().call_later(PATIENCE, self._defer_soon)

    def _defer_soon(self) -> None:
        self._deferred = asyncio.create_task(self.defer())

    async def defer(self) -> None:
        """Say that the answer comes later."""
        await self._first(self._promise, {"flags": EPHEMERAL} if self._promise is Kind.LATER else None)

    async def later(self) -> None:
        """What was asked for takes long, and its answer is a message of its own: say so, unless that was done."""
        if await self._unanswered():
            await self._first(Kind.LATER, {"flags": EPHEMERAL})

    async def say(self, text: str) -> None:
        """Say a few words that only the person sees."""
        await self.show({"content": text, "flags": EPHEMERAL, "allowed_mentions": NO_PINGS})

    async def show(self, message: Payload, files: Sequence[File] = ()) -> None:
        """Show a message as the answer; after a first one, instead of it while that is only a promise, else as well."""
        if await self._unanswered():
            await self._first(Kind.MESSAGE, message, files)
        elif self._answered is Kind.LATER:
            self._answered = Kind.MESSAGE
            await self._quietly(self._voices.edit(self.arrived.token, _changed(message), files))
        else:
            await self._quietly(self._voices.follow(self.arrived.token, message, files))

    async def update(self, message: Payload, files: Sequence[File] = ()) -> None:
        """Change the message whose button was pressed."""
        if await self._unanswered():
            await self._first(Kind.UPDATE, message, files)
        elif self._answered is Kind.LATER:
            # It is too late for that: the promise becomes the message.
            await self.show(message, files)
        else:
            await self._quietly(self._voices.edit(self.arrived.token, _changed(message), files))

    async def nothing(self) -> None:
        """There is nothing to say; what was promised meanwhile is taken back."""
        if await self._unanswered():
            await self._first(Kind.QUIET, None)
        elif self._answered is Kind.LATER:
            self._answered = Kind.QUIET
            await self._quietly(self._voices.take_back(self.arrived.token))

    def hush(self) -> None:
        """Whoever answers is gone: nothing is promised any more."""
        if self._later is not None:
            self._later.cancel()
            self._later = None
        if self._deferred is not None:
            self._deferred.cancel()

    async def ask(self, modal: Payload) -> bool:
        """Ask for a text. Only the first answer can: False where there was one."""
        if not await self._unanswered():
            return False
        await self._first(Kind.ASK, modal)
        return True

    async def suggest(self, names: Sequence[tuple[str, str]]) -> None:
        """Suggest names with their values."""
        choices = [{"name": name, "value": value} for name, value in names]
        await self._first(Kind.SUGGEST, {"choices": choices})

    async def _unanswered(self) -> bool:
        if self._later is not None:
            self._later.cancel()
            self._later = None
        if self._deferred is not None:
            await self._deferred
            self._deferred = None
        return self._answered is None

    async def _first(self, kind: Kind, data: Payload | None, files: Sequence[File] = ()) -> None:
        self._answered = kind
        await self._quietly(self._voices.answer(self.arrived, kind, data, files))

    async def _quietly(self, call: Any) -> None:
        try:
            await call
        except Unanswerable as error:
            # Too late, or the token is used up: the vote counts, and the card below shows it.
            log.info("answer_lost", code=error.code)


def _changed(message: Payload) -> Payload:
    """The message as a change of another: whether only one person sees it cannot be changed."""
    flags = message.get("flags", 0) & ~EPHEMERAL
    return {**message, "flags": flags} if flags else {name: said for name, said in message.items() if name != "flags"}
