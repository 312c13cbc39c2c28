"""A trial: one play by a made-up viewer, walked by the engine itself without a word and without a copy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from enum import Enum

from bot.play.dice import seeded
from bot.play.state import Base, Path
from bot.play.step import anew, answer, default_choice
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
    """What came of a play; `scene` is where it stopped, `path` the whole way there."""

    number: int
    round: int
    """How often its viewer had played the story before."""
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
    ended: frozenset[str]
    """Scenes of all endings that its viewer had reached by then."""


def wordless(story: Story) -> Story:
    """The story without a word in it: it plays the same way, and nothing need be filled in."""
    wording = story.wordings[story.language]
    texts = dict.fromkeys(wording.texts, Text((), ""))
    return replace(
        story,
        scenes={id: replace(scene, lines=()) for id, scene in story.scenes.items()},
        wordings={story.language: replace(wording, texts=texts)},
    )


def trials_of(story: Story, habits: Habits, texts: Sequence[str], viewer: int) -> Iterator[Trial]:
    """All plays of one viewer, one after the other, of a story that should be wordless. `texts` is what is typed."""
    whim = Whim(habits, texts, viewer)
    base = Base(tuple(variable.start for variable in story.variables))
    revision = 0
    for round in range(habits.rounds):
        walk = Walk(story, story.language, base, seeded(whim.session, revision))
        found = _play(walk, whim, habits.most, revision, viewer * habits.rounds + round, round)
        yield found
        revision += found.choices + 1
        base = anew(story, found.moments[-1], found.ended)


def _play(walk: Walk, whim: Whim, most: int, begun: int, number: int, round: int) -> Trial:
    """One play, from the start to where it stops; `begun` is the revision that the session begins it with."""
    walk.arrive(walk.story.start)
    timed: list[str] = []
    moments = [tuple(walk.values)]
    choices = 0
    while (outcome := _outcome(walk, choices, most)) is None:
        choices += 1
        walk.dice = seeded(whim.session, begun + choices)
        _go_on(walk, whim, timed)
        if (values := tuple(walk.values)) != moments[-1]:
            moments.append(values)
    known = walk.story.seconds
    return Trial(
        number=number,
        round=round,
        outcome=outcome,
        scene=walk.scene,
        choices=choices,
        path=tuple(walk.path),
        visits=walk.visits,
        chosen=walk.chosen,
        seconds=sum(known.get(scene, 0.0) * times for scene, times in walk.visits.items()) if known else 0.0,
        timed=timed,
        moments=moments,
        ended=walk.ended,
    )


def _outcome(walk: Walk, choices: int, most: int) -> Outcome | None:
    """How the play is over; None while it goes on."""
    card = walk.cards[-1]
    if card.ending is not None:
        return Outcome.ENDED
    if card.stuck:
        return Outcome.STUCK
    return Outcome.ENDLESS if choices >= most else None


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
        walk.take(choice, answer=answer(walk.story, choice, decision.text) if choice.ask is not None else None)
