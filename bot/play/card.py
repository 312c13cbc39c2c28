"""A card: what must be shown now, in no platform's words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from bot.story.story import EndingKind


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line as it is shown: the speaker's name (empty for the narrator), the words, the clip's second if known."""

    speaker: str | None
    name: str
    text: str
    at: float | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """A choice as it is shown. A locked one is seen but cannot be taken; `ask` wants a typed text of that length."""

    id: str
    label: str
    locked: bool = False
    image: str | None = None
    ask: int | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """One scene to show. Only the last card of a step has options, an ending, or is `stuck` (the story has a gap)."""

    scene: str
    language: str
    lines: tuple[Spoken, ...] = ()
    options: tuple[Option, ...] = ()
    within: int | None = None
    """Milliseconds to choose in once the options are open; None when there is no hurry."""
    default: str | None = None
    """The choice taken when time runs out; None also where that is left to the dice."""
    ending: EndingKind | None = None
    new: bool = field(default=False, compare=False)
    """Whether the viewer reached this ending for the first time ever."""
    stuck: bool = False
    toll: str | None = None
    """The episode that must be bought before the story goes on; then nothing of the scene itself is on the card."""
    landed: Literal["refreshed", "moved", "restarts"] | None = None
    """What a new version of the story has done to the viewer, who is to be told; see `bot.play.state.Landed`."""
