"""A branch: one of the two halves of a group that split on a near tie, until they meet again."""

from __future__ import annotations

from dataclasses import dataclass

ASK_MS = 15_000
"""How long the host may take to say whether the group splits. Its ballot is shut meanwhile."""

MEET_MS = 180_000
"""The longest that a branch waits for the other at a scene where they may meet."""

MOST_PARTED = 32
"""How often a group may split in an evening; from then on it stays together."""


@dataclass(frozen=True, slots=True)
class Branch:
    """Where a room that is one of two comes from. `revision` is of the ballot on which they split."""

    twin: int
    """The session of the other branch."""
    revision: int
    home: str
    """The address where both began, as it was then. The main one goes back to where that chat is by now."""
    main: bool
    """Whether it is the one that goes on after they meet."""
    side: str
    """The choice it lives."""
    other: str
    """The choice that the twin lives."""
    since: int
    """The length of the session's path before that choice."""
    quorum: int | None = None
    """How many must vote here: the branch's part of the whole group's quorum. None: as many as the rules say."""


@dataclass(frozen=True, slots=True)
class Parting:
    """A shut ballot that ended in a near tie: the host is asked, or the group is just being split.

    With a `twin` it is decided, and its ids are fixed: whoever finishes the split makes the same room.
    """

    choice: str
    """The winner, which the room itself takes."""
    other: str
    """The best of the others, which the twin takes."""
    until: int
    """Unix ms until which the host may say; then they stay together."""
    twin: int = 0
    code: str = ""
    seed: int = 0

    @property
    def decided(self) -> bool:
        """Whether the group splits; what follows only finishes it."""
        return self.twin != 0


@dataclass(frozen=True, slots=True)
class Parted:
    """A split of the evening, as both rooms remember it."""

    twin: int
    revision: int
    """Of the ballot on which they split, which the main room held."""
    main: bool
    side: str
    since: int
    """The length of the session's path before that choice."""
    met: int | None = None
    """The revision at which this room met the other again; None while they have not."""
    scene: str | None = None
    """Where they met."""
