"""Figures: what random plays came to, as data that any page or message can be made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.play.fold import folded
from bot.story.expression import Value, Variable
from bot.story.limits import MAX_PROBLEMS
from bot.story.story import Story
from bot.studio.bookmark import LONGEST, bookmark_of
from bot.studio.counts import Visits, counts_csv, written
from bot.studio.marks import visits_of
from bot.studio.spread import Bar, Spread, bars_of, spread_of
from bot.studio.tally import Evidence, Hits, Tally
from bot.studio.trial import Outcome
from bot.studio.trials import Trials

MOST_VALUES = 6
"""Values of a variable that are told one by one."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A scene, or a choice as "scene.choice": in how many plays, how often in all, and how often by the clock."""

    id: str
    plays: int
    times: int
    late: int = 0


@dataclass(frozen=True, slots=True)
class Distribution:
    """How a number is spread over the plays that reached an ending."""

    spread: Spread
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Lasting:
    """What a variable ever was: the least and the most of an integer, and, with how many plays ended so, its most
    frequent values; `more` are not told."""

    name: str
    least: int | None
    most: int | None
    values: tuple[tuple[str, int], ...]
    more: int


@dataclass(frozen=True, slots=True)
class Fault:
    """Plays that came to no ending stopped in `scene`. The play that shows it the soonest has so many `choices`, and
    `link` is a bookmark to where it stops; None where that is too long. `round` is how often its viewer had played the
    story before."""

    outcome: Outcome
    scene: str
    plays: int
    choices: int
    round: int
    link: str | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of random plays, scenes and choices in the story's order. `seconds` is None where no clip's length is
    known, both spreads where no play reached an ending; `more_faults` are beyond those told. `csv` is the whole table.
    """

    story_id: str
    version: str
    plays: int
    seed: int
    scenes: tuple[Hit, ...]
    choices: tuple[Hit, ...]
    endings: Mapping[str, int]
    lengths: Distribution | None
    seconds: Distribution | None
    variables: tuple[Lasting, ...]
    faults: tuple[Fault, ...]
    more_faults: int
    visits: Visits
    csv: str


def figures_of(story: Story, trials: Trials, tally: Tally) -> Figures:
    """The figures of a tally. `trials` are those that it counted."""
    choices = [choice.key for scene in story.scenes.values() for choice in scene.choices.values()]
    return Figures(
        story.id,
        story.version,
        tally.plays,
        trials.habits.seed,
        tuple(_hit(id, tally.scenes) for id in story.scenes),
        tuple(_hit(key, tally.choices, tally.timed[key]) for key in choices),
        {ending: tally.endings[ending] for ending in story.endings},
        _distribution(tally.lengths),
        _distribution(tally.seconds) if story.seconds else None,
        tuple(_lasting(*each) for each in zip(story.variables, tally.values, strict=True)),
        _faults(story, trials, tally),
        max(0, len(tally.evidence) - MAX_PROBLEMS),
        visits_of(story, tally),
        counts_csv(story, tally),
    )


def _hit(id: str, hits: Hits, late: int = 0) -> Hit:
    return Hit(id, hits.plays[id], hits.times(id), late)


def _distribution(counts: Mapping[int, int]) -> Distribution | None:
    spread = spread_of(counts)
    return None if spread is None else Distribution(spread, tuple(bars_of(counts)))


def _lasting(variable: Variable, values: Mapping[Value, int]) -> Lasting:
    common = sorted(values.items(), key=lambda entry: (-entry[1], str(entry[0])))
    told = tuple((written(value), plays) for value, plays in common[:MOST_VALUES])
    least, most = (_extreme(min, variable, values), _extreme(max, variable, values))
    return Lasting(variable.name, least, most, told, len(common[MOST_VALUES:]))


def _extreme(of: Callable[..., Value], variable: Variable, values: Mapping[Value, int]) -> int | None:
    return int(of(values)) if variable.kind == "integer" and values else None


def _faults(story: Story, trials: Trials, tally: Tally) -> tuple[Fault, ...]:
    """The most frequent, these first."""
    found = sorted(tally.evidence, key=lambda fault: (-tally.faults[fault[0]][fault[1]], fault[1]))
    return tuple(_fault(story, trials, tally, *fault) for fault in found[:MAX_PROBLEMS])


def _fault(story: Story, trials: Trials, tally: Tally, outcome: Outcome, scene: str) -> Fault:
    evidence = tally.evidence[outcome, scene]
    plays = tally.faults[outcome][scene]
    return Fault(outcome, scene, plays, evidence.choices, evidence.round, _link(story, trials, evidence))


def _link(story: Story, trials: Trials, evidence: Evidence) -> str | None:
    link = bookmark_of(story, *folded(story, trials.base(evidence.number), evidence.path))
    return link if len(link) <= LONGEST else None
