"""Telegram's send limits, for tests that want them enforced: https://core.telegram.org/bots/faq#broadcasting-to-users."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tests.fakes.telegram.chat import Chat
from tests.fakes.telegram.clock import Clock
from tests.fakes.telegram.faults import flooded

PER_SECOND = 30
PRIVATE_PER_SECOND = 1.0
PRIVATE_BURST = 3
GROUP_PER_MINUTE = 20
_LIMITED = ("send", "copy", "edit", "forward")
_FREE = frozenset({"sendChatAction", "sendMessageDraft"})


@dataclass
class Bucket:
    """Holds up to `size` calls and fills at `rate` a second."""

    rate: float
    size: float
    level: float
    at: float

    def wait(self, now: float) -> float:
        """Seconds until a call is allowed; 0 is now."""
        self.level = min(self.size, self.level + (now - self.at) * self.rate)
        self.at = now
        return 0.0 if self.level >= 1 else (1 - self.level) / self.rate


class Flood:
    """About one message a second in a private chat (bursts allowed), 20 a minute in a group, 30 a second overall."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._all = self._bucket(PER_SECOND, PER_SECOND)
        self._chats: dict[int, Bucket] = {}

    def check(self, method: str, chat: Chat) -> None:
        """Counts one call; a 429 with retry_after when it is too many."""
        if not method.startswith(_LIMITED) or method in _FREE:
            return
        own = self._chats.get(chat.id) or self._chats.setdefault(chat.id, self._own(chat))
        now = self._clock.now()
        if wait := max(own.wait(now), self._all.wait(now)):
            raise flooded(math.ceil(wait))
        own.level -= 1
        self._all.level -= 1

    def _own(self, chat: Chat) -> Bucket:
        if chat.private:
            return self._bucket(PRIVATE_PER_SECOND, PRIVATE_BURST)
        return self._bucket(GROUP_PER_MINUTE / 60, GROUP_PER_MINUTE)

    def _bucket(self, rate: float, size: float) -> Bucket:
        return Bucket(rate, size, size, self._clock.now())
