"""A way walked again in another version of its story: the same choices, whatever scenes lie between them now."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile

from bot.play.carry import kept_anew, renamed
from bot.play.dice import Dice
from bot.play.renaming import Names, names
from bot.play.state import ANSWER, FOLDED, JUMP, KEPT, ROLL, STARTS, TAKEN, TIMED, BadState, BranchState, Path
from bot.play.step import answer
from bot.play.walk import Walk
from bot.story.story import Story


def walked_again(old: Story, state: BranchState, new: Story) -> BranchState | None:
    """The state as the new version would have it after the same choices; None where they cannot be made in it."""
    called = names(old, new)
    try:
        walk = _walked(old, state, new, called)
    except (BadState, KeyError):
        return None
    moved = renamed(old, state, new)
    return replace(
        moved, scene=walk.scene, values=tuple(walk.values), visits=walk.visits, chosen=walk.chosen, ended=walk.ended,
        base=walk.base, path=tuple(walk.path), seen=frozenset((moved.seen | moved.visits.keys()) - walk.visits.keys()),
    )  # fmt: skip


def _walked(old: Story, state: BranchState, new: Story, called: Names) -> Walk:
    """The same choices once more, in a story whose scenes between them may be others. Raises `BadState`, `KeyError`."""
    path, base = state.path, renamed(old, replace(state, path=()), new).base
    walk = Walk(new, state.language, base, _rolled(path, 0))
    first, *rest = called.path(path)
    scenes = _choosing(path)
    if first[:1] == FOLDED:
        walk.path.append(first)
        walk.scene = new.scenes[first[1:]].id
    else:
        walk.arrive(new.start)
    for place, token in enumerate(rest, start=1):
        if token[:1] in STARTS:
            walk.dice = _rolled(path, place)
        _repeat(walk, token, called.scene(scenes[place]), (rest[place : place + 1] or [""])[0])
    return walk


def _repeat(walk: Walk, token: str, stood: str, after: str) -> None:
    head, rest = token[:1], token[1:]
    if head in (TAKEN, TIMED):
        # Whether it is still open is not asked: that it was taken is what counts.
        if walk.scene != stood or walk.stuck:
            raise BadState("the choice was made elsewhere")
        choice = walk.story.scenes[stood].choices[rest]
        typed = answer(walk.story, choice, after[1:]) if after[:1] == ANSWER else None
        walk.take(choice, timed=head == TIMED, answer=typed)
    elif head == JUMP:
        walk.jump(rest)
    elif head == KEPT:
        walk.recall(kept_anew(token, walk.story))


def _rolled(path: Path, start: int) -> Dice:
    """The dice of the step that begins there: what they showed for one choice answers no other."""
    own = takewhile(lambda token: token[:1] not in STARTS, path[start + 1 :])
    rolls = iter([int(token[1:]) for token in own if token[:1] == ROLL])

    def rolled(sides: int) -> int:
        roll = next(rolls, sides)
        if roll >= sides:
            raise BadState("there was no such roll")
        return roll

    return rolled


def _choosing(path: Path) -> list[str]:
    """For each token of a path the scene where the viewer stood before it, in its own ids."""
    scene, scenes = "", []
    for token in path:
        scenes.append(scene)
        if token[:1] == FOLDED or token[:1] not in (TAKEN, TIMED, ANSWER, ROLL, JUMP, KEPT):
            scene = token.removeprefix(FOLDED)
    return scenes
