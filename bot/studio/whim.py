"""A made-up viewer: every decision by chance, all of it from one number, so that any play can be played again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.play.dice import seeded
from bot.record import record
from bot.story.domain import leaves
from bot.story.expression import Constant
from bot.story.story import Scene, Story
from bot.story.uses import conditions

ANSWERS = ("", "Ana", "小雨", "A name far longer than most variables hold, so that it is cut")
"""What is typed where a choice asks, besides every text that the story compares with."""

_PERCENT = 100
_WIDE = 1 << 63


@dataclass(frozen=True, slots=True)
class Habits:
    """How made-up viewers play. `seed` is that of all their whims, `late` the share of clocks in percent that they let
    run out, `most` the choices after which they give up, `rounds` how often each of them plays the story: some of it
    may open up only to who has seen an ending."""

    seed: int = 1
    late: int = 20
    most: int = 300
    rounds: int = 3


@record(frozen=True, slots=True)
class Decision:
    """What the viewer does: a choice by its id with what is typed to it, or None, to let the clock run out."""

    choice: str | None
    text: str


class Whim:
    """The `number`-th made-up viewer of those habits. `session` is the seed of the session that they play."""

    __slots__ = ("_habits", "_roll", "_texts", "session")

    def __init__(self, habits: Habits, texts: Sequence[str], number: int) -> None:
        origin = seeded(habits.seed, number)
        self.session = origin(_WIDE)
        self._roll = seeded(origin(_WIDE), 0)
        self._habits = habits
        self._texts = texts

    def decide(self, scene: Scene, open_choices: Sequence[str]) -> Decision:
        """One of the open choices, each as likely as the others; where a clock runs, sometimes none."""
        if scene.within is not None and self._roll(_PERCENT) < self._habits.late:
            return Decision(None, "")
        choice = open_choices[self._roll(len(open_choices))]
        asks = scene.choices[choice].ask is not None
        return Decision(choice, self._texts[self._roll(len(self._texts))] if asks else "")


def answers(story: Story) -> tuple[str, ...]:
    """Everything that made-up viewers of a story type: each text that a condition knows, and a few that none does."""
    known = (
        leaf.value
        for condition in conditions(story)
        for leaf in leaves(condition.tree)
        if isinstance(leaf, Constant) and leaf.kind == "text" and isinstance(leaf.value, str)
    )
    return tuple(dict.fromkeys((*known, *ANSWERS)))
