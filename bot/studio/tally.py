"""What many trials came to, counted up. Tallies add up in any order to the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.play.state import Path
from bot.story.expression import Value
from bot.story.story import Story, Values
from bot.studio.trial import Outcome, Trial


@dataclass(slots=True)
class Hits:
    """Of scenes or choices: in how many plays each occurred, and how often again in the same one."""

    plays: Counter[str] = field(default_factory=Counter)
    again: Counter[str] = field(default_factory=Counter)

    def add(self, counted: Mapping[str, int]) -> None:
        """Count one play, in which each occurred so many times."""
        self.plays.update(list(counted))
        for id, times in counted.items():
            if times > 1:
                self.again[id] += times - 1

    def times(self, id: str) -> int:
        """How often it occurred in all plays together."""
        return self.plays[id] + self.again[id]


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """A play that shows a fault. The least is the one that anybody comes upon the soonest: a viewer's first rather
    than a later one, then of the fewest choices, then the first."""

    round: int
    choices: int
    number: int
    path: Path


@dataclass(slots=True)
class Tally:
    """Counts of trials; choices go by "scene.choice"."""

    values: tuple[Counter[Value], ...]
    """For each variable of the story, plays by the value that it had at their ends. A value that it had only on the
    way stands here with 0."""
    plays: int = 0
    scenes: Hits = field(default_factory=Hits)
    choices: Hits = field(default_factory=Hits)
    timed: Counter[str] = field(default_factory=Counter)
    """How often the clock took a choice, out of all its times."""
    endings: Counter[str] = field(default_factory=Counter)
    lengths: Counter[int] = field(default_factory=Counter)
    """Plays that reached an ending, by how many choices they had."""
    seconds: Counter[int] = field(default_factory=Counter)
    """The same plays by how long their clips last together; clips of unknown length count nothing."""
    faults: Mapping[Outcome, Counter[str]] = field(
        default_factory=lambda: {Outcome.STUCK: Counter(), Outcome.ENDLESS: Counter()}
    )
    """Plays that came to no ending, by the scene where they stopped."""
    evidence: dict[tuple[Outcome, str], Evidence] = field(default_factory=dict)
    """For each fault and scene, the play that shows it the soonest."""
    _noted: set[Values] = field(default_factory=set, repr=False, compare=False)

    @staticmethod
    def of(story: Story) -> Tally:
        """A tally of no plays yet."""
        return Tally(tuple(Counter() for _ in story.variables))

    def add(self, trial: Trial) -> None:
        """Count one trial."""
        self.plays += 1
        self.scenes.add(trial.visits)
        self.choices.add(trial.chosen)
        for key in trial.timed:
            self.timed[key] += 1
        self._note_values(trial)
        if trial.outcome is Outcome.ENDED:
            self.endings[trial.scene] += 1
            self.lengths[trial.choices] += 1
            self.seconds[round(trial.seconds)] += 1
        else:
            self.faults[trial.outcome][trial.scene] += 1
            self._keep((trial.outcome, trial.scene), Evidence(trial.round, trial.choices, trial.number, trial.path))

    def merge(self, other: Tally) -> None:
        """Count everything that another tally of the same story has counted."""
        self.plays += other.plays
        for mine, its in zip(self._counters(), other._counters(), strict=True):
            mine.update(its)
        for fault, evidence in other.evidence.items():
            self._keep(fault, evidence)

    def _note_values(self, trial: Trial) -> None:
        for moment in trial.moments:
            if moment not in self._noted:
                self._noted.add(moment)
                for counter, value in zip(self.values, moment, strict=True):
                    counter[value] += 0
        for counter, value in zip(self.values, trial.moments[-1], strict=True):
            counter[value] += 1

    def _keep(self, fault: tuple[Outcome, str], evidence: Evidence) -> None:
        self.evidence[fault] = min(evidence, self.evidence.get(fault, evidence))

    def _counters(self) -> Iterator[Counter[Any]]:
        yield from (self.scenes.plays, self.scenes.again, self.choices.plays, self.choices.again, self.timed)
        yield from (self.endings, self.lengths, self.seconds)
        yield from self.faults.values()
        yield from self.values
