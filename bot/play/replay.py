"""Plays what the prover gives as evidence, move by move, through the engine itself."""

from __future__ import annotations

from collections.abc import Iterator

from bot.play.dice import Dice
from bot.play.event import Begin, Choose, Event, Restart, Rewind, TimeOut
from bot.play.path import choice_points
from bot.play.state import BranchState
from bot.play.step import Step, step
from bot.story.prover.evidence import Evidence, Move
from bot.story.story import Story


def replay(story: Story, evidence: Evidence) -> Iterator[Step]:
    """Every step of the play. Raises `Refused` where the story does not allow a move."""
    state: BranchState | None = None
    for move in evidence:
        taken = step(story, state, _event(story, state, move), 0, _scripted(move))
        state = taken.branch_state
        yield taken


def _event(story: Story, state: BranchState | None, move: Move) -> Event:
    if state is None:
        return Begin(story.language)
    if move.back:
        return Rewind(state.revision, len(choice_points(state.path)) - move.back)
    if move.choice is None:
        return Restart(state.revision)
    return TimeOut(state.revision) if move.timed else Choose(state.revision, move.choice, move.text)


def _scripted(move: Move) -> Dice:
    rolls = iter(move.rolls)
    return lambda sides: next(rolls)
