"""A trial: one play by a made-up viewer, walked by the engine itself without a word and without a copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import Enum

from bot.play.dice import seeded
from bot.play.state import Base, Path
from bot.play.step import answer, default_choice
from bot.play.walk import Walk
from bot.record import record
from bot.story.story import Story, Text, Values
from bot.studio.whim import Habits, Whim


class Outcome(Enum):
    """How a trial came to its end."""

    ENDED = "ended"
    STUCK = "stuck"
    """A dead end: nothing follows, or nothing can be chosen."""
    ENDLESS = "endless"
    """No end after as many choices as the habits allow."""


@record(frozen=True, slots=True)
class Trial:
    """What came of the `number`-th play; `scene` is where it stopped, `path` the whole way there."""

    number: int
    outcome: Outcome
    scene: str
    choices: int
    path: Path
    visits: Mapping[str, int]
    chosen: Mapping[str, int]
    seconds: float
    """How long the clips of all its scenes last together; those of unknown length count nothing."""
    timed: Sequence[str]
    """The choices, "scene.choice", that the clock took."""
    moments: Sequence[Values]
    """The variables' values, each time they had changed when the viewer had something to decide or the play was over;
    the last are those it ended with."""


def wordless(story: Story) -> Story:
    """The story without a word in it: it plays the same way, and nothing need be filled in."""
    wording = story.wordings[story.language]
    texts = dict.fromkeys(wording.texts, Text((), ""))
    return replace(
        story,
        scenes={id: replace(scene, lines=()) for id, scene in story.scenes.items()},
        wordings={story.language: replace(wording, texts=texts)},
    )


def trial(story: Story, habits: Habits, texts: Sequence[str], number: int) -> Trial:
    """The `number`-th play of a story, which should be wordless. `texts` is what viewers type."""
    whim = Whim(habits, texts, number)
    walk = Walk(
        story, story.language, Base(tuple(variable.start for variable in story.variables)), seeded(whim.session, 0)
    )
    walk.arrive(story.start)
    timed: list[str] = []
    moments = [tuple(walk.values)]
    revision = 0
    while (outcome := _outcome(walk, revision, habits)) is None:
        revision += 1
        walk.dice = seeded(whim.session, revision)
        _go_on(walk, whim, timed)
        if (values := tuple(walk.values)) != moments[-1]:
            moments.append(values)
    seconds = sum(story.seconds.get(scene, 0.0) * times for scene, times in walk.visits.items())
    path = tuple(walk.path)
    return Trial(number, outcome, walk.scene, revision, path, walk.visits, walk.chosen, seconds, timed, moments)


def _outcome(walk: Walk, choices: int, habits: Habits) -> Outcome | None:
    """How the play is over; None while it goes on."""
    card = walk.cards[-1]
    if card.ending is not None:
        return Outcome.ENDED
    if card.stuck:
        return Outcome.STUCK
    return Outcome.ENDLESS if choices >= habits.most else None


def _go_on(walk: Walk, whim: Whim, timed: list[str]) -> None:
    """One step, as `bot.play.step` takes it, in the walk itself."""
    scene = walk.story.scenes[walk.scene]
    open_choices = [option.id for option in walk.cards[-1].options if not option.locked]
    walk.cards.clear()
    decision = whim.decide(scene, open_choices)
    if decision.choice is None:
        choice = default_choice(scene, open_choices, walk.dice)
        timed.append(choice.key)
        walk.take(choice, timed=True)
    else:
        choice = scene.choices[decision.choice]
        walk.take(choice, answer=answer(walk.story, choice, decision.text))
