"""What is written in the picture of an evening: the story's own words, and those around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.chart.chart import readable, title_of
from bot.story.expression import Value
from bot.story.story import Story
from bot.watch.verdict import Why

UNTOLD = "…"
"""In place of a label that holds a variable whose value is not known."""


@dataclass(frozen=True, slots=True)
class RecapWords:
    """What is written around an evening's decisions, in the group's language. The keys of the chats' languages are
    these names after "recap_"."""

    title: str = "Watched together"
    decided: str = "Decisions: {count}"
    all: str = "all agreed"
    tie: str = "a tie"
    drawn: str = "drawn by lot"
    host: str = "the host decided"
    few: str = "too few votes"
    nobody: str = "nobody voted"
    skipped: str = "skipped"
    close: str = "closest vote"
    split: str = "The room splits"
    met: str = "Both meet again"
    share: str = "{percent}% of all playthroughs end here"
    unseen: str = "Endings still unseen: {count}"
    more: str = "More decisions: {count}"

    def why(self, why: Why, voters: int) -> str:
        """What decided, in a word or two; empty where it was simply the most votes."""
        match why:
            case Why.ALL:
                # One voter always agrees.
                return self.all if voters > 1 else ""
            case Why.TIE_HOST | Why.TIE_DEFAULT | Why.TIE_DICE:
                return self.tie
            case Why.DRAWN:
                return self.drawn
            case Why.HOST:
                return self.host
            case Why.DEFAULT | Why.CHANCE:
                return self.few if voters else self.nobody
            case Why.SKIPPED:
                return self.skipped
            case _:
                return ""


ENGLISH_RECAP = RecapWords()


@dataclass(frozen=True, slots=True)
class Names:
    """A story's titles and labels in one language. `values` are the session's variables, for labels that hold one."""

    story: Story
    language: str
    values: Sequence[Value] | None = None

    @property
    def title(self) -> str:
        return self.story.wording(self.language).plain("title")

    def scene(self, scene: str) -> str:
        """The scene's title, or its id made readable."""
        return title_of(self.story.wording(self.language), scene)

    def choice(self, scene: str, choice: str) -> str:
        """A choice's label; of one that the story no longer has, its id made readable."""
        text = self.story.wording(self.language).texts.get(f"scene/{scene}/choice/{choice}")
        if text is None:
            return readable(choice)
        return (text.plain or UNTOLD) if self.values is None else text.fill(self.values)

    def ending(self, scene: str) -> str:
        """The ending's title, or its scene's."""
        return self.story.wording(self.language).plain(f"scene/{scene}/ending") or self.scene(scene)
