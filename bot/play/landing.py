"""Landing: where a session in one version of a story stands in another, and whether its viewer must be told.

Nobody is put anywhere silently: a session goes on in the scene where it stood, or it is moved back to a choice that its
viewer has made before and is told so, or it begins again and is told so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from bot.play.carry import carried_values, renamed, still_endings, without_path
from bot.play.path import choice_points, here, last_scenes, scenes_seen
from bot.play.renaming import names
from bot.play.rewalk import walked_again
from bot.play.state import Base, BranchState
from bot.play.step import default_choices, kept, show
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
    be pressed there, or what the clock would do, is not what it was: a card in a chat is out of date, its viewer gets
    one anew at a revision of its own, and no clock runs for it. Of others the buttons and the timer stay good.
    """

    fate: Fate
    state: BranchState
    walked: bool
    refreshed: bool


@dataclass(frozen=True, slots=True)
class _Pressable:
    """All that a card lets its viewer do, and what its clock would do; not what it merely says."""

    options: tuple[tuple[str, str, bool, int | None], ...]
    clock: tuple[int, tuple[str, ...]] | None
    ending: bool
    stuck: bool


@dataclass(frozen=True, slots=True)
class _Offer:
    """What a viewer who waits before an episode can buy: it, or the whole story."""

    episode: str
    price: int
    total: int


def land(old: Story, state: BranchState, new: Story) -> Landing:
    """Where a session of one version lands in another, newer or older. What its viewer has bought is not asked."""
    stood = _stood(old, state, new)
    if stood is not None:
        landed, walked = stood
        refreshed = _pressable(old, state) != _pressable(new, landed)
        landed = replace(landed, deadline=None) if refreshed else landed
        return Landing(Fate.CONTINUES, landed, walked, refreshed)
    called = names(old, new)
    for point in reversed(choice_points(state.path)):
        stood = _stood(old, _back(old, state, point.at), new) if called.scene(point.scene) in new.scenes else None
        if stood is not None:
            return Landing(Fate.MOVED, stood[0], stood[1], refreshed=True)
    return Landing(Fate.RESTARTS, _anew(old, state, new), walked=True, refreshed=True)


def _stood(old: Story, state: BranchState, new: Story) -> tuple[BranchState, bool] | None:
    """The state in the scene where it stood, and whether its way was walked again; None where it cannot stand there."""
    called = names(old, new)
    scene = called.scene(state.scene)
    again = walked_again(old, state, new)
    if again is not None and again.scene == scene and _rests(new, again):
        again = _waiting(old, state, new, again)
        if again is not None:
            return again, True
    if scene not in new.scenes or state.held is not None:
        return None
    there = renamed(old, state, new)
    folded = without_path(replace(there, ended=there.ended | still_endings(frozenset({scene}), new)))
    return (folded, False) if _rests(new, folded) else None


def _waiting(old: Story, state: BranchState, new: Story, again: BranchState) -> BranchState | None:
    """The state walked again, with what its viewer was told of the last step; None where they wait to pay for a part
    of it, and it is another step now."""
    called = names(old, new)
    alike = tuple(map(called.scene, last_scenes(state))) == last_scenes(again)
    if state.held is None:
        return again if alike else replace(again, admitted=None)
    # An ending that waits with them is not found yet.
    unfound = {again.scene} - set(map(called.scene, state.ended))
    return replace(again, ended=again.ended - unfound) if alike else None


def _rests(story: Story, state: BranchState) -> bool:
    """Whether a session can stand there: something can be chosen, or the story has ended."""
    scene = story.scenes[state.scene]
    if scene.route is not None:
        return False
    return scene.ending is not None or not show(story, state).stuck


def _pressable(story: Story, state: BranchState) -> _Pressable | _Offer:
    if state.held is not None:
        episode = story.episodes[story.scenes[here(state)].episode]
        return _Offer(episode.id, episode.price, story.total)
    card = show(story, state)
    clock = None
    if card.within is not None:
        open_ones = [option.id for option in card.options if not option.locked]
        clock = (card.within, tuple(one.id for one in default_choices(story.scenes[state.scene], open_ones)))
    options = tuple((option.id, option.label, option.locked, option.ask) for option in card.options)
    return _Pressable(options, clock, card.ending is not None, card.stuck)


def _back(old: Story, state: BranchState, at: int) -> BranchState:
    """The state of one who went back to the choice at that place of the path: as by a rewind."""
    walk = Walk.again(old, state.language, state.base, state.path[:at])
    walk.keep(kept(old, state.values), state.ended)
    return replace(
        state, scene=walk.scene, values=tuple(walk.values), visits=walk.visits, chosen=walk.chosen, ended=walk.ended,
        path=tuple(walk.path), deadline=None, seen=frozenset(scenes_seen(state) - walk.visits.keys()), absent=False,
        held=None, admitted=None,
    )  # fmt: skip


def _anew(old: Story, state: BranchState, new: Story) -> BranchState:
    """From the beginning, with what is kept from one playthrough to the next."""
    values = carried_values(old, state.values, new)
    begun = tuple(value if one.keep else one.start for one, value in zip(new.variables, values, strict=True))
    called = names(old, new)
    ended = still_endings(frozenset(map(called.scene, state.ended)), new)
    walk = Walk(new, new.wording(state.language).language, Base(begun, ended), lambda sides: 0)
    walk.arrive(new.start)
    seen = frozenset(map(called.scene, scenes_seen(state))) & new.scenes.keys() - walk.visits.keys()
    return replace(
        state, scene=walk.scene, language=walk.stages[new.start].language, values=tuple(walk.values),
        visits=walk.visits, chosen=walk.chosen, ended=walk.ended, path=tuple(walk.path), base=walk.base,
        deadline=None, seen=seen, absent=False, held=None, admitted=None,
    )  # fmt: skip
