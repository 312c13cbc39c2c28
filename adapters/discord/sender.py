"""Sends to channels: each call in its channel's turn, its errors in delivery's words, no message twice."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, TypeVar

import aiohttp
import discord
from discord.http import HTTPClient, Route
from pydantic_core import to_json

from adapters.discord import trouble
from adapters.discord.trouble import THREAD_ARCHIVED, Forbidden, Missing, Old, delivery_error
from adapters.discord.voice import COMPONENTS, NO_PINGS, Components, File
from bot.delivery.couriers import look_back
from bot.delivery.pace import Pace

Result = TypeVar("Result")


NONCE = 25
"""Characters of a nonce at the most (Discord, create message)."""

ATTEMPTS = 3
"""Tries of a call whose connection broke: the library gives up on a reset connection at once."""

PUBLIC_THREAD = 11
"""Type of a thread that everybody may read (Discord, channel types)."""

QUIET_DAY = 1_440
"""Minutes without a message after which a thread is put away."""

MOST_REFUSED = 10_000
"""Channels that are remembered as refusing."""

THREAD_NAME = 100
"""Characters of a thread's name."""


class Sender:
    """One bot's voice in channels. Every method raises `Gone`, `Later`, `Forbidden`, `Unshowable`, or what may pass."""

    def __init__(self, http: HTTPClient, pace: Pace) -> None:
        self._http = http
        self.pace = pace
        self._refused: dict[int, int] = {}
        """By channel, how often in a row a call was refused."""

    async def send(self, channel: int, name: str, components: Components, files: Sequence[File] = ()) -> int:
        """Send a message of components: its number. What is sent again under the same name within minutes is not shown
        twice: the message that is there becomes what was sent last."""
        message = {
            "components": components,
            "flags": COMPONENTS,
            "nonce": nonce_of(channel, name),
            "enforce_nonce": True,
            "allowed_mentions": NO_PINGS,
        }
        route = Route("POST", "/channels/{channel_id}/messages", channel_id=channel)
        sent = await self._call(channel, route, message, files)
        number = int(sent["id"])
        if [*_said(sent["components"])] != [*_said(components)]:
            # It was sent before, and that nobody knows for sure: meanwhile the room has changed.
            with contextlib.suppress(Missing, Old):
                await self.edit(channel, number, components)
        return number

    async def edit(self, channel: int, message: int, components: Components) -> None:
        """Change a message; its files stay. Raises `Missing` and `Old` too."""
        route = Route("PATCH", "/channels/{channel_id}/messages/{message_id}", channel_id=channel, message_id=message)
        try:
            await self._call(channel, route, {"components": components, "allowed_mentions": NO_PINGS})
        except Forbidden as refused:
            if refused.code == THREAD_ARCHIVED:
                # A message that is sent there opens the thread again, an edit does not.
                raise Old from refused
            raise

    async def thread(self, channel: int, name: str, message: int | None = None) -> int:
        """Make a thread that everybody may read, out of a message where there is one: its number."""
        about = {"name": name[:THREAD_NAME], "auto_archive_duration": QUIET_DAY}
        if message is None:
            route = Route("POST", "/channels/{channel_id}/threads", channel_id=channel)
            made = await self._call(channel, route, {**about, "type": PUBLIC_THREAD})
        else:
            route = Route(
                "POST", "/channels/{channel_id}/messages/{message_id}/threads", channel_id=channel, message_id=message
            )
            made = await self._call(channel, route, about)
        return int(made["id"])

    async def direct(self, user: int) -> int:
        """The channel of direct messages with somebody."""
        return int((await self._asked(self._http.start_private_message(user)))["id"])

    async def is_member(self, guild: int, user: int) -> bool:
        """Whether somebody is still in the server."""
        try:
            await self._http.get_member(guild, user)
        except discord.NotFound:
            return False
        except discord.DiscordException as error:
            raise delivery_error(error) from error
        return True

    async def _call(
        self, channel: int, route: Route, body: Mapping[str, Any], files: Sequence[File] = ()
    ) -> Mapping[str, Any]:
        await self.pace.turn(str(channel))
        for attempt in range(1, ATTEMPTS + 1):
            await look_back()
            try:
                answer: Mapping[str, Any] = await self._asked(self._http.request(route, **_sent(body, files)))
                self._refused.pop(channel, None)
                return answer
            except Forbidden as refused:
                refused.seconds = self._patience(channel)
                raise
            except (aiohttp.ClientError, OSError, TimeoutError):
                if attempt == ATTEMPTS:
                    raise
                await asyncio.sleep(attempt / 4)
        raise AssertionError("unreachable")

    def _patience(self, channel: int) -> float:
        """Seconds until that channel is tried again."""
        if len(self._refused) >= MOST_REFUSED:
            self._refused.clear()
        times = self._refused[channel] = self._refused.get(channel, 0) + 1
        doubled: float = trouble.FORBIDDEN_SECONDS * 2 ** min(times - 1, 10)
        return min(doubled, trouble.FORBIDDEN_LONGEST)

    async def _asked(self, call: Awaitable[Any]) -> Any:
        try:
            return await call
        except discord.DiscordException as error:
            wrong = delivery_error(error)
            if wrong is error:
                raise
            raise wrong from error


def nonce_of(channel: int, name: str) -> str:
    """A name for a message that fits into a nonce."""
    return sha256(f"{channel} {name}".encode()).hexdigest()[:NONCE]


def _said(components: Components) -> Iterator[str]:
    """What can be read and pressed in components, in order."""
    for part in components:
        yield str(part.get("content") or part.get("custom_id") or part.get("type")).strip()
        yield from _said(part.get("components", ()))


def _sent(body: Mapping[str, Any], files: Sequence[File]) -> dict[str, Any]:
    if not files:
        return {"json": body}
    form: list[dict[str, Any]] = [{"name": "payload_json", "value": to_json(body).decode()}]
    form += [
        {"name": f"files[{number}]", "value": content, "filename": name, "content_type": "application/octet-stream"}
        for number, (name, content) in enumerate(files)
    ]
    return {"form": form}
