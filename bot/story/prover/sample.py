"""Random plays, for stories whose plays are too many to know."""

from __future__ import annotations

from collections.abc import Callable

from bot.story.prover.evidence import Evidence, Move
from bot.story.prover.mark import Mark
from bot.story.prover.walker import Turn, Walker

Dice = Callable[[int], int]
"""sides -> 0 .. sides - 1"""

MOVES = 200
"""Of one sampled play; a playthrough that ends is followed by another with what is kept."""


def sample(walker: Walker, plays: int, looks: int, dice: Dice) -> dict[Mark, Evidence]:
    """What so many random plays come across, with the shortest of these plays that led there; after so many `looks`
    the last one ends.
    """
    found: dict[Mark, Evidence] = {}
    most = walker.looked + looks
    for _ in range(plays):
        if walker.looked >= most:
            break
        _play(walker, dice, found)
    return found


def _play(walker: Walker, dice: Dice, found: dict[Mark, Evidence]) -> None:
    turn = walker.begin_once(None, dice)
    moves: tuple[Move, ...] = ()
    for _ in range(MOVES):
        moves = (*moves, turn.move)
        _note(found, turn, moves)
        view = walker.view(turn.state)
        for mark in view.marks:
            timed = mark.what == "default"
            end = (walker.take_once(turn.state, view.open[0], None, dice, timed=True).move,) if timed else ()
            _keep(found, mark, (*moves, *end))
        if not view.open:
            turn = walker.begin_once(turn.state, dice)
            continue
        choice = view.open[dice(len(view.open))]
        texts = walker.texts(choice)
        turn = walker.take_once(turn.state, choice, texts[dice(len(texts))], dice)


def _note(found: dict[Mark, Evidence], turn: Turn, moves: Evidence) -> None:
    for mark in turn.marks:
        _keep(found, mark, moves)


def _keep(found: dict[Mark, Evidence], mark: Mark, moves: Evidence) -> None:
    if mark not in found or len(moves) < len(found[mark]):
        found[mark] = moves
