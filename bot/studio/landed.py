"""Landed: where a rehearsal stands in the next version of its story, and why not where it stood."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bot.play.landing import Fate, land
from bot.play.renaming import names
from bot.play.rewalk import walked_again
from bot.play.state import BranchState
from bot.play.step import show
from bot.story.changes import Change, changes
from bot.story.story import Story


class Cause(Enum):
    """Why a rehearsal could not stay in its scene."""

    GONE = "is gone"
    SHUT = "leaves nothing to choose now"
    PASSING = "goes on by itself now"


@dataclass(frozen=True, slots=True)
class Landed:
    """Where a rehearsal is in the next version of its story. `left` is the scene where it was, in its new name where it
    has one; `cause` is set where it could not stay there; `rewindable`: the whole way can still be gone back."""

    fate: Fate
    left: str
    scene: str
    cause: Cause | None
    rewindable: bool
    changes: tuple[Change, ...]


def landed(old: Story, state: BranchState, new: Story) -> tuple[Landed, BranchState]:
    """Where it stands and the state of it. A viewer would be moved back from a scene that goes on by itself now; a
    writer has just written on, and wants to see that."""
    found = land(old, state, new)
    left = names(old, new).scene(state.scene)
    cause = None if found.fate is Fate.CONTINUES else _cause(new, left)
    onward = _led_on(old, state, new) if cause is Cause.PASSING else None
    then = onward or found.state
    told = Landed(
        Fate.MOVED if onward else found.fate, left, then.scene, cause, bool(onward) or found.walked, changes(old, new)
    )
    return told, then


def _led_on(old: Story, state: BranchState, new: Story) -> BranchState | None:
    """Where the same choices lead now, if one can stand there: what was an end or a gap may have got a sequel."""
    again = walked_again(old, state, new)
    return again if again is not None and not show(new, again).stuck else None


def _cause(new: Story, left: str) -> Cause:
    scene = new.scenes.get(left)
    if scene is None:
        return Cause.GONE
    return Cause.SHUT if scene.route is None else Cause.PASSING
