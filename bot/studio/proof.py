"""A proof as it is told to a creator: each finding with a link to the play that shows it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.story.limits import MAX_PROBLEMS
from bot.story.problem import Problem
from bot.story.prover.evidence import Evidence
from bot.story.prover.report import Figures, Finding, Report
from bot.story.story import Story
from bot.studio.bookmark import LONGEST, bookmark_to

MOST_MOVES = 24
"""Of a way that is told in words; of a longer one the last."""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding. `link` is a bookmark, from which `Rehearsal.at` starts where the finding shows; None where no play
    comes near it, or its way is too long for a link. `way` is how to play there, at most its last 24 moves of `moves`.
    """

    problem: Problem
    proven: bool
    link: str | None = None
    way: tuple[str, ...] = ()
    moves: int = 0


@dataclass(frozen=True, slots=True)
class Proof:
    """What the prover says of a version of a story, errors first; `more` findings are beyond those told here.

    When not `proven`, `why` says why; then `impossible`, the scenes that no play comes to, is empty. `unseen` are
    variables too wide to be followed.
    """

    story_id: str
    version: str
    found: tuple[Found, ...]
    more: int
    errors: int
    figures: Figures
    proven: bool
    why: tuple[str, ...]
    back: bool
    """Whether that holds also for plays that go back to an earlier choice with what is kept."""
    impossible: frozenset[str]
    unseen: tuple[str, ...]


def proof_of(story: Story, report: Report) -> Proof:
    """The proof that the prover's report on this story makes."""
    return Proof(
        story.id,
        story.version,
        tuple(_found(story, finding) for finding in report.findings[:MAX_PROBLEMS]),
        len(report.findings[MAX_PROBLEMS:]),
        report.errors,
        report.figures,
        report.proven,
        report.why,
        report.back,
        report.impossible,
        report.unseen,
    )


def _found(story: Story, finding: Finding) -> Found:
    evidence = finding.evidence
    if evidence is None:
        return Found(finding.problem, finding.proven)
    link = bookmark_to(story, evidence)
    way = _way(evidence)
    return Found(finding.problem, finding.proven, link if len(link) <= LONGEST else None, way, len(evidence) - 1)


def _way(evidence: Evidence) -> tuple[str, ...]:
    return tuple(map(str, evidence[1:][-MOST_MOVES:]))
