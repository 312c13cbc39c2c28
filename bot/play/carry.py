"""A state carried from one version of a story to another: by name, as far as it fits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from bot.play.renaming import Names, names
from bot.play.state import FOLDED, KEPT, BadState, Base, BranchState
from bot.play.walk import Walk
from bot.story.expression import Value, Variable
from bot.story.story import Story, Values


def carried(old: Story, state: BranchState, new: Story) -> BranchState:
    """The state with its variables as another version of the story declares them: by name, where the value fits.

    Where the new version does not lead the same way, the path is folded: nothing but the way back is lost.
    """
    moved = renamed(old, state, new)
    return moved if _leads_the_same_way(new, moved) else without_path(moved)


def renamed(old: Story, state: BranchState, new: Story) -> BranchState:
    """The state in the new version's ids and bounds, its path as it was; whether that can be walked is not asked."""
    called = names(old, new)
    visits = _visits(state.visits, called, new)
    return replace(
        state,
        scene=called.scene(state.scene),
        values=carried_values(old, state.values, new),
        visits=visits,
        chosen=_chosen(state.chosen, called, new),
        ended=_ended(state.ended, called, new),
        seen=(frozenset(map(called.scene, state.seen)) & new.scenes.keys()) - visits.keys(),
        base=Base(
            carried_values(old, state.base.values, new),
            _ended(state.base.ended, called, new),
            _visits(state.base.visits, called, new),
            _chosen(state.base.chosen, called, new),
        ),
        path=called.path(state.path),
    )


def without_path(state: BranchState) -> BranchState:
    """The state with its path folded: it stands where it stood, and what was told before is told no more."""
    counted = Base(state.values, state.ended, state.visits, state.chosen)
    return replace(state, base=counted, path=(FOLDED + state.scene,), held=None, admitted=None)


def carried_values(old: Story, values: Values, new: Story) -> Values:
    """The values by name, kept inside their variables' new bounds; what does not fit starts anew."""
    called = names(old, new)
    by_name = {called.variable(one.name): value for one, value in zip(old.variables, values, strict=True)}
    return tuple(_fitting(variable, by_name.get(variable.name)) for variable in new.variables)


def kept_anew(token: str, new: Story) -> str:
    """A path's `!{...}` in the new version's ids as that version would have kept it: its values inside their bounds."""
    record = json.loads(token.removeprefix(KEPT))
    fitting = {
        one.name: _fitting(one, record["values"][one.name]) for one in new.variables if one.name in record["values"]
    }
    ended = sorted(still_endings(frozenset(record["ended"]), new))
    return KEPT + json.dumps({"values": fitting, "ended": ended}, ensure_ascii=False, separators=(",", ":"))


def still_endings(ended: frozenset[str], story: Story) -> frozenset[str]:
    """Those that the story still ends in."""
    return frozenset(scene for scene in ended if scene in story.scenes and story.scenes[scene].ending)


def _leads_the_same_way(story: Story, state: BranchState) -> bool:
    try:
        walk = Walk.again(story, state.language, state.base, state.path)
    except BadState:
        return False
    walked = (walk.scene, tuple(walk.values), walk.visits, walk.chosen, walk.ended)
    return walked == (state.scene, state.values, state.visits, state.chosen, state.ended)


def _visits(visits: Mapping[str, int], called: Names, new: Story) -> dict[str, int]:
    found = {called.scene(scene): times for scene, times in visits.items()}
    return {scene: times for scene, times in found.items() if scene in new.scenes}


def _chosen(chosen: Mapping[str, int], called: Names, new: Story) -> dict[str, int]:
    found = {called.choice(key): times for key, times in chosen.items()}
    return {key: times for key, times in found.items() if _has_choice(new, key)}


def _ended(ended: frozenset[str], called: Names, new: Story) -> frozenset[str]:
    return still_endings(frozenset(map(called.scene, ended)), new)


def _has_choice(story: Story, key: str) -> bool:
    scene, _, choice = key.partition(".")
    return scene in story.scenes and choice in story.scenes[scene].choices


def _fitting(variable: Variable, value: Value | None) -> Value:
    if variable.kind == "integer" and isinstance(value, int) and not isinstance(value, bool):
        return min(max(value, variable.low), variable.high)
    if variable.kind == "text" and isinstance(value, str):
        return value[: variable.length]
    fits = {"flag": isinstance(value, bool), "choice": value in variable.options}.get(variable.kind, False)
    return value if fits and value is not None else variable.start
