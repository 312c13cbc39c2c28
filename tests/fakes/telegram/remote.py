"""The server in a process of its own, and the same orders for it: it outlives a bot that is killed."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp

from tests.fakes.telegram.bell import PATIENCE
from tests.fakes.telegram.message import Message
from tests.fakes.telegram.methods.answers import CallbackAnswer
from tests.fakes.telegram.refusal import Body

ROOT = Path(__file__).resolve().parents[3]
_LOOK_SECONDS = 0.5
_LONGEST_ORDER = 120


class RemoteTelegram:
    """`async with RemoteTelegram() as server` starts the process and ends it. `flags` as in `python -m`."""

    def __init__(self, *flags: str) -> None:
        self._flags = flags
        self.url = ""
        self.token = ""

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.fakes.telegram", *self._flags, stdout=asyncio.subprocess.PIPE, cwd=ROOT
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

    async def order(self, order: str, **how: Any) -> Any:
        """Any order of `Control`; LookupError with its words when the server refuses it."""
        async with self._session.post(f"{self.url}/control/{order}", json=how) as response:
            answer = await response.json()
        if response.status == 200:
            return answer["result"]
        if answer["error"].startswith("TimeoutError"):
            raise TimeoutError(answer["error"])
        raise LookupError(answer["error"])

    async def person(self, name: str, language: str = "en") -> RemotePerson:
        return RemotePerson(self, await self.order("person", name=name, language=language))

    async def group(self, title: str, *members: RemotePerson, **more: bool) -> RemoteChat:
        """`more` as in `Town.group`: topics, supergroup, admin."""
        ids = [member.id for member in members]
        return RemoteChat(self, await self.order("group", title=title, members=ids, **more))

    async def calls(self, first: int = 0) -> list[Body]:
        """method, params, chat, at, error of each call from this place on."""
        calls: list[Body] = await self.order("calls", first=first)
        return calls

    async def violations(self) -> list[str]:
        violations: list[str] = await self.order("violations")
        return violations

    async def payments(self) -> list[Body]:
        """person, charge, amount, refunded of each."""
        payments: list[Body] = await self.order("payments")
        return payments

    async def fault(self, kind: str, **how: Any) -> int:
        """`kind` is a method of `Faults`, such as flood or lost_answer, `how` its parameters."""
        place: int = await self.order("fault", kind=kind, **how)
        return place

    async def lift(self, place: int | None = None) -> None:
        """One fault, or all."""
        await self.order("lift", place=place)

    async def jump(self, seconds: float) -> None:
        """Moves the server's clock."""
        await self.order("jump", seconds=seconds)


class RemoteChat:
    """What can be read in a chat; it does not change by itself: ask again."""

    def __init__(self, server: RemoteTelegram, chat_id: int) -> None:
        self.server = server
        self.id = chat_id

    async def messages(self, after: int = 0) -> list[Message]:
        """Oldest first, sent after the message with this id."""
        seen = await self.server.order("messages", chat=self.id, after=after)
        return [Message(one["body"], keyboard=one["keyboard"], pinned=one["pinned"], was=one["was"]) for one in seen]

    async def shown(
        self, wanted: Callable[[Message], bool], after: Message | None = None, within: float = PATIENCE
    ) -> Message:
        """The newest message that is `wanted`, sent after `after`: waits for it, TimeoutError when it does not come."""
        end = asyncio.get_running_loop().time() + within
        while True:
            messages = await self.messages(after.id if after else 0)
            if found := next((message for message in reversed(messages) if wanted(message)), None):
                return found
            if asyncio.get_running_loop().time() > end:
                raise TimeoutError(
                    f"no such message within {within} s; there are {[one.text for one in messages[-5:]]}"
                )
            # A message may come between the two orders, so no wait is long.
            await self.server.order("wait", chat=self.id, within=_LOOK_SECONDS)


class RemotePerson:
    """What a viewer does, from another process."""

    def __init__(self, server: RemoteTelegram, person_id: int) -> None:
        self.server = server
        self.id = person_id
        self.home = RemoteChat(server, person_id)

    async def say(self, text: str, chat: RemoteChat | None = None, topic: int | None = None) -> None:
        where = (chat or self.home).id
        await self.server.order("say", person=self.id, text=text, chat=where, topic=topic)

    async def press(self, message: Message, which: str | int | tuple[int, int]) -> str:
        """A tap nobody waits for: its callback_query_id."""
        data = message.button(which)["callback_data"]
        how = {"person": self.id, "chat": message.chat_id, "message": message.id, "data": data}
        pressed: str = await self.server.order("press", **how)
        return pressed

    async def tap(
        self, message: Message, which: str | int | tuple[int, int], within: float = PATIENCE
    ) -> CallbackAnswer:
        """Waits for what the bot answers."""
        return await self.tap_data(message, message.button(which)["callback_data"], within)

    async def tap_data(self, message: Message, data: str, within: float = PATIENCE) -> CallbackAnswer:
        how = {"person": self.id, "chat": message.chat_id, "message": message.id, "data": data, "within": within}
        return CallbackAnswer(**await self.server.order("tap", **how))

    async def pay(self, message: Message, within: float = PATIENCE) -> Body:
        """paid, charge, error."""
        how = {"person": self.id, "chat": message.chat_id, "message": message.id, "within": within}
        paid: Body = await self.server.order("pay", **how)
        return paid

    async def pay_again(self, charge: str) -> None:
        """The same payment in a second update."""
        await self.server.order("pay_again", charge=charge)

    async def block(self) -> None:
        await self.server.order("block", person=self.id)

    async def unblock(self) -> None:
        await self.server.order("unblock", person=self.id)
