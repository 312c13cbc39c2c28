"""The course of a session that a group played: its decided ballots, as decisions in the order of the story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from bot.play.path import ChoicePoint
from bot.watch.ballot import Ballot
from bot.watch.count import count
from bot.watch.lots import ballot_dice
from bot.watch.swing import swing
from bot.watch.tally import Tally
from bot.watch.verdict import Why
from bot.watch.vote import Votes

GONE = "gone:"
"""The beginning of a voter's id that stands for somebody who was forgotten: they count, but are never named."""


@dataclass(frozen=True, slots=True)
class Course:
    """What is stored of one session that a group played."""

    seed: int
    ballots: Sequence[tuple[Ballot, str]]
    """Those decided, with their winners; also those that were held again later."""
    votes: Mapping[int, Votes]
    """By revision."""
    points: Sequence[ChoicePoint]
    """`choice_points` of the session's path; of a branch, those from its fork on."""
    ending: str | None = None
    """The scene of the ending it came to."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A ballot as it was decided. Shares are of the weight that was counted; of a ranked vote, in its last round."""

    revision: int
    scene: str
    choice: str
    why: Why
    percent: int
    voters: int
    runner_up: str | None
    """The best of the others that anybody voted for; of equal ones the first in the ballot's order."""
    runner_up_percent: int
    margin: Fraction
    """The winner's lead over the runner-up as a part of all: negative where the lot or the host took a lesser one."""
    swing: tuple[str, ...] = ()
    """Voter ids without each of whom another choice would have won."""


def decided_on(course: Course) -> tuple[Decided, ...]:
    """The decisions that a session stands on, in order: of a vote that was held again, only the last.

    Counts every ballot, and looks for the swing votes: not for an event loop's thread when the room was large.
    """
    return tuple(_decided(course, ballot, winner, scene) for ballot, winner, scene in _standing(course))


def _standing(course: Course) -> list[tuple[Ballot, str, str]]:
    """The ballots that led along the path, with their scenes. From the end, as the last of those held again stands."""
    found: list[tuple[Ballot, str, str]] = []
    points = list(course.points)
    for ballot, winner in sorted(course.ballots, key=lambda one: one[0].revision, reverse=True):
        if points and points[-1].choice == winner:
            found.append((ballot, winner, points.pop().scene))
    return found[::-1]


def _decided(course: Course, ballot: Ballot, winner: str, scene: str) -> Decided:
    votes = course.votes.get(ballot.revision, {})
    verdict = count(ballot, votes, ballot_dice(course.seed, ballot.revision))
    tally = verdict.rounds[-1] if verdict.rounds else verdict.tally
    second = _runner_up(tally, winner)
    shares = dict(zip(tally.choices, tally.percent(), strict=True))
    weights = dict(zip(tally.choices, tally.counts, strict=True))
    lead = weights.get(winner, 0) - (weights[second] if second else 0)
    if second and not lead:
        # Rounded to a sum of 100, equal weights may differ by one.
        shares[second] = shares[winner]
    decisive = swing(ballot, votes, ballot_dice(course.seed, ballot.revision))
    return Decided(
        ballot.revision, scene, winner, verdict.why, shares.get(winner, 0), verdict.tally.voters,
        second, shares[second] if second else 0, Fraction(lead, tally.total or 1),
        tuple(voter for voter in decisive if not voter.startswith(GONE)),
    )  # fmt: skip


def _runner_up(tally: Tally, winner: str) -> str | None:
    others = [choice for choice in tally.choices if choice != winner and tally.of(choice)]
    return max(others, key=tally.of, default=None)
