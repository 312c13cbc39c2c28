"""The server in a process of its own, and the same orders for it: it outlives a bot that is killed."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp

from tests.fakes.discord.message import Message
from tests.fakes.discord.refusal import Body
from tests.fakes.telegram.bell import PATIENCE

ROOT = Path(__file__).resolve().parents[3]
_LOOK_SECONDS = 0.5
_LONGEST_ORDER = 120


class RemoteDiscord:
    """`async with RemoteDiscord() as server` starts the process and ends it. `flags` as in `python -m`."""

    def __init__(self, *flags: str) -> None:
        self._flags = flags
        self.url = ""
        self.token = ""

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.fakes.discord", *self._flags, stdout=asyncio.subprocess.PIPE, cwd=ROOT
        )
        assert self._process.stdout
        said = (await self._process.stdout.readline()).decode().split()
        if len(said) != 2:
            raise RuntimeError(f"the server did not start: exit code {await self._process.wait()}")
        self.url, self.token = said
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_LONGEST_ORDER))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()
        if self._process.returncode is None:
            self._process.terminate()
        await self._process.wait()

    @property
    def pid(self) -> int:
        """For looking at its memory and time."""
        return self._process.pid

    @property
    def api(self) -> str:
        """The REST base."""
        return f"{self.url}/api/v10"

    @property
    def gateway_url(self) -> str:
        return f"{self.url.replace('http', 'ws', 1)}/gateway"

    async def order(self, order: str, **how: Any) -> Any:
        """Any order of `Control`; LookupError or TimeoutError with its words when the server refuses it."""
        async with self._session.post(f"{self.url}/control/{order}", json=how) as response:
            answer = await response.json()
        if response.status == 200:
            return answer["result"]
        if answer["error"].startswith("TimeoutError"):
            raise TimeoutError(answer["error"])
        raise LookupError(answer["error"])

    async def person(self, name: str, locale: str = "en-US", **more: bool) -> RemotePerson:
        return RemotePerson(self, await self.order("person", name=name, locale=locale, **more))

    async def guild(self, name: str, *members: RemotePerson, **more: Any) -> RemoteChannel:
        """Its channel "general"; `guild_id` is the guild's. `more` as in `Town.guild`."""
        made = await self.order("guild", name=name, members=[member.id for member in members], **more)
        return RemoteChannel(self, made["channel"], made["id"])

    async def violations(self) -> list[str]:
        violations: list[str] = await self.order("violations")
        return violations

    async def fault(self, kind: str, **how: Any) -> int:
        """`kind` is a method of `Faults`, such as flood or lost_answer, `how` its parameters."""
        place: int = await self.order("fault", kind=kind, **how)
        return place

    async def jump(self, seconds: float) -> None:
        """Moves the server's clock."""
        await self.order("jump", seconds=seconds)


class RemoteChannel:
    """What can be read in a channel; it does not change by itself: ask again."""

    def __init__(self, server: RemoteDiscord, channel_id: int, guild_id: int | None = None) -> None:
        self.server = server
        self.id = channel_id
        self.guild_id = guild_id

    async def messages(self, after: int = 0, person: RemotePerson | None = None) -> list[Message]:
        """Oldest first, posted after the message with this id; with the ephemeral ones of one person if asked."""
        how = {"channel": self.id, "after": after, "person": person.id if person else None}
        return [message_of(one) for one in await self.server.order("messages", **how)]

    async def shown(
        self, wanted: Callable[[Message], bool], after: Message | None = None, within: float = PATIENCE
    ) -> Message:
        """The newest message that is `wanted`, posted after `after`: waits for it, TimeoutError if it does not come."""
        end = asyncio.get_running_loop().time() + within
        while True:
            messages = await self.messages(after.id if after else 0)
            if found := next((message for message in reversed(messages) if wanted(message)), None):
                return found
            if asyncio.get_running_loop().time() > end:
                said = [f"{one.text!r} {one.buttons}" for one in messages[-5:]]
                raise TimeoutError(f"no such message within {within} s; there are {said}")
            # A message may come between the two orders, so no wait is long.
            await self.server.order("wait", channel=self.id, within=_LOOK_SECONDS)


class RemotePerson:
    """What somebody does, from another process. The outcomes are those of `Control`."""

    def __init__(self, server: RemoteDiscord, person_id: int) -> None:
        self.server = server
        self.id = person_id

    async def slash(
        self, command: str, where: RemoteChannel | None = None, /, within: float = PATIENCE, **given: Any
    ) -> Body:
        """id, answer, ack_seconds, messages, modal, errors."""
        how = {"person": self.id, "command": command, "channel": where.id if where else None}
        outcome: Body = await self.server.order("slash", **how, given=given, within=within)
        return outcome

    async def press(self, message: Message, which: str | int, within: float = PATIENCE) -> Body:
        """As `slash`; within 0 nobody waits."""
        how = {"person": self.id, "channel": message.channel_id, "message": message.id, "which": which}
        outcome: Body = await self.server.order("press", **how, within=within)
        return outcome

    async def press_id(self, message: Message, custom_id: str, within: float = PATIENCE) -> Body:
        """Whatever custom_id."""
        how = {"person": self.id, "channel": message.channel_id, "message": message.id, "custom_id": custom_id}
        outcome: Body = await self.server.order("press_id", **how, within=within)
        return outcome

    async def spoken(self, outcome: Body, within: float = PATIENCE) -> Message:
        """The newest answer to something they did, once it says something."""
        return message_of(await self.server.order("spoken", interaction=outcome["id"], within=within))


def message_of(seen: Body) -> Message:
    """A message out of what the server told of it."""
    return Message(seen["body"], seen["only_for"], seen["deleted"], seen["was"])
