"""A look ahead: which scene each open choice leads to, so that its clip can be there before the tap."""

from __future__ import annotations

from bot.play.dice import seeded
from bot.play.event import Choose
from bot.play.state import BranchState
from bot.play.step import show, step
from bot.story.story import Story


def peek(story: Story, state: BranchState, seed: int) -> dict[str, str]:
    """The first scene after each open choice, by choice id: with the session's own dice, so it is the real one."""
    dice = state.revision + 1
    return {
        option.id: step(story, state, Choose(state.revision, option.id), state.since, seeded(seed, dice)).cards[0].scene
        for option in show(story, state).options
        if not option.locked
    }
