"""Evidence: how to play to a situation, so that anybody can see it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Move:
    """One step of a play: a choice, or, where `choice` is None, beginning (again, with what is kept).

    `rolls` are what the dice must say in this step, in order.
    """

    choice: str | None = None
    timed: bool = False
    """Taken by the clock, as the default or in its place."""
    text: str | None = None
    """What is typed, for a choice that asks."""
    rolls: tuple[int, ...] = ()

    def __str__(self) -> str:
        if self.choice is None:
            return "play again"
        return f"{self.choice} (time runs out)" if self.timed else self.choice


Evidence = tuple[Move, ...]
"""A play from its beginning, which is the first move."""


def playthrough(evidence: Evidence) -> Evidence:
    """The part of it since the last beginning."""
    begun = max(n for n, move in enumerate(evidence) if move.choice is None)
    return evidence[begun:]


def choices(evidence: Evidence) -> int:
    """The choices of its last playthrough."""
    return len(playthrough(evidence)) - 1
