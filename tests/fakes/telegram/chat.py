"""Private chats, groups, supergroups with topics, channels: who is in them and what was said."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count
from typing import Any

from tests.fakes.telegram.bell import PATIENCE, Bell
from tests.fakes.telegram.message import Message
from tests.fakes.telegram.refusal import BadRequest, Body

GENERAL = 1
"""The topic that every forum has."""


class Chat:
    """`members` maps user ids to a status: creator, administrator, member, restricted, left, kicked."""

    def __init__(self, chat_id: int, kind: str, **shown: Any) -> None:
        self.id = chat_id
        self.kind = kind
        self.body: Body = {"id": chat_id, "type": kind, **shown}
        self.members: dict[int, str] = {}
        self.topics: dict[int, str] = {}
        self.by_id: dict[int, Message] = {}
        self.actions: list[tuple[str, int | None]] = []
        """(chat action, topic) of every sendChatAction."""
        self.menu_button: Body | None = None
        self.successor: Chat | None = None
        """The supergroup this group became."""
        self.started = kind != "private"
        """False while the person has not written yet: the bot must not write first."""
        self.blocked = False
        self.changed = Bell()
        self.listeners: list[Callable[[Message], None]] = []
        # A group's first message tells of its creation; in a forum its number stands for the general topic.
        self._numbers = count(1 if kind == "private" else GENERAL + 1)

    @property
    def private(self) -> bool:
        return self.kind == "private"

    @property
    def messages(self) -> list[Message]:
        """What can be read now, oldest first."""
        return [message for message in self.by_id.values() if not message.deleted]

    @property
    def last(self) -> Message:
        """The newest message that can be read."""
        return self.messages[-1]

    @property
    def pinned(self) -> Message | None:
        """The newest pinned message."""
        return next(
            (message for message in reversed(self.by_id.values()) if message.pinned and not message.deleted), None
        )

    def next_id(self) -> int:
        return next(self._numbers)

    def topic(self, name: str) -> int:
        """A new topic: its message_thread_id."""
        thread = self.next_id()
        self.topics[thread] = name
        return thread

    def add(self, message: Message) -> Message:
        """It can be read from now on."""
        self.by_id[message.id] = message
        self.touched(message)
        return message

    def touched(self, message: Message) -> None:
        """A message is new or was changed: whoever waits looks again."""
        self.changed.ring()
        for listen in self.listeners:
            listen(message)

    def message(self, message_id: int, missing: str) -> Message:
        """BadRequest with the text `missing` when it was never there or is gone."""
        message = self.by_id.get(message_id)
        if message is None or message.deleted:
            raise BadRequest(missing)
        return message

    def find(self, wanted: Callable[[Message], bool], after: Message | None = None) -> Message | None:
        """The newest readable message that is `wanted`, sent after `after`."""
        first = after.id if after else 0
        newest: Iterable[Message] = reversed(self.by_id.values())
        return next((one for one in newest if one.id > first and not one.deleted and wanted(one)), None)

    async def shown(
        self, wanted: Callable[[Message], bool], after: Message | None = None, within: float = PATIENCE
    ) -> Message:
        """Waits until such a message is there, new or edited; TimeoutError says what is there instead."""
        try:
            return await self.changed.until(lambda: self.find(wanted, after), within)
        except TimeoutError:
            seen = [(message.id, message.kind, message.text, message.buttons) for message in self.messages[-5:]]
            raise TimeoutError(f"no such message within {within} s; the last ones are {seen}") from None

    async def gone(self, message: Message, within: float = PATIENCE) -> None:
        """Waits until the bot deleted it."""
        await self.changed.until(lambda: message.deleted or None, within, f"the deletion of message {message.id}")
