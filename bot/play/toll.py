"""The toll: what of a story waits until its episode is bought. The engine walks on freely; this says what is shown.

A step may lead through several scenes and episodes at once. Of its cards, those before the first scene that is not
paid for are shown, then one that names the episode to be bought. The state stands where the walk came to rest, holds
how many cards were shown, and has no clock: the story waits as long as the viewer likes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.play.card import Card
from bot.play.path import last_scenes
from bot.play.state import BranchState
from bot.play.step import Step, retell, standing_cards
from bot.story.story import Story

WHOLE = ""
"""Stands among what was bought for the whole story."""

Granted = frozenset[str]
"""The episodes that a viewer has bought of a story, or `WHOLE`."""


@dataclass(frozen=True, slots=True)
class Toll:
    """What must be bought: an episode, before its `scene`, the `at`-th of the last step counted from 0."""

    episode: str
    scene: str
    at: int


def unpaid(story: Story, scene: str, granted: Granted) -> bool:
    """Whether a scene lies in an episode that costs something and was not bought."""
    episode = story.episodes[story.scenes[scene].episode]
    return episode.price > 0 and WHOLE not in granted and episode.id not in granted


def toll(story: Story, state: BranchState, granted: Granted) -> Toll | None:
    """What keeps a state from going on: the first scene of its last step that is not paid for; None where nothing."""
    if not story.priced or WHOLE in granted:
        return None
    for at, scene in enumerate(last_scenes(state)):
        if unpaid(story, scene, granted):
            return Toll(story.scenes[scene].episode, scene, at)
    return None


def paid_part(story: Story, state: BranchState, cards: tuple[Card, ...], granted: Granted) -> tuple[Card, ...]:
    """Of the last step's cards, or only the latest of them: those before the toll, then its own. All where none is."""
    due = toll(story, state, granted)
    if due is None:
        return cards
    left_out = len(last_scenes(state)) - len(cards)
    return (*cards[: max(due.at - left_out, 0)], Card(due.scene, state.language, toll=due.episode))


def standing(story: Story, state: BranchState, granted: Granted) -> tuple[Card, ...]:
    """What a viewer sees who comes to where a state stands."""
    return paid_part(story, state, standing_cards(story, state), granted)


def arrival(story: Story, state: BranchState, granted: Granted) -> tuple[Card, ...]:
    """The same for who comes back or waited in another window: all that an admission told, and not its end alone."""
    if state.held is not None or state.admitted is None:
        return standing(story, state, granted)
    return paid_part(story, state, retell(story, state)[state.admitted :], granted)


def settled(story: Story, state: BranchState, granted: Granted) -> bool:
    """Whether a state is held just where it must be; else `Admit` is due, to let the viewer in or to hold them."""
    due = toll(story, state, granted)
    return state.held == (None if due is None else due.at)


def hold(story: Story, step: Step, granted: Granted) -> Step:
    """The step as far as it is paid for. An ending that waits behind the toll is not reached yet."""
    state = step.branch_state
    if not story.priced:
        return step
    told = step.cards if state.held is None else standing_cards(story, state)
    cards = paid_part(story, state, told, granted)
    due = toll(story, state, granted)
    if due is None:
        return replace(step, cards=cards)
    last = step.cards[-1]
    ended = state.ended - {last.scene} if last.new else state.ended
    facts = tuple(fact for fact in step.facts if fact.kind != "ending")
    return Step(replace(state, ended=ended, deadline=None, held=due.at), cards, (), facts)
