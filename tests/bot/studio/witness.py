"""The same made-up viewers before the real engine, event by event: what every trial must agree with."""

from __future__ import annotations

from collections.abc import Iterator

from bot.play.dice import seeded
from bot.play.event import Begin, Choose, Restart, TimeOut
from bot.play.step import Step, step
from bot.story.story import Story
from bot.studio.whim import Habits, Whim, answers


def plays(story: Story, habits: Habits, viewer: int) -> Iterator[list[Step]]:
    """The steps of each play of a viewer, from its beginning to an ending, a dead end or the last choice allowed."""
    whim = Whim(habits, answers(story), viewer)
    taken = step(story, None, Begin(story.language), 0, seeded(whim.session, 0))
    for round in range(habits.rounds):
        if round:
            revision = taken.branch_state.revision
            again = Restart(revision)
            taken = step(story, taken.branch_state, again, 0, seeded(whim.session, revision + 1))
        steps = [taken]
        while len(steps) <= habits.most and (after := _after(story, taken, whim)) is not None:
            taken = after
            steps.append(taken)
        yield steps


def _after(story: Story, taken: Step, whim: Whim) -> Step | None:
    state, card = taken.branch_state, taken.cards[-1]
    if card.ending or card.stuck:
        return None
    open_choices = [option.id for option in card.options if not option.locked]
    decision = whim.decide(story.scenes[state.scene], open_choices)
    late = decision.choice is None
    event = TimeOut(state.revision) if late else Choose(state.revision, decision.choice or "", decision.text)
    return step(story, state, event, 0, seeded(whim.session, state.revision + 1))
