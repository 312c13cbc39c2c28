"""What the prover says of a story."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.story.problem import Problem
from bot.story.prover.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem, with a play that comes to where it shows; None where there is no way there at all.

    Not `proven` means that no sampled play did what is said never to happen.
    """

    problem: Problem
    evidence: Evidence | None
    proven: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of a story's plays. Of `shortest` and `seconds`, by ending, when not `proven`, less may do."""

    states: int
    """Different places where a play can rest, as far as conditions can tell them apart."""
    shortest: Mapping[str, int]
    """The fewest choices that come to an ending."""
    longest: int | None
    """The most choices before an ending; None where a loop leaves no bound, or plays were only sampled."""
    seconds: Mapping[str, float]
    """The shortest running time to an ending; empty where clips' lengths are not known."""
    quickest: bool
    """Whether no play is shorter in time than `seconds` says; else they are those of the fewest choices."""


@dataclass(frozen=True, slots=True)
class Report:
    """All findings, errors first, then by place. When not `proven`, `why` says why, and more may be wrong.

    Proven is what holds for every viewer. When not `back`, it holds only where nobody goes back to an earlier choice:
    that was too much to look at, and with what they have kept from later they may come to more.
    """

    findings: tuple[Finding, ...]
    figures: Figures
    proven: bool
    why: tuple[str, ...]
    impossible: frozenset[str]
    """Scenes that no play comes to; of a report that is not proven, or where somebody may go back, none."""
    unseen: tuple[str, ...]
    """Variables whose values may be cut without a word here: too wide to be followed, and no condition reads them."""
    back: bool = True
    """Whether plays are known too that go back, with what is kept; where nothing is, going back adds nothing."""

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(finding.problem.severity == "error" for finding in self.findings)
