"""What can happen to a session, as the engine sees it. Every event but `Begin` names the revision it was meant for."""

from __future__ import annotations

from bot.play.state import BranchState
from bot.record import record


@record(frozen=True, slots=True)
class Begin:
    """A session's first event."""

    language: str


@record(frozen=True, slots=True)
class Choose:
    """A viewer takes a choice; `text` answers a choice that asks for one."""

    revision: int
    choice: str
    text: str | None = None


@record(frozen=True, slots=True)
class TimeOut:
    """The time to choose is over. `present` says that somebody was watching it run."""

    revision: int
    present: bool = True


@record(frozen=True, slots=True)
class Rewind:
    """Back to the choice point that is `to`-th on the path, counted from 0."""

    revision: int
    to: int


@record(frozen=True, slots=True)
class Restart:
    """Play again from the start; variables with `keep` and the endings found stay."""

    revision: int


@record(frozen=True, slots=True)
class Jump:
    """Straight to a scene: for creators."""

    revision: int
    scene: str


@record(frozen=True, slots=True)
class Speak:
    """Go on in another language."""

    revision: int
    language: str


@record(frozen=True, slots=True)
class Learn:
    """What the viewer found and saw in another playthrough of the story, which turned out to be theirs, counts here."""

    revision: int
    ended: frozenset[str]
    """Scenes of endings; those that this version of the story does not have are left out."""
    seen: frozenset[str]


@record(frozen=True, slots=True)
class Admit:
    """What a viewer has bought has changed: the story is told on from where it was held, or held where it stands."""

    revision: int


@record(frozen=True, slots=True)
class Adopt:
    """Begin, or go on, from the choice point of somebody else's path that they shared: the `to`-th, counted from 0,
    or, one past the last, where they stand. `revision` is None for a session's first event."""

    source: BranchState
    to: int
    language: str
    revision: int | None = None


Event = Adopt | Begin | Choose | TimeOut | Rewind | Restart | Jump | Speak | Learn | Admit
