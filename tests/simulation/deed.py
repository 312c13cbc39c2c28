"""Deeds: everything that somebody or something may do to a world. A history is a list of them, and reads as one.

A deed names nothing that only exists while a history runs: who taps names a place in what they were shown. So a history
with some deeds left out is a history too.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bot.watch.rules import Rules
from tests.simulation.link import Fault


class Wanted(Enum):
    """What a host may want of a room."""

    CLOSE_NOW = "close the ballot now"
    SKIP = "skip the ballot"
    EXTEND = "more time"
    BACK = "go back"
    PAUSE = "pause"
    RESUME = "go on"
    STOP = "stop for good"


class Refusal(Enum):
    """What the platform may do with a card that it is to show."""

    LATER = "asks for patience"
    LOST = "shows it, but its answer is lost"
    BROKEN = "breaks off before it is shown"
    SLOW = "takes seconds"


@dataclass(frozen=True, slots=True)
class Deed:
    """`pause` is milliseconds since the deed before."""

    pause: int


@dataclass(frozen=True, slots=True)
class Sent(Deed):
    """Something that a viewer sends; it arrives `copies` times, as platforms do."""

    who: str
    copies: int

    def told(self, what: str) -> str:
        return f"{self.who} {what}" + ("" if self.copies == 1 else f" (delivered {self.copies} times)")


@dataclass(frozen=True, slots=True)
class Play(Sent):
    story: str

    def __str__(self) -> str:
        return self.told(f"opens {self.story}")


@dataclass(frozen=True, slots=True)
class Tap(Sent):
    """`pick` counts the buttons of the card, and one that was never there; `back` the cards since."""

    pick: int
    back: int

    def __str__(self) -> str:
        return self.told(f"taps button {self.pick + 1} {card(self.back)}")


@dataclass(frozen=True, slots=True)
class Rewound(Sent):
    back: int

    def __str__(self) -> str:
        return self.told(f"goes back to the last choice, {card(self.back)}")


@dataclass(frozen=True, slots=True)
class Restarted(Sent):
    back: int

    def __str__(self) -> str:
        return self.told(f"starts again, {card(self.back)}")


@dataclass(frozen=True, slots=True)
class Again(Sent):
    def __str__(self) -> str:
        return self.told("asks to see the card again")


@dataclass(frozen=True, slots=True)
class Forget(Sent):
    def __str__(self) -> str:
        return self.told("has everything forgotten")


@dataclass(frozen=True, slots=True)
class Gather(Sent):
    story: str
    rules: Rules

    def __str__(self) -> str:
        rules = f"{self.rules.mode.value}, {self.rules.seconds} s" + (", early" if self.rules.early else "")
        return self.told(f"begins {self.story} in the group ({rules})")


@dataclass(frozen=True, slots=True)
class Vote(Sent):
    pick: int
    back: int
    expected: int | None

    def __str__(self) -> str:
        among = "" if self.expected is None else f", one of {self.expected}"
        return self.told(f"votes for button {self.pick + 1} {card(self.back)}{among}")


@dataclass(frozen=True, slots=True)
class Steer(Sent):
    wanted: Wanted
    back: int

    def __str__(self) -> str:
        return self.told(f"wants: {self.wanted.value}, {card(self.back)}")


@dataclass(frozen=True, slots=True)
class Join(Sent):
    def __str__(self) -> str:
        return self.told("joins the group")


@dataclass(frozen=True, slots=True)
class Leave(Sent):
    def __str__(self) -> str:
        return self.told("leaves the group")


@dataclass(frozen=True, slots=True)
class Wait(Deed):
    def __str__(self) -> str:
        return "time passes"


@dataclass(frozen=True, slots=True)
class Turned(Deed):
    """A worker's clock is set."""

    worker: int
    seconds: int

    def __str__(self) -> str:
        return f"the clock of worker {self.worker} is set by {self.seconds:+} s"


@dataclass(frozen=True, slots=True)
class Crash(Deed):
    worker: int

    def __str__(self) -> str:
        return f"worker {self.worker} ends"


@dataclass(frozen=True, slots=True)
class Begin(Deed):
    """`anew`: under another name than the one that the crew knew it by."""

    worker: int
    anew: bool

    def __str__(self) -> str:
        return f"worker {self.worker} begins" + (" under another name" if self.anew else "")


@dataclass(frozen=True, slots=True)
class Retire(Deed):
    worker: int

    def __str__(self) -> str:
        return f"worker {self.worker} leaves the crew in good order"


@dataclass(frozen=True, slots=True)
class Stall(Deed):
    worker: int
    milliseconds: int

    def __str__(self) -> str:
        return f"worker {self.worker} stands still for {self.milliseconds} ms"


@dataclass(frozen=True, slots=True)
class Deafen(Deed):
    worker: int
    milliseconds: int

    def __str__(self) -> str:
        return f"worker {self.worker} misses what others tell for {self.milliseconds} ms"


@dataclass(frozen=True, slots=True)
class Disturb(Deed):
    worker: int
    skip: int
    fault: Fault

    def __str__(self) -> str:
        return f"job {self.skip + 1} of worker {self.worker} from now {self.fault.value}"


@dataclass(frozen=True, slots=True)
class Cut(Deed):
    worker: int
    milliseconds: int

    def __str__(self) -> str:
        return f"worker {self.worker} cannot reach the store for {self.milliseconds} ms"


@dataclass(frozen=True, slots=True)
class Slow(Deed):
    worker: int
    milliseconds: int
    each: int

    def __str__(self) -> str:
        return f"the store is slow for worker {self.worker}: {self.each} ms a job, for {self.milliseconds} ms"


@dataclass(frozen=True, slots=True)
class Refuse(Deed):
    skip: int
    how: Refusal

    def __str__(self) -> str:
        return f"of the cards to be shown from now, for number {self.skip + 1} the platform {self.how.value}"


FAULTS = (Turned, Crash, Retire, Stall, Deafen, Disturb, Cut, Slow, Refuse)
"""Deeds that are nobody's wish."""


def card(back: int) -> str:
    """Which of the cards somebody was shown."""
    return "on the card" if not back else f"on the card {back} before"
