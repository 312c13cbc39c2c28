"""The recap of an evening: what was decided, who was right, where the room parted and met, the endings reached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.watch.course import GONE, Course, Decided, decided_on
from bot.watch.tally import Tally
from bot.watch.verdict import BY_VOTES

FEW = 2
"""Voters that a vote must have to be called close."""


@dataclass(frozen=True, slots=True)
class Fork:
    """Where a room parted: at the ballot of that revision. The main room went on with its winner."""

    revision: int
    choice: str
    """What the others took."""
    others: Course
    met: str | None = None
    """The scene where both met; None where they never did."""
    until: int | None = None
    """The main room's revision there: the ballot on which both sides voted again."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One side of a room that parted: the choice it took at the fork, what it decided since, and its ending."""

    choice: str
    decided: tuple[Decided, ...]
    ending: str | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """Both sides of a fork, and the scene where they met, if they did."""

    main: Branch
    other: Branch
    met: str | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """What all decided together. Where a split follows, the last of it is the vote on which the room parted."""

    decided: tuple[Decided, ...]
    split: Split | None = None

    @property
    def everything(self) -> tuple[Decided, ...]:
        """Its decisions with those of both sides of its split."""
        sides = () if self.split is None else (self.split.main, self.split.other)
        return (*self.decided, *(one for side in sides for one in side.decided))


@dataclass(frozen=True, slots=True)
class Often:
    """Voters, by id, who are level: `count` of the `total` votes in which each of them took part."""

    voters: tuple[str, ...]
    count: int
    total: int


@dataclass(frozen=True, slots=True)
class Ending:
    """An ending of the story: whether this group came to it, and its share of all times that any was reached."""

    scene: str
    reached: bool
    percent: int
    """At least 1 where anybody ever came to it."""


@dataclass(frozen=True, slots=True)
class Recap:
    """An evening. Whoever is named is named by voter id, and all who are level are."""

    stretches: tuple[Stretch, ...]
    ending: str | None
    """Of the main room."""
    told_you: Often | None
    """Who most often voted for what won; of equals, those who needed the fewest votes for it."""
    outvoted: Often | None
    """Who was most often outvoted; of equals, those who took part in the fewest votes."""
    closest: tuple[Decided, ...]
    """The vote won or lost by the least, or several that are level."""
    endings: tuple[Ending, ...]
    """Every ending of the story: those reached first, then the others by share; equal ones in the story's order."""


def recap(main: Course, forks: Sequence[Fork], reached: Mapping[str, int], endings: Sequence[str]) -> Recap:
    """The recap. `reached` counts, by scene, how often anybody came to an ending; `endings` are all the story has.

    Counts every ballot: not for an event loop's thread when the room was large.
    """
    forks = sorted(forks, key=lambda fork: fork.revision)
    mine, theirs = decided_on(main), [decided_on(fork.others) for fork in forks]
    stretches = tuple(_stretches(main, mine, forks, theirs))
    parted = {fork.revision for fork in forks}
    held = [(main, one) for one in mine if one.revision not in parted]
    held += [(fork.others, one) for fork, decided in zip(forks, theirs, strict=True) for one in decided]
    told, lost = _often(held)
    found = {main.ending, *(fork.others.ending for fork in forks)}
    closest = _closest([one for stretch in stretches for one in stretch.everything])
    return Recap(stretches, main.ending, told, lost, closest, _endings(found, reached, endings))


def _stretches(
    main: Course, left: tuple[Decided, ...], forks: Sequence[Fork], theirs: Sequence[tuple[Decided, ...]]
) -> Iterator[Stretch]:
    for number, fork in enumerate(forks):
        following = forks[number + 1] if number + 1 < len(forks) else None
        together = tuple(one for one in left if one.revision <= fork.revision)
        apart = tuple(one for one in left if one.revision > fork.revision and _apart(one, fork, following))
        left = left[len(together) + len(apart) :]
        choice = next((one.choice for one in together if one.revision == fork.revision), "")
        lasting = fork.until is None and following is None
        here = Branch(choice, apart, main.ending if lasting else None)
        there = Branch(fork.choice, theirs[number], fork.others.ending)
        yield Stretch(together, Split(here, there, fork.met))
    if left or not forks:
        yield Stretch(left)


def _apart(one: Decided, fork: Fork, following: Fork | None) -> bool:
    """Whether the main room decided that while the others were elsewhere, or at last when it parted once more."""
    if fork.until is not None:
        return one.revision < fork.until
    return following is None or one.revision <= following.revision


def _often(held: Iterable[tuple[Course, Decided]]) -> tuple[Often | None, Often | None]:
    """Who was most often right and who most often outvoted. It counts what losses count (`bot.watch.losses`)."""
    right: Counter[str] = Counter()
    voted: Counter[str] = Counter()
    for course, one in held:
        if one.why in BY_VOTES:
            votes = course.votes.get(one.revision, {})
            voted.update(votes.keys())
            right.update(voter for voter, vote in votes.items() if vote.ranking[0] == one.choice)
    wrong = {voter: total - right[voter] for voter, total in voted.items()}
    return _most_often(right, voted), _most_often(wrong, voted)


def _most_often(counts: Mapping[str, int], totals: Mapping[str, int]) -> Often | None:
    ranks = {voter: (-times, totals[voter]) for voter, times in counts.items() if times and not voter.startswith(GONE)}
    if not ranks:
        return None
    best = min(ranks.values())
    return Often(tuple(sorted(voter for voter, rank in ranks.items() if rank == best)), -best[0], best[1])


def _closest(decided: Iterable[Decided]) -> tuple[Decided, ...]:
    contested = [one for one in decided if one.why in BY_VOTES and one.runner_up and one.voters >= FEW]
    least = min((abs(one.margin) for one in contested), default=None)
    return tuple(one for one in contested if abs(one.margin) == least)


def _endings(found: set[str | None], reached: Mapping[str, int], endings: Sequence[str]) -> tuple[Ending, ...]:
    counts = tuple(reached.get(scene, 0) for scene in endings)
    shares = Tally(tuple(endings), counts).percent()
    made = [
        Ending(scene, scene in found, max(share, 1) if times else 0)
        for scene, share, times in zip(endings, shares, counts, strict=True)
    ]
    return tuple(sorted(made, key=lambda ending: (not ending.reached, -ending.percent)))
