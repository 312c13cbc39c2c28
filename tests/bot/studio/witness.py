"""The same made-up viewers before the real engine, event by event: what every trial must agree with."""

from __future__ import annotations

from collections.abc import Iterator

from bot.play.dice import seeded
from bot.play.event import Begin, Choose, TimeOut
from bot.play.step import Step, step
from bot.story.story import Story
from bot.studio.whim import Habits, Whim, answers


def steps(story: Story, habits: Habits, number: int) -> Iterator[Step]:
    """The steps of the `number`-th play, from its beginning to an ending, a dead end or the last choice allowed."""
    whim = Whim(habits, answers(story), number)
    taken = step(story, None, Begin(story.language), 0, seeded(whim.session, 0))
    yield taken
    for revision in range(1, habits.most + 1):
        state, card = taken.branch_state, taken.cards[-1]
        if card.ending or card.stuck:
            return
        open_choices = [option.id for option in card.options if not option.locked]
        decision = whim.decide(story.scenes[state.scene], open_choices)
        event = (
            TimeOut(state.revision)
            if decision.choice is None
            else Choose(state.revision, decision.choice, decision.text)
        )
        taken = step(story, state, event, 0, seeded(whim.session, revision))
        yield taken
