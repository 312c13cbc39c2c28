"""A state carried from one version of a story to another: by name, as far as it fits."""

from __future__ import annotations

from dataclasses import replace

from bot.play.state import FOLDED, BadState, Base, BranchState
from bot.play.walk import Walk
from bot.story.expression import Value, Variable
from bot.story.story import Story, Values


def carried(old: Story, state: BranchState, new: Story) -> BranchState:
    """The state with its variables as another version of the story declares them: by name, where the value fits.

    Where the new version does not lead the same way, the path is folded: nothing but the way back is lost.
    """
    base = Base(
        _carried(old, state.base.values, new),
        still_endings(state.base.ended, new),
        {scene: times for scene, times in state.base.visits.items() if scene in new.scenes},
        {key: times for key, times in state.base.chosen.items() if _has_choice(new, key)},
    )
    moved = replace(
        state,
        values=_carried(old, state.values, new),
        visits={scene: times for scene, times in state.visits.items() if scene in new.scenes},
        chosen={key: times for key, times in state.chosen.items() if _has_choice(new, key)},
        ended=still_endings(state.ended, new),
        seen=state.seen & new.scenes.keys(),
        base=base,
    )
    if _leads_the_same_way(new, moved):
        return moved
    counted = Base(moved.values, moved.ended, moved.visits, moved.chosen)
    return replace(moved, base=counted, path=(FOLDED + state.scene,))


def _leads_the_same_way(story: Story, state: BranchState) -> bool:
    try:
        walk = Walk.again(story, state.language, state.base, state.path)
    except BadState:
        return False
    walked = (walk.scene, tuple(walk.values), walk.visits, walk.chosen, walk.ended)
    return walked == (state.scene, state.values, state.visits, state.chosen, state.ended)


def _carried(old: Story, values: Values, new: Story) -> Values:
    by_name = {variable.name: value for variable, value in zip(old.variables, values, strict=True)}
    return tuple(_fitting(variable, by_name.get(variable.name)) for variable in new.variables)


def still_endings(ended: frozenset[str], story: Story) -> frozenset[str]:
    return frozenset(scene for scene in ended if scene in story.scenes and story.scenes[scene].ending)


def _has_choice(story: Story, key: str) -> bool:
    scene, _, choice = key.partition(".")
    return scene in story.scenes and choice in story.scenes[scene].choices


def _fitting(variable: Variable, value: Value | None) -> Value:
    fits = {
        "flag": isinstance(value, bool),
        "choice": value in variable.options,
        "integer": isinstance(value, int) and not isinstance(value, bool) and variable.low <= value <= variable.high,
        "text": isinstance(value, str) and len(value) <= variable.length,
    }[variable.kind]
    return value if fits and value is not None else variable.start
