"""What a search through a story's plays came to, however it was made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.story.prover.evidence import Evidence
from bot.story.prover.mark import Mark


@dataclass(frozen=True, slots=True)
class Outcome:
    """Marks that were seen. When `exact`, there are no others, and `traps`, figures and endings are whole as well."""

    exact: bool
    states: int
    """Different places where a play can rest, as far as conditions can tell them apart."""
    marks: frozenset[Mark]
    path: Callable[[Mark], Evidence]
    """How to play to a mark; the shortest way where it was searched for step by step."""
    traps: Mapping[str, Evidence] = field(default_factory=dict)
    """Scenes from which a play can go on for ever and come to no end, each where that begins."""
    shortest: Mapping[str, int] = field(default_factory=dict)
    """The fewest choices by which a playthrough comes to each ending."""
    seconds: Mapping[str, float] = field(default_factory=dict)
    """The shortest running time to each ending, where the lengths of the clips are known."""
    longest: int | None = None
    """The most choices before an ending; None where a loop leaves no bound, or it is not known."""
    back: bool = True
    """Whether it holds for viewers too who go back to an earlier choice, with what is kept from later."""
