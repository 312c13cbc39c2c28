"""Many trials of a story, batch by batch: in this process, or in several at once with the same outcome."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import lru_cache

from bot.play.state import Base
from bot.play.step import anew
from bot.story.reader import read_story
from bot.story.story import Story
from bot.studio.tally import Tally
from bot.studio.trial import trials_of, wordless
from bot.studio.whim import Habits, answers

BATCH = 500
"""Plays between two words on how far it is: about a tenth of a second."""

Source = tuple[str, tuple[tuple[str, str], ...], tuple[tuple[str, float], ...]]
"""A story as it can be sent to another process: its id, its files, and how long its clips last."""


class Trials:
    """A story made ready to be tried by made-up viewers of those habits."""

    def __init__(self, story: Story, habits: Habits) -> None:
        self.habits = habits
        self._story = wordless(story)
        self._texts = answers(story)

    def play(self, numbers: range) -> Tally:
        """The plays of these numbers. What a play is comes of the habits and its number alone."""
        tally = Tally.of(self._story)
        rounds = self.habits.rounds
        for viewer in range(numbers.start // rounds, -(-numbers.stop // rounds)):
            for trial in trials_of(self._story, self.habits, self._texts, viewer):
                if trial.number in numbers:
                    tally.add(trial)
        return tally

    def base(self, number: int) -> Base:
        """What the play of that number begins with: in a viewer's later rounds with what they keep."""
        base = Base(tuple(variable.start for variable in self._story.variables))
        for trial in trials_of(self._story, self.habits, self._texts, number // self.habits.rounds):
            if trial.number == number:
                break
            base = anew(self._story, trial.moments[-1], trial.ended)
        return base


def batches(story: Story, habits: Habits, plays: int, at_once: int = 1) -> Iterator[Tally]:
    """The first `plays` plays, a tally for each batch as it is done; merged, they are the same however many processes
    play `at_once`. Takes a whole core, or so many: not for an event loop's thread."""
    parts = [range(first, min(first + BATCH, plays)) for first in range(0, plays, BATCH)]
    if at_once > 1:
        return _side_by_side(story, habits, parts, at_once)
    ready = Trials(story, habits)
    return (ready.play(part) for part in parts)


def _side_by_side(story: Story, habits: Habits, parts: list[range], at_once: int) -> Iterator[Tally]:
    source: Source = (story.id, tuple(story.sources.items()), tuple(story.seconds.items()))
    # Never by fork: the bot has threads, and a copy of one that holds a lock would wait for ever.
    with ProcessPoolExecutor(at_once, multiprocessing.get_context("spawn")) as players:
        try:
            for batch in [players.submit(_played, source, habits, part) for part in parts]:
                yield batch.result()
        finally:
            players.shutdown(cancel_futures=True)


def _played(source: Source, habits: Habits, numbers: range) -> Tally:
    return _ready(source, habits).play(numbers)


@lru_cache(maxsize=1)
def _ready(source: Source, habits: Habits) -> Trials:
    story_id, files, seconds = source
    story = read_story(story_id, {path: text.encode() for path, text in files})
    return Trials(replace(story, seconds=dict(seconds)), habits)
