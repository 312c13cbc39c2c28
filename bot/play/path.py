"""The path walked, as people see it: the choice points to which a viewer can go back."""

from __future__ import annotations

from dataclasses import dataclass

from bot.play.state import ANSWER, FOLDED, JUMP, KEPT, ROLL, TAKEN, TIMED, Path


@dataclass(frozen=True, slots=True)
class ChoicePoint:
    """A choice once made: `at` is the token on the path before which the viewer stood there."""

    at: int
    scene: str
    choice: str
    timed_out: bool


def choice_points(path: Path) -> list[ChoicePoint]:
    """The choices of a path, in order. Of a very long play only the later ones are still on its path."""
    points = []
    scene = ""
    for at, token in enumerate(path):
        head = token[:1]
        if head in (TAKEN, TIMED):
            points.append(ChoicePoint(at, scene, token[1:], head == TIMED))
        elif head not in (ANSWER, ROLL, JUMP, KEPT):
            scene = token.removeprefix(FOLDED)
    return points


def scenes_walked(path: Path) -> list[tuple[str, str | None]]:
    """Each scene entered, in order, with the choice that led into it (None where it went on by itself)."""
    walked: list[tuple[str, str | None]] = []
    choice: str | None = None
    for token in path:
        head = token[:1]
        if head in (TAKEN, TIMED):
            choice = token[1:]
        elif head not in (ANSWER, ROLL, JUMP, KEPT):
            walked.append((token.removeprefix(FOLDED), choice))
            choice = None
    return walked
