"""The prover's one door: a story in, a report out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib.util import find_spec

from bot.story.prover.evidence import Evidence, choices
from bot.story.prover.findings import findings
from bot.story.prover.mark import Mark
from bot.story.prover.observed import observed
from bot.story.prover.outcome import Outcome
from bot.story.prover.plays import Plays
from bot.story.prover.report import Figures, Report
from bot.story.prover.sample import Dice, sample
from bot.story.prover.sites import Sites
from bot.story.prover.walker import Tangled, Walker
from bot.story.story import Story

_SETS = find_spec("dd") is not None


@dataclass(frozen=True, slots=True)
class Budget:
    """How much work a proof may be. What needs more is sampled."""

    states: int = 4_000
    """Walked one by one before the search goes over to sets; shallow findings get their evidence from these."""
    all_states: int = 100_000
    """The same where there is no going over: without dd, or with values that do not fit into sets."""
    nodes: int = 4_000_000
    """Of the diagrams that stand for sets, some 40 bytes each."""
    walks: int = 200_000
    """From one set to all that come next."""
    returns: int = 200_000
    """From one set of what can be brought back to where, to that of all before it."""
    plays: int = 500
    """Random plays where nothing else helps."""
    looks: int = 4_000_000
    """Scenes entered and conditions asked in these plays, some 2 µs each: of a tangled story there are fewer plays."""


def prove(story: Story, dice: Dice, budget: Budget = Budget()) -> Report:
    """Everything that can and cannot happen in a story. The same dice give the same report."""
    sites = Sites(story)
    seen = observed(story, sites)
    walker = Walker(story, sites, seen)
    plays = Plays(walker)
    try:
        found = _searched(plays, walker, sites, budget)
        if isinstance(found, Outcome):
            return _report(story, sites, found, walker, ())
    except Tangled:
        found = ("one move can go in too many ways by its dice",)
    return _report(story, sites, _sampled(plays, walker, budget, dice), walker, found)


def _report(story: Story, sites: Sites, outcome: Outcome, walker: Walker, why: tuple[str, ...]) -> Report:
    figures = _figures(story, outcome, walker)
    entered = {mark.where for mark in outcome.marks if mark.what == "scene"}
    impossible = frozenset(story.scenes.keys() - entered if outcome.exact and outcome.back else ())
    found = findings(story, sites, outcome)
    return Report(found, figures, outcome.exact, why, impossible, walker.observed.unseen, outcome.back)


def _searched(plays: Plays, walker: Walker, sites: Sites, budget: Budget) -> Outcome | tuple[str, ...]:
    """The outcome of a search to the end, or why there is none."""
    seen = walker.observed
    if plays.search(budget.states) and not seen.open_ends:
        return plays.outcome(exact=True)
    why = seen.open_ends + seen.boundless
    if not why and _SETS:
        return _surveyed(plays, walker, sites, budget)
    if not seen.open_ends and plays.search(budget.all_states):
        return plays.outcome(exact=True)
    many = f"more than {budget.all_states:,} states"
    return why or (f"{many}, and the package dd is missing: pip install -e '.[prover]'",)


def _surveyed(plays: Plays, walker: Walker, sites: Sites, budget: Budget) -> Outcome | tuple[str, ...]:
    """The outcome by sets, or why there is none."""
    from bot.story.prover.hindsight import Hindsight
    from bot.story.prover.regions import Regions
    from bot.story.prover.survey import survey

    regions = Regions(walker.story, sites, walker.observed)
    if not regions.search(budget.nodes, budget.walks):
        return ("too many states, even for sets",)
    hindsight = Hindsight(regions)
    back = hindsight.search(budget.nodes, budget.returns)
    return replace(survey(regions, walker, plays.known, hindsight), back=back)


def _sampled(plays: Plays, walker: Walker, budget: Budget, dice: Dice) -> Outcome:
    """What the search came to until it was given up, and what random plays add."""
    first = plays.outcome(exact=False)
    more = sample(walker, budget.plays, budget.looks, dice)

    def path(mark: Mark) -> Evidence:
        return plays.known(mark) or more[mark]

    return Outcome(False, first.states, first.marks | more.keys(), path)


def _figures(story: Story, outcome: Outcome, walker: Walker) -> Figures:
    ways = {
        scene: outcome.path(Mark("scene", scene)) for scene in story.endings if Mark("scene", scene) in outcome.marks
    }
    shortest = outcome.shortest or {scene: choices(way) for scene, way in ways.items()}
    seconds = outcome.seconds
    quickest = bool(seconds)
    if story.seconds and not seconds:
        seconds = {scene: sum(turn.seconds for turn in walker.follow(way)) for scene, way in ways.items()}
    return Figures(outcome.states, shortest, outcome.longest, seconds, quickest)
