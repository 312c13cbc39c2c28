"""The pure step: one event, one new branch state, and what must be shown for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum

from bot.play.card import Card
from bot.play.carry import still_endings
from bot.play.dice import Dice
from bot.play.event import Admit, Adopt, Begin, Choose, Event, Jump, Learn, Restart, Rewind, Speak, TimeOut
from bot.play.fact import Fact
from bot.play.fold import folded
from bot.play.path import choice_points, path_to, scenes_seen
from bot.play.state import FOLDED, STARTS, Base, BranchState
from bot.play.walk import Walk
from bot.record import record
from bot.story.answer import fitted
from bot.story.expression import Value
from bot.story.story import Choice, Scene, Story, Values


class Reason(Enum):
    """Why an event changed nothing."""

    MOVED_ON = "moved_on"
    """It was meant for another revision: tapped twice, too late, or in another tab."""
    UNKNOWN_CHOICE = "unknown_choice"
    LOCKED = "locked"
    NOTHING_TO_DO = "nothing_to_do"
    UNPAID = "unpaid"
    """The story waits at an episode that the viewer has not bought."""


class Refused(Exception):
    """An event that changes nothing, for a reason the viewer is told kindly."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason.value)


@record(frozen=True, slots=True)
class Timer:
    """Something that falls due at a Unix ms, for the new state's revision."""

    kind: str
    at: int


@record(frozen=True, slots=True)
class Step:
    """All that follows from one event. Only the last card waits for something."""

    branch_state: BranchState
    cards: tuple[Card, ...]
    agenda: tuple[Timer, ...]
    facts: tuple[Fact, ...]


def step(story: Story, state: BranchState | None, event: Event, now: int, dice: Dice) -> Step:
    """What an event makes of a state (None only for `Begin` and `Adopt`). `now` is Unix ms. Raises `Refused`."""
    if isinstance(event, Begin):
        return _begin(story, event, now, dice)
    if isinstance(event, Adopt):
        return _adopt(story, state, event, now)
    if state is None:
        raise ValueError("only Begin and Adopt start from nothing")
    if event.revision != state.revision:
        raise Refused(Reason.MOVED_ON)
    if isinstance(event, Choose):
        return _choose(story, state, event, now, dice)
    if isinstance(event, TimeOut):
        return _time_out(story, state, event, now, dice)
    if isinstance(event, Rewind):
        return _rewind(story, state, event, now)
    if isinstance(event, Restart):
        return _restart(story, state, now, dice)
    if isinstance(event, Jump):
        return _jump(story, state, event, now, dice)
    if isinstance(event, Admit):
        return _admit(story, state, now)
    if isinstance(event, Learn):
        return _learn(story, state, event)
    return _speak(story, state, event, now)


def show(story: Story, state: BranchState) -> Card:
    """The card of where a state stands, as it was last shown."""
    card = _resting(story, state).cards[-1]
    return card if state.landed is None else replace(card, landed=state.landed)


def retell(story: Story, state: BranchState) -> tuple[Card, ...]:
    """The cards of the last step that moved the state along its path, told once more; the last one as it stands now."""
    start = max((at for at, token in enumerate(state.path) if token[:1] in STARTS), default=0)
    walk = Walk(story, state.language, state.base, _still)
    if start:
        walk.go_on(state.path[:start])
        walk.cards.clear()
    walk.go_on(state.path)
    return (*walk.cards[:-1], show(story, state))


def standing_cards(story: Story, state: BranchState) -> tuple[Card, ...]:
    """The card of where a state stands, with those before it that have waited for the viewer to be let in."""
    return (show(story, state),) if state.held is None else retell(story, state)[state.held :]


def _begin(story: Story, event: Begin, now: int, dice: Dice) -> Step:
    language = story.wording(event.language).language
    walk = Walk(story, language, Base(tuple(variable.start for variable in story.variables)), dice)
    walk.arrive(story.start)
    return _rest(walk, 0, language, now, (Fact("begin", story.start, None, now, None),))


def _adopt(story: Story, mine: BranchState | None, event: Adopt, now: int) -> Step:
    """Where somebody else stood, with what they had done; the endings found stay the viewer's own."""
    if event.revision != (None if mine is None else mine.revision):
        raise Refused(Reason.MOVED_ON)
    source = event.source
    path = path_to(source, event.to)
    if path is None:
        raise Refused(Reason.NOTHING_TO_DO)
    there = Walk.again(story, source.language, source.base, path)
    ended = frozenset() if mine is None else still_endings(mine.ended, story)
    base = Base(tuple(there.values), ended, there.visits, there.chosen)
    language = story.wording(event.language).language
    walk = Walk.again(story, language, base, (FOLDED + there.scene,))
    walk.reshow()
    revision = 0 if mine is None else mine.revision + 1
    fact = Fact("begin" if mine is None else "jump", there.scene, None, now, None)
    taken = _rest(walk, revision, language, now, (fact,))
    return taken if mine is None else _remembering(mine, taken)


def _choose(story: Story, state: BranchState, event: Choose, now: int, dice: Dice) -> Step:
    choice = story.scenes[state.scene].choices.get(event.choice)
    if choice is None:
        raise Refused(Reason.UNKNOWN_CHOICE)
    walk = Walk.onward(story, state, dice)
    if walk.stuck or not _open(choice, state):
        raise Refused(Reason.LOCKED)
    walk.take(choice, answer=None if event.text is None else answer(story, choice, event.text))
    fact = Fact("choice", state.scene, choice.id, now, now - state.since)
    return _rest(walk, state.revision + 1, state.language, now, (fact,), seen=state.seen)


def _open(choice: Choice, state: BranchState) -> bool:
    if choice.once and choice.key in state.chosen:
        return False
    condition = choice.condition
    return condition is None or condition.holds(state.values, state.visits, state.chosen, state.ended)


def answer(story: Story, choice: Choice, text: str) -> str | None:
    """A typed text, cut to its variable; None (nothing typed) leaves the variable as it is."""
    if choice.ask is None:
        return None
    return fitted(text, story.variables[choice.ask].length)


def _time_out(story: Story, state: BranchState, event: TimeOut, now: int, dice: Dice) -> Step:
    scene = story.scenes[state.scene]
    walk = Walk.onward(story, state, dice)
    open_ones = [option.id for option in walk.options() if not option.locked]
    # Where no clock of ours runs, only somebody who watched one run out can say so.
    runs = state.deadline is not None or (event.present and scene.within is not None)
    if not runs or not open_ones:
        raise Refused(Reason.NOTHING_TO_DO)
    taken = default_choice(scene, open_ones, dice)
    walk.take(taken, timed=True)
    fact = Fact("timeout", state.scene, taken.id, now, now - state.since)
    return _rest(walk, state.revision + 1, state.language, now, (fact,), absent=not event.present, seen=state.seen)


def default_choice(scene: Scene, open_ones: Sequence[str], dice: Dice) -> Choice:
    """What is taken when time runs out: the default, by the dice where there are several, else what is open first."""
    wanted = default_choices(scene, open_ones)
    return wanted[dice(len(wanted)) if len(wanted) > 1 else 0]


def default_choices(scene: Scene, open_ones: Sequence[str]) -> list[Choice]:
    """Those of which one is taken when time runs out; none where nothing is open."""
    wanted = [choice for choice in scene.default if choice in open_ones] or open_ones[:1]
    return [scene.choices[choice] for choice in wanted]


def _rewind(story: Story, state: BranchState, event: Rewind, now: int) -> Step:
    points = choice_points(state.path)
    if not 0 <= event.to < len(points):
        raise Refused(Reason.NOTHING_TO_DO)
    point = points[event.to]
    walk = Walk.again(story, state.language, state.base, state.path[: point.at])
    walk.keep(kept(story, state.values), state.ended)
    fact = Fact("rewind", state.scene, None, now, None)
    walk.reshow()
    return _remembering(state, _rest(walk, state.revision + 1, state.language, now, (fact,)))


def _remembering(before: BranchState, taken: Step) -> Step:
    """The step, with what was seen before it still known although it is no longer on the path."""
    after = taken.branch_state
    seen = frozenset(scenes_seen(before) - after.visits.keys())
    return replace(taken, branch_state=replace(after, seen=seen))


def kept(story: Story, values: Values) -> list[tuple[int, Value]]:
    """What stays across going back, by the variable's place."""
    return [(n, values[n]) for n, variable in enumerate(story.variables) if variable.keep]


def anew(story: Story, values: Values, ended: frozenset[str]) -> Base:
    """What a viewer who plays again begins with: variables with `keep`, and the endings ever reached."""
    begun = [variable.start for variable in story.variables]
    for index, value in kept(story, values):
        begun[index] = value
    return Base(tuple(begun), ended)


def _restart(story: Story, state: BranchState, now: int, dice: Dice) -> Step:
    walk = Walk(story, state.language, anew(story, state.values, state.ended), dice)
    walk.arrive(story.start)
    fact = Fact("restart", state.scene, None, now, None)
    return _remembering(state, _rest(walk, state.revision + 1, state.language, now, (fact,)))


def _jump(story: Story, state: BranchState, event: Jump, now: int, dice: Dice) -> Step:
    if event.scene not in story.scenes:
        raise Refused(Reason.NOTHING_TO_DO)
    walk = Walk.onward(story, state, dice)
    walk.jump(event.scene)
    fact = Fact("jump", event.scene, None, now, None)
    return _rest(walk, state.revision + 1, state.language, now, (fact,), seen=state.seen)


def _speak(story: Story, state: BranchState, event: Speak, now: int) -> Step:
    language = story.wording(event.language).language
    if language == state.language:
        raise Refused(Reason.NOTHING_TO_DO)
    return _as_it_stands(story, replace(state, language=language, revision=state.revision + 1))


def _learn(story: Story, state: BranchState, event: Learn) -> Step:
    ended = state.ended | still_endings(event.ended, story)
    seen = (event.seen & story.scenes.keys()) - state.visits.keys() | state.seen
    if (ended, seen) == (state.ended, state.seen):
        raise Refused(Reason.NOTHING_TO_DO)
    walk = Walk.onward(story, state, _still)
    walk.keep((), ended)
    learned = replace(state, revision=state.revision + 1, ended=ended, seen=seen, path=tuple(walk.path))
    return _as_it_stands(story, learned)


def _as_it_stands(story: Story, state: BranchState) -> Step:
    """The step to a state in which the story has not moved: the same scene, and what is left of the same clock."""
    timers = () if state.deadline is None else (Timer("timeout", state.deadline),)
    return Step(state, (show(story, state),), timers, ())


def _admit(story: Story, state: BranchState, now: int) -> Step:
    cards = standing_cards(story, state)
    last, ended = cards[-1], state.ended
    facts: tuple[Fact, ...] = ()
    if state.held is not None and last.ending is not None:
        cards = (*cards[:-1], replace(last, new=last.scene not in ended))
        facts, ended = (Fact("ending", last.scene, None, now, None),), ended | {last.scene}
    deadline = None if last.within is None else now + _until_choice(story, cards)
    admitted = replace(
        state,
        revision=state.revision + 1,
        ended=ended,
        since=now,
        deadline=deadline,
        absent=False,
        held=None,
        admitted=state.held,
    )
    timers = () if deadline is None else (Timer("timeout", deadline),)
    return Step(admitted, cards, timers, facts)


def _resting(story: Story, state: BranchState) -> Walk:
    walk = Walk.onward(story, state, _still)
    walk.reshow()
    return walk


def _still(sides: int) -> int:
    raise AssertionError(f"showing a card rolls no dice ({sides} sides)")


def _rest(
    walk: Walk,
    revision: int,
    language: str,
    now: int,
    facts: tuple[Fact, ...],
    *,
    absent: bool = False,
    seen: frozenset[str] = frozenset(),
) -> Step:
    """The step that ends where a walk came to rest."""
    last = walk.cards[-1]
    deadline = None
    if last.within is not None and not absent:
        deadline = now + _until_choice(walk.story, walk.cards)
    if last.ending is not None:
        facts = (*facts, Fact("ending", last.scene, None, now, None))
    base, path = folded(walk.story, walk.base, tuple(walk.path))
    # By position: thirteen names would cost as much again as the state itself.
    state = BranchState(
        walk.scene,
        revision,
        language,
        tuple(walk.values),
        walk.visits,
        walk.chosen,
        walk.ended,
        path,
        base,
        now,
        deadline,
        seen - walk.visits.keys() if seen else seen,
        absent,
    )
    timers = () if deadline is None else (Timer("timeout", deadline),)
    return Step(state, tuple(walk.cards), timers, facts)


def _until_choice(story: Story, cards: Sequence[Card]) -> int:
    """Milliseconds until time runs out: the clips before the last one, then the longer of its clip and its clock."""
    within = cards[-1].within or 0
    if not story.seconds:
        return within
    seconds = [story.seconds.get(card.scene, 0.0) for card in cards]
    return round(sum(seconds[:-1]) * 1000) + max(round(seconds[-1] * 1000), within)
