"""A prospect: what a choice is at this moment: open, locked or hidden, why, and what taking it would do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from bot.play.dice import seeded
from bot.play.event import Choose
from bot.play.state import BranchState
from bot.play.step import show, step
from bot.play.walk import Walk
from bot.story.expression import Expression
from bot.story.story import Choice, Story
from bot.studio.dice import LoadedDice, Roll
from bot.studio.ledger import Entry, ledger
from bot.studio.obstacle import obstacle


class Look(Enum):
    """How a choice is shown."""

    OPEN = "open"
    LOCKED = "locked"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a choice would do: the scenes up to where the story waits, what it would change, what would be rolled. No
    scenes: it leads nowhere."""

    scenes: tuple[str, ...]
    changes: tuple[Entry, ...]
    rolls: tuple[Roll, ...]
    stuck: bool


@dataclass(frozen=True, slots=True)
class Prospect:
    """`number` is its place among those shown, from 1; `used_up` and `obstacle` say why it is not open, `outcome` what
    an open one would do."""

    choice: Choice
    number: int | None
    look: Look
    used_up: bool = False
    obstacle: Expression | None = None
    outcome: Outcome | None = None


def prospects(story: Story, state: BranchState, seed: int, faces: Iterable[int] = ()) -> tuple[Prospect, ...]:
    """Every choice of the scene in the story's order; none where the story does not wait for one."""
    card = show(story, state)
    scene = story.scenes[state.scene]
    if card.ending is not None or _went_nowhere(story, state):
        return ()
    shown = {option.id: number for number, option in enumerate(card.options, 1)}
    locked = {option.id for option in card.options if option.locked}
    laid = tuple(faces)
    return tuple(
        _shut(choice, state, shown.get(id))
        if id not in shown or id in locked
        else Prospect(choice, shown[id], Look.OPEN, outcome=_outcome(story, state, choice, seed, laid))
        for id, choice in scene.choices.items()
    )


def _went_nowhere(story: Story, state: BranchState) -> bool:
    """Whether it stands where a route found nothing: choices that are on the way are of no use then."""
    return Walk.onward(story, state, seeded(0, 0)).stuck


def _shut(choice: Choice, state: BranchState, number: int | None) -> Prospect:
    look = Look.HIDDEN if number is None else Look.LOCKED
    if choice.once and choice.key in state.chosen:
        return Prospect(choice, number, look, used_up=True)
    blamed = None if choice.condition is None else obstacle(choice.condition.tree, state)
    return Prospect(choice, number, look, obstacle=blamed)


def _outcome(story: Story, state: BranchState, choice: Choice, seed: int, faces: tuple[int, ...]) -> Outcome:
    dice = LoadedDice(seeded(seed, state.revision + 1), faces)
    taken = step(story, state, Choose(state.revision, choice.id), state.since, dice)
    after = taken.branch_state
    nowhere = after.scene == state.scene and after.visits == state.visits
    changed = tuple(entry for entry in ledger(story, state.values, after.values) if entry.changed)
    scenes = () if nowhere else tuple(card.scene for card in taken.cards)
    return Outcome(scenes, changed, tuple(dice.rolls), taken.cards[-1].stuck)
