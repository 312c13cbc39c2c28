"""Evidence: how to play to a situation, so that anybody can see it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Move:
    """One step of a play: a choice, going back, or, where it is neither, beginning (again, with what is kept).

    `rolls` are what the dice must say in this step, in order.
    """

    choice: str | None = None
    timed: bool = False
    """Taken by the clock, as the default or in its place."""
    text: str | None = None
    """What is typed, for a choice that asks."""
    rolls: tuple[int, ...] = ()
    back: int = 0
    """How many choices the viewer goes back, with what is kept; 0 where they do not."""

    @property
    def begins(self) -> bool:
        """Whether a playthrough begins with it."""
        return self.choice is None and not self.back

    def __str__(self) -> str:
        if self.back:
            return "back a choice" if self.back == 1 else f"back {self.back} choices"
        if self.choice is None:
            return "play again"
        return f"{self.choice} (time runs out)" if self.timed else self.choice


Evidence = tuple[Move, ...]
"""A play from its beginning, which is the first move."""


def playthrough(evidence: Evidence) -> Evidence:
    """The part of it since the last beginning."""
    begun = max(n for n, move in enumerate(evidence) if move.begins)
    return evidence[begun:]


def choices(evidence: Evidence) -> int:
    """The choices of its last playthrough, without those that were gone back over."""
    return made(playthrough(evidence)[1:])


def made(moves: Evidence) -> int:
    """How many choices these moves add to a playthrough."""
    return sum(-move.back if move.back else 1 for move in moves)


def returning(moves: Evidence) -> Evidence:
    """Moves within a playthrough, and then back to where they began, if they do not end there already."""
    far = made(moves)
    return (*moves, Move(back=far)) if far else moves
