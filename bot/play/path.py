"""The path walked, as people see it: the choice points to which a viewer can go back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from bot.play.state import ANSWER, FOLDED, JUMP, KEPT, ROLL, STARTS, TAKEN, TIMED, BranchState, Path


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


def path_to(state: BranchState, to: int) -> Path | None:
    """The path as far as its `to`-th choice point or, one past the last, all of it; None where there is no such point.

    Where somebody waits for a price, all of it ends at the last choice: the rest is not paid for.
    """
    ends = [*(point.at for point in choice_points(state.path)), len(state.path)]
    if state.held is not None:
        ends = [*ends[:-1], *ends[-2:-1]]
    return state.path[: ends[to]] if 0 <= to < len(ends) else None


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


def last_scenes(state: BranchState) -> tuple[str, ...]:
    """The scenes of the last step along the path, in order: a card each of what `retell` tells."""
    start = max((at for at, token in enumerate(state.path) if token[:1] in STARTS), default=0)
    return tuple(scene for scene, _ in scenes_walked(state.path[start:])) or (state.scene,)


def scenes_seen(state: BranchState) -> set[str]:
    """Every scene the viewer ever saw in this story: not those that wait behind a price."""
    ever = {*state.seen, *state.visits}
    if state.held is None:
        return ever
    waiting = Counter(last_scenes(state)[state.held :])
    return ever - {scene for scene, times in waiting.items() if state.visits.get(scene) == times} | state.seen


def here(state: BranchState) -> str:
    """The scene at which the viewer is: where the session stands, or the first that waits behind a price."""
    return state.scene if state.held is None else last_scenes(state)[state.held]
