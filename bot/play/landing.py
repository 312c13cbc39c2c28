"""Landing: where a session in one version of a story stands in the next one, and whether its viewer must be told.

Nobody is put anywhere silently: a session goes on in the scene where it stood, or it is moved back to a choice that its
viewer has made before and is told so, or it begins again and is told so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from bot.play.carry import carried_values, renamed, still_endings, without_path
from bot.play.path import choice_points
from bot.play.renaming import names
from bot.play.rewalk import walked_again
from bot.play.state import FOLDED, Base, BranchState
from bot.play.step import show
from bot.play.walk import Walk
from bot.story.story import Story


class Fate(Enum):
    """What becomes of a session."""

    CONTINUES = "continues"
    """It stands where it stood."""
    MOVED = "moved"
    """It stands at an earlier choice: where it stood is gone, or leads nowhere now."""
    RESTARTS = "restarts"
    """Nothing of its way is left."""


@dataclass(frozen=True, slots=True)
class Landing:
    """`state` keeps its revision. `walked`: the whole way was walked again, and can be gone back. `refreshed`: what can
    be chosen there looks otherwise than before, so a card that stands in a chat is out of date.
    """

    fate: Fate
    state: BranchState
    walked: bool
    refreshed: bool


def land(old: Story, state: BranchState, new: Story) -> Landing:
    """Where a session of the old version lands in the new one."""
    called = names(new)
    here = called.scene(state.scene)
    again = walked_again(old, state, new)
    if again is not None and again.scene == here and _rests(new, again) and _waits_alike(state, again):
        return _continues(old, state, new, again, walked=True)
    if here in new.scenes and state.held is None:
        folded = without_path(renamed(old, state, new))
        if _rests(new, folded):
            return _continues(old, state, new, folded, walked=False)
    for at in reversed([point.at for point in choice_points(state.path)]):
        back = _back(old, state, new, at)
        if back is not None:
            return Landing(Fate.MOVED, back, walked=back.path[:1] != (FOLDED + back.scene,), refreshed=True)
    return Landing(Fate.RESTARTS, _anew(old, state, new), walked=True, refreshed=True)


def _continues(old: Story, state: BranchState, new: Story, landed: BranchState, *, walked: bool) -> Landing:
    before, after = show(old, state), show(new, landed)
    called = names(new)
    shown = [
        (called.choice(f"{before.scene}.{one.id}").partition(".")[2], one.label, one.locked, one.ask)
        for one in before.options
    ]
    alike = shown == [(one.id, one.label, one.locked, one.ask) for one in after.options]
    return Landing(Fate.CONTINUES, landed, walked, refreshed=not alike or before.within != after.within)


def _rests(story: Story, state: BranchState) -> bool:
    """Whether a session can stand there: something can be chosen, or the story has ended."""
    scene = story.scenes[state.scene]
    if scene.route is not None:
        return False
    return scene.ending is not None or not show(story, state).stuck


def _waits_alike(state: BranchState, again: BranchState) -> bool:
    """A session that waits for its viewer to pay does so in the same place of the same step."""
    return state.held is None or state.path == again.path


def _back(old: Story, state: BranchState, new: Story, at: int) -> BranchState | None:
    """The state before the choice at that place of its path, in the new version; None where one cannot stand there."""
    stood = Walk.again(old, state.language, state.base, state.path[:at])
    then = replace(
        state, scene=stood.scene, values=tuple(stood.values), visits=stood.visits, chosen=stood.chosen,
        ended=state.ended, path=state.path[:at], deadline=None, held=None, admitted=None,
        seen=frozenset((state.seen | state.visits.keys()) - stood.visits.keys()),
    )  # fmt: skip
    called = names(new)
    if called.scene(then.scene) not in new.scenes:
        return None
    again = walked_again(old, then, new)
    if again is None or again.scene != called.scene(then.scene):
        again = without_path(renamed(old, then, new))
    return again if _rests(new, again) else None


def _anew(old: Story, state: BranchState, new: Story) -> BranchState:
    """From the beginning, with what is kept from one playthrough to the next."""
    values = carried_values(old, state.values, new)
    kept = tuple(value if one.keep else one.start for one, value in zip(new.variables, values, strict=True))
    called = names(new)
    ended = still_endings(frozenset(map(called.scene, state.ended)), new)
    walk = Walk(new, new.wording(state.language).language, Base(kept, ended), lambda sides: 0)
    walk.arrive(new.start)
    seen = frozenset(map(called.scene, {*state.seen, *state.visits})) & new.scenes.keys() - walk.visits.keys()
    return replace(
        state, scene=walk.scene, language=walk.stages[new.start].language, values=tuple(walk.values),
        visits=walk.visits, chosen=walk.chosen, ended=walk.ended, path=tuple(walk.path), base=walk.base,
        deadline=None, seen=seen, absent=False, held=None, admitted=None,
    )  # fmt: skip
