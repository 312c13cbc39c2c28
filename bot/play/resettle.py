"""A session settled in another version of its story: the state that it goes on with there."""

from __future__ import annotations

from dataclasses import replace

from bot.play.landing import Fate, Landing, land
from bot.play.state import BranchState, Landed
from bot.story.story import Story


def resettled(old: Story, state: BranchState, new: Story) -> tuple[Landing, BranchState]:
    """How it lands, and its state in the new version.

    Where nothing that can be pressed is different, it keeps its revision: the buttons that it has in a chat, and its
    clock, go on being true. Else it is at the next one, and no clock runs for a card that nobody asked for.
    """
    landing = land(old, state, new)
    told = told_of(landing)
    if told is None:
        return landing, replace(landing.state, landed=state.landed)
    if told == "refreshed" and state.landed is not None:
        told = state.landed  # they have not gone on since, and may not have heard of that
    return landing, replace(landing.state, revision=state.revision + 1, deadline=None, landed=told)


def told_of(landing: Landing) -> Landed | None:
    """What the viewer must hear of it; None where they need not."""
    if landing.fate is Fate.MOVED:
        return "moved"
    if landing.fate is Fate.RESTARTS:
        return "restarts"
    return "refreshed" if landing.refreshed else None
