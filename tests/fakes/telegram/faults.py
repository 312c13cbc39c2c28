"""What a test can order to go wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tests.fakes.telegram.refusal import BadRequest, Forbidden, Refused

How = Literal["refuse", "garble", "reset", "lose", "slow"]
"""refuse: an error in the API's form. garble: a status with a body that is no JSON. reset: the connection breaks before
the work. lose: the work is done, then the connection breaks. slow: the answer takes longer."""


@dataclass(eq=False)
class Fault:
    """One order. `times` is how often it still strikes; None is until it is lifted."""

    how: How
    method: str | None = None
    chat: int | None = None
    times: int | None = 1
    refusal: Refused | None = None
    status: int = 502
    seconds: float = 0.0
    struck: int = 0
    lifted: bool = False

    def lift(self) -> None:
        """It strikes no more."""
        self.lifted = True

    def fits(self, method: str, chat: int | None) -> bool:
        return self.method in (None, method) and self.chat in (None, chat)

    @property
    def over(self) -> bool:
        return self.lifted or self.times == 0

    def strike(self) -> None:
        self.struck += 1
        if self.times is not None:
            self.times -= 1


@dataclass
class Faults:
    """Orders take `method`, `chat` (its id; None is any) and `times` (None is until lifted), and return the fault."""

    orders: list[Fault] = field(default_factory=list)

    def next(self, method: str, chat: int | None) -> Fault | None:
        """The fault that strikes this call, if any."""
        if not self.orders:
            return None
        self.orders = [fault for fault in self.orders if not fault.over]
        found = next((fault for fault in self.orders if fault.fits(method, chat)), None)
        if found:
            found.strike()
        return found

    def lift(self) -> None:
        """All is well from now on."""
        for fault in self.orders:
            fault.lift()

    def flood(
        self, retry_after: int = 1, *, method: str | None = None, chat: int | None = None, times: int | None = 1
    ) -> Fault:
        """429 with `parameters.retry_after` in seconds."""
        return self._add(Fault("refuse", method, chat, times, flooded(retry_after)))

    def broken(
        self, status: int = 502, *, method: str | None = None, chat: int | None = None, times: int | None = 1
    ) -> Fault:
        """A 5xx whose body is HTML, as from a gateway."""
        return self._add(Fault("garble", method, chat, times, status=status))

    def reset(self, *, method: str | None = None, chat: int | None = None, times: int | None = 1) -> Fault:
        """The connection breaks; nothing was done."""
        return self._add(Fault("reset", method, chat, times))

    def lost_answer(self, *, method: str | None = None, chat: int | None = None, times: int | None = 1) -> Fault:
        """The work is done and the connection breaks, so that the caller does not know."""
        return self._add(Fault("lose", method, chat, times))

    def slow(
        self, seconds: float, *, method: str | None = None, chat: int | None = None, times: int | None = 1
    ) -> Fault:
        """The work is done, the answer comes after these real seconds."""
        return self._add(Fault("slow", method, chat, times, seconds=seconds))

    def refuse(
        self, refusal: Refused, *, method: str | None = None, chat: int | None = None, times: int | None = 1
    ) -> Fault:
        """Any other error in the API's form."""
        return self._add(Fault("refuse", method, chat, times, refusal))

    def blocked(self, *, method: str | None = None, chat: int | None = None, times: int | None = None) -> Fault:
        """403, the viewer blocked the bot."""
        return self.refuse(Forbidden("bot was blocked by the user"), method=method, chat=chat, times=times)

    def kicked(self, *, method: str | None = None, chat: int | None = None, times: int | None = None) -> Fault:
        """403, the bot was thrown out."""
        return self.refuse(Forbidden("bot was kicked from the supergroup chat"), method=method, chat=chat, times=times)

    def chat_not_found(self, *, method: str | None = None, chat: int | None = None, times: int | None = None) -> Fault:
        """400, there is no such chat."""
        return self.refuse(BadRequest("chat not found"), method=method, chat=chat, times=times)

    def migrated(
        self, to: int, *, method: str | None = None, chat: int | None = None, times: int | None = None
    ) -> Fault:
        """400, the group is a supergroup now: `parameters.migrate_to_chat_id`."""
        return self.refuse(migrated(to), method=method, chat=chat, times=times)

    def unauthorized(self, *, times: int | None = None) -> Fault:
        """401, as for a revoked token."""
        return self.refuse(Refused(401, "Unauthorized"), times=times)

    def _add(self, fault: Fault) -> Fault:
        self.orders.append(fault)
        return fault


def flooded(retry_after: int) -> Refused:
    """The 429 of faults and of the real limits."""
    return Refused(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


def migrated(to: int) -> BadRequest:
    """What sends to a group that became a supergroup get."""
    return BadRequest("group chat was upgraded to a supergroup chat", migrate_to_chat_id=to)
