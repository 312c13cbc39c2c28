"""What a test can order to go wrong, and what went wrong by the bot's own fault."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from tests.fakes.discord.refusal import Refused, bad_request, missing_access, missing_permissions, unknown

How = Literal["refuse", "garble", "reset", "lose", "slow", "flood"]
"""refuse: an error in the API's form. garble: a status with a body that is no JSON. reset: the connection breaks before
the work. lose: the work is done, then the connection breaks. slow: the answer takes longer. flood: 429."""


@dataclass(eq=False)
class Fault:
    """One order. `times` is how often it still strikes; None is until it is lifted."""

    how: How
    call: str | None = None
    channel: int | None = None
    times: int | None = 1
    refusal: Refused | None = None
    status: int = 502
    seconds: float = 0.0
    scope: str = "user"
    struck: int = 0
    lifted: bool = False

    def lift(self) -> None:
        """It strikes no more."""
        self.lifted = True

    def fits(self, call: str, channel: int | None) -> bool:
        """`call` is "METHOD route"; an order may name any part of that."""
        return (self.call is None or self.call in call) and self.channel in (None, channel)

    @property
    def over(self) -> bool:
        return self.lifted or self.times == 0

    def strike(self) -> None:
        self.struck += 1
        if self.times is not None:
            self.times -= 1


@dataclass
class Faults:
    """Orders take `call` (a part of "METHOD route", such as "POST /channels" or "/callback"; None is any), `channel`
    (its id) and `times` (None is until lifted), and return the fault. To iterate is to read `violations`.
    """

    orders: list[Fault] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    """Calls that broke the official description or Discord's rules, and answers of ours that did."""

    def __iter__(self) -> Iterator[str]:
        return iter(self.violations)

    def __len__(self) -> int:
        return len(self.violations)

    def next(self, call: str, channel: int | None) -> Fault | None:
        """The fault that strikes this call, if any."""
        if not self.orders:
            return None
        self.orders = [fault for fault in self.orders if not fault.over]
        found = next((fault for fault in self.orders if fault.fits(call, channel)), None)
        if found:
            found.strike()
        return found

    def lift(self) -> None:
        """All is well from now on."""
        for fault in self.orders:
            fault.lift()

    def flood(
        self,
        retry_after: float = 1.0,
        *,
        call: str | None = None,
        channel: int | None = None,
        times: int | None = 1,
        scope: Literal["user", "global", "shared"] = "user",
    ) -> Fault:
        """429 with retry_after in seconds."""
        return self._add(Fault("flood", call, channel, times, seconds=retry_after, scope=scope))

    def broken(
        self, status: int = 502, *, call: str | None = None, channel: int | None = None, times: int | None = 1
    ) -> Fault:
        """A 5xx whose body is HTML, as from a gateway. discord.py itself tries 500, 502, 504, 524 again, not 503."""
        return self._add(Fault("garble", call, channel, times, status=status))

    def reset(self, *, call: str | None = None, channel: int | None = None, times: int | None = 1) -> Fault:
        """The connection breaks; nothing was done."""
        return self._add(Fault("reset", call, channel, times))

    def lost_answer(self, *, call: str | None = None, channel: int | None = None, times: int | None = 1) -> Fault:
        """The work is done and the connection breaks, so that the caller does not know."""
        return self._add(Fault("lose", call, channel, times))

    def slow(
        self, seconds: float, *, call: str | None = None, channel: int | None = None, times: int | None = 1
    ) -> Fault:
        """The work is done, the answer comes after these real seconds."""
        return self._add(Fault("slow", call, channel, times, seconds=seconds))

    def refuse(
        self, refusal: Refused, *, call: str | None = None, channel: int | None = None, times: int | None = 1
    ) -> Fault:
        """Any error in the API's form."""
        return self._add(Fault("refuse", call, channel, times, refusal))

    def missing_permissions(
        self, *, call: str | None = None, channel: int | None = None, times: int | None = None
    ) -> Fault:
        """403, 50013."""
        return self.refuse(missing_permissions(), call=call, channel=channel, times=times)

    def missing_access(self, *, call: str | None = None, channel: int | None = None, times: int | None = None) -> Fault:
        """403, 50001."""
        return self.refuse(missing_access(), call=call, channel=channel, times=times)

    def unknown(
        self, what: str, *, call: str | None = None, channel: int | None = None, times: int | None = None
    ) -> Fault:
        """404 by Discord's name for what is not there: Channel, Message, Interaction, Webhook, Guild..."""
        return self.refuse(unknown(what), call=call, channel=channel, times=times)

    def bad_request(
        self,
        code: int,
        message: str = "refused",
        *,
        call: str | None = None,
        channel: int | None = None,
        times: int | None = 1,
    ) -> Fault:
        """400 with any code."""
        return self.refuse(bad_request(code, message), call=call, channel=channel, times=times)

    def _add(self, fault: Fault) -> Fault:
        self.orders.append(fault)
        return fault
