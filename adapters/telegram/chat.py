"""A chat's address: the chat's number, and the topic's where it has topics."""

from __future__ import annotations

from dataclasses import dataclass

from bot.delivery.pace import Rate

PLATFORM = "telegram"

PRIVATE = Rate(per_second=1, burst=8)
GROUP = Rate(per_second=20 / 60, burst=6)
"""Bot API FAQ: about one message a second in a chat, short bursts allowed; twenty a minute in a group."""


@dataclass(frozen=True, slots=True)
class Chat:
    """Groups and channels have negative numbers; a private chat has its person's."""

    id: int
    topic: int | None = None

    @property
    def address(self) -> str:
        """As it stands in the outbox."""
        return str(self.id) if self.topic is None else f"{self.id}/{self.topic}"

    @property
    def private(self) -> bool:
        return self.id > 0


def chat_at(address: str) -> Chat:
    """The chat of an address. Raises `ValueError`."""
    id, _, topic = address.partition("/")
    return Chat(int(id), int(topic) if topic else None)


def rate_of(address: str) -> Rate:
    """How fast that chat may be spoken to."""
    return GROUP if address.startswith("-") else PRIVATE
