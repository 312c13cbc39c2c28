"""A text channel, a thread or a direct message channel, and what can be read in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.fakes.discord.message import Message
from tests.fakes.discord.refusal import Body
from tests.fakes.discord.snowflake import iso, made_at
from tests.fakes.telegram.bell import PATIENCE, Bell

if TYPE_CHECKING:
    from tests.fakes.discord.guild import Guild

TEXT, DM, VOICE, CATEGORY, NEWS, PUBLIC_THREAD, PRIVATE_THREAD, STAGE = 0, 1, 2, 4, 5, 11, 12, 13
"""Kinds of channels: https://discord.com/developers/docs/resources/channel#channel-object-channel-types."""

_ARCHIVE_MINUTES = 1440


@dataclass(eq=False)
class Channel:
    """`guild` and `parent` (of a thread) are None in direct messages, whose other side is `recipient`."""

    id: int
    kind: int
    name: str = ""
    guild: Guild | None = None
    parent: Channel | None = None
    recipient: Body | None = None
    owner: int = 0
    position: int = 0
    topic: str | None = None
    archived: bool = False
    locked: bool = False
    archive_minutes: int = _ARCHIVE_MINUTES
    shut: bool = False
    """Somebody who takes no direct messages."""
    gone: bool = False
    overwrites: dict[int, tuple[int, int]] = field(default_factory=dict)
    """By role or member: (allow, deny)."""
    messages: list[Message] = field(default_factory=list)
    """Oldest first, without deleted and ephemeral ones."""
    by_id: dict[int, Message] = field(default_factory=dict)
    """All that ever were, ephemeral ones too."""
    thread_members: set[int] = field(default_factory=set)
    changed: Bell = field(default_factory=Bell)
    listeners: list[Callable[[Message], None]] = field(default_factory=list)
    """Called with every message that appears, changes or goes."""

    @property
    def is_thread(self) -> bool:
        return self.kind in (PUBLIC_THREAD, PRIVATE_THREAD)

    @property
    def guild_id(self) -> int | None:
        return self.guild.id if self.guild else None

    @property
    def last(self) -> Message:
        """The newest message; an IndexError when there is none."""
        return self.messages[-1]

    @property
    def card(self) -> Message:
        """The newest message with something to press or to watch; a LookupError when there is none."""
        for message in reversed(self.messages):
            if message.body["components"] or message.body["embeds"] or message.body["attachments"]:
                return message
        raise LookupError(f"there is no card in {self.name or self.id}")

    def add(self, message: Message) -> Message:
        """It appears, to one person only if it is ephemeral."""
        self.by_id[message.id] = message
        if not message.ephemeral:
            self.messages.append(message)
        self.touch(message)
        return message

    def remove(self, message: Message) -> None:
        message.deleted = True
        if message in self.messages:
            self.messages.remove(message)
        self.touch(message)

    def touch(self, message: Message) -> None:
        """Something about this message is new."""
        message.changed.ring()
        self.changed.ring()
        for listener in self.listeners:
            listener(message)

    async def shown(
        self, wanted: Callable[[Message], bool], after: Message | None = None, within: float = PATIENCE
    ) -> Message:
        """The newest message that is `wanted`, posted after `after`: waits for it, TimeoutError if it does not come."""

        def look() -> Message | None:
            fresh = [one for one in self.messages if after is None or one.id > after.id]
            return next((one for one in reversed(fresh) if wanted(one)), None)

        try:
            return await self.changed.until(look, within, "such a message")
        except TimeoutError:
            said = [f"{one.text!r} {one.buttons}" for one in self.messages[-5:]]
            raise TimeoutError(f"no such message within {within} s; there are {said}") from None

    async def until(self, holds: Callable[[], bool], within: float = PATIENCE) -> None:
        """Waits until something holds, looking again whenever a message here changes."""
        await self.changed.until(lambda: True if holds() else None, within, "what was waited for")

    @property
    def body(self) -> Body:
        """Its JSON."""
        told: Body = {"id": str(self.id), "type": self.kind, "flags": 0}
        told["last_message_id"] = str(self.messages[-1].id) if self.messages else None
        if told["last_message_id"] is None:
            del told["last_message_id"]
        if self.recipient:
            return {**told, "recipients": [self.recipient]}
        told |= {"guild_id": str(self.guild_id), "name": self.name, "rate_limit_per_user": 0}
        return {**told, **(self._thread() if self.is_thread else self._place())}

    def _place(self) -> Body:
        over = [
            {"id": str(who), "type": self._overwrite_kind(who), "allow": str(allow), "deny": str(deny)}
            for who, (allow, deny) in self.overwrites.items()
        ]
        parent = str(self.parent.id) if self.parent else None
        return {
            "position": self.position,
            "parent_id": parent,
            "topic": self.topic,
            "nsfw": False,
            "permission_overwrites": over,
        }

    def _overwrite_kind(self, who: int) -> int:
        return 0 if self.guild and who in self.guild.roles else 1

    def _thread(self) -> Body:
        made = iso(made_at(self.id))
        metadata = {"archived": self.archived, "archive_timestamp": made, "create_timestamp": made}
        metadata |= {"auto_archive_duration": self.archive_minutes, "locked": self.locked}
        if self.kind == PRIVATE_THREAD:
            metadata["invitable"] = True
        return {
            "owner_id": str(self.owner),
            "parent_id": str(self.parent.id) if self.parent else None,
            "thread_metadata": metadata,
            "message_count": len(self.messages),
            "member_count": max(1, len(self.thread_members)),
            "total_message_sent": len(self.by_id),
        }
