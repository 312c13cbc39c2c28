"""What can happen to a room. Whatever concerns a ballot names the revision it was meant for."""

from __future__ import annotations

from bot.record import record
from bot.watch.rules import Rules
from bot.watch.vote import Voter


@record(frozen=True, slots=True)
class Open:
    """The session moved: vote on what is open there. Without choices (an ending) there is no ballot."""

    revision: int
    choices: tuple[str, ...]
    default: str | None = None
    after: int = 0
    """Milliseconds until the clips are over, before the time to vote begins."""
    meeting: int | None = None
    """Until when (Unix ms) the room waits here for its twin; None where it does not."""


@record(frozen=True, slots=True)
class Cast:
    """A vote, or a changed one."""

    voter: Voter
    revision: int
    ranking: tuple[str, ...]
    expected: int | None = None
    """How many are there to vote, where that is known."""


@record(frozen=True, slots=True)
class Close:
    """The clock: time ran out."""

    revision: int


@record(frozen=True, slots=True)
class CloseNow:
    """The host counts now."""

    by: Voter
    revision: int


@record(frozen=True, slots=True)
class Skip:
    """The host takes the story's default at once, whatever was voted."""

    by: Voter
    revision: int


@record(frozen=True, slots=True)
class Extend:
    """The host gives the time of one vote more."""

    by: Voter
    revision: int


@record(frozen=True, slots=True)
class Back:
    """The host wants the last vote undone: this ballot ends without a verdict, the caller rewinds the session."""

    by: Voter
    revision: int


@record(frozen=True, slots=True)
class Pause:
    """The host stops the clock, to the millisecond; no votes until it runs again, over the next ballot too."""

    by: Voter


@record(frozen=True, slots=True)
class Resume:
    """The host lets the clock run again, or, where it waits for the first vote, at all."""

    by: Voter


@record(frozen=True, slots=True)
class Stop:
    """The host ends the watch-along for good."""

    by: Voter


@record(frozen=True, slots=True)
class Change:
    """The host wants other rules, from the next ballot on."""

    by: Voter
    rules: Rules


@record(frozen=True, slots=True)
class HandOver:
    """The host makes another voter (id) the host."""

    by: Voter
    to: str


@record(frozen=True, slots=True)
class Split:
    """The host wants the group to split, where the near tie of this ballot leaves it to them."""

    by: Voter
    revision: int


@record(frozen=True, slots=True)
class Together:
    """The host wants the group to stay together: the winner of this ballot is taken by all."""

    by: Voter
    revision: int


@record(frozen=True, slots=True)
class HostLeft:
    """`who` left the group. `next` is the voter who joined earliest of those active, None when there is nobody."""

    who: str
    next: str | None


Control = CloseNow | Skip | Extend | Back | Pause | Resume | Stop | Change | HandOver | Split | Together
"""What only the host may do, or a steward."""

Event = Open | Cast | Close | HostLeft | Control
