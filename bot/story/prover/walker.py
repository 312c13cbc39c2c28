"""One step of a play, in every way it can go, with all that happens in it: the engine's rules, on what is observed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.story.compiler import Effect, compile_condition
from bot.story.expression import Assignment, Value
from bot.story.limits import MAX_CHAIN
from bot.story.prover.evidence import Evidence, Move
from bot.story.prover.mark import Mark
from bot.story.prover.observed import Observed
from bot.story.prover.sites import Sites
from bot.story.prover.slot import Key, State
from bot.story.story import Candidate, Choice, Route, Scene, Story

MOST_WAYS = 2_000
"""Ways that one move can go by its dice; only random routes that lead back into themselves have more."""


class Tangled(Exception):
    """A move that can go in more ways than are looked at."""


Pick = Callable[[int], int]
"""alternatives -> which one"""


@dataclass(frozen=True, slots=True)
class Turn:
    """A move and what it came to. `seconds` are those of the clips shown."""

    move: Move
    state: State
    marks: frozenset[Mark]
    seconds: float


@dataclass(frozen=True, slots=True)
class View:
    """A state as the viewer finds it: the choices that are open, in order, and what was asked to know them."""

    open: tuple[Choice, ...]
    marks: frozenset[Mark]


@dataclass(frozen=True, slots=True)
class _Act:
    """An assignment made ready; `mark` is set off when its value is cut."""

    assignment: Assignment
    value: Callable[..., Value]
    mark: Mark


@dataclass(slots=True)
class _Motion:
    """A play between two states."""

    values: list[Value]
    visits: dict[str, int]
    chosen: dict[str, int]
    ended: frozenset[str]
    pick: Pick
    marks: list[Mark] = field(default_factory=list)
    cuts: list[Mark] = field(default_factory=list)
    rolls: list[int] = field(default_factory=list)
    seconds: float = 0.0

    def holds(self, address: str, condition: Callable[..., bool]) -> bool:
        held = condition(self.values, self.visits, self.chosen, self.ended)
        self.marks.append(Mark("true" if held else "false", address))
        return held


class Walker:
    """Walks a story from state to state."""

    def __init__(self, story: Story, sites: Sites, observed: Observed) -> None:
        self.story = story
        self.observed = observed
        self._sites = sites
        self._starts = [variable.start for variable in story.variables]
        self._most = {slot.key.name: slot.most for slot in observed.slots if slot.key.kind == "visits"}
        self._keys = frozenset(slot.key for slot in observed.slots)
        self._acts = {site.address: self._ready(site.address, site.effect) for site in sites}
        self.looked = 0
        """Scenes entered and conditions asked so far: a measure of the work, the same wherever it is done."""

    def _ready(self, address: str, effect: Effect | None) -> tuple[_Act, ...]:
        return tuple(
            _Act(one, compile_condition("", one.value).holds, Mark("cut", f"{address}#{n}"))
            for n, one in enumerate(effect.assignments if effect else ())
            if Key("variable", one.target.variable.name) in self._keys
        )

    # -- what a viewer can do

    def kept(self, state: State | None) -> tuple[Value, ...]:
        """What a state hands on to the next playthrough; without one, what the first begins with."""
        return tuple(
            slot.start if state is None else state.values[n] for n, slot in enumerate(self.observed.slots) if slot.keep
        )

    def recalled(self, state: State, kept: Sequence[Value]) -> State:
        """A state that a viewer goes back to, with what they have kept from later."""
        left = iter(kept)
        values = zip(self.observed.slots, state.values, strict=True)
        return state._replace(values=tuple(next(left) if slot.keep else value for slot, value in values))

    def begin(self, before: State | None = None) -> Iterator[Turn]:
        """Every way to begin; again, with what is kept, where there was a play before."""
        for pick in _every():
            yield self.begin_once(before, pick)

    def begin_once(self, before: State | None, pick: Pick) -> Turn:
        """The way that it begins with these dice."""
        values = [
            before.values[n] if before is not None and slot.keep else slot.start
            for n, slot in enumerate(self.observed.slots)
        ]
        motion = self._motion(values, pick)
        return self._arrived(Move(), motion, self._arrive(motion, self.story.start))

    def texts(self, choice: Choice) -> tuple[str | None, ...]:
        """All that may be typed for a choice, as far as it makes a difference; None is nothing."""
        return (None,) if choice.ask is None else self.observed.typed.get(choice.ask, (None,))

    def take(self, state: State, choice: Choice, *, timed: bool = False) -> Iterator[Turn]:
        """Every way that a choice can go."""
        for text in (None,) if timed else self.texts(choice):
            for pick in _every():
                yield self.take_once(state, choice, text, pick, timed=timed)

    def take_once(self, state: State, choice: Choice, text: str | None, pick: Pick, *, timed: bool = False) -> Turn:
        """The way that a choice goes with this answer and these dice."""
        motion = self._motion(state.values, pick)
        motion.chosen[choice.key] = 1
        if text is not None and choice.ask is not None:
            motion.values[choice.ask] = text
        self._apply(motion, choice.key)
        onward = choice.to or (None if choice.route is None else self._follow(motion, choice.route))
        if onward is None:
            motion.marks.append(Mark("stuck", choice.key))
            rest = (state.scene, True)
        else:
            rest = self._arrive(motion, onward)
        return self._arrived(Move(choice.id, timed, text, tuple(motion.rolls)), motion, rest)

    def view(self, state: State) -> View:
        """What can be chosen in a state."""
        scene = self.story.scenes[state.scene]
        if state.stuck or scene.route is not None or scene.ending is not None:
            return View((), frozenset())
        motion = self._motion(state.values, _first)
        open_ones = tuple(choice for choice in scene.choices.values() if self._open(motion, choice))
        marks = {*motion.marks, *(Mark("open", choice.key) for choice in open_ones)}
        if not open_ones:
            marks.add(Mark("stuck", scene.id))
        elif scene.within is not None and not any(choice.id in scene.default for choice in open_ones):
            marks.add(Mark("default", scene.id))
        return View(open_ones, frozenset(marks))

    def follow(self, evidence: Evidence) -> list[Turn]:
        """The turns of a play that was found: of its last playthrough, without what was gone back over."""
        turns: list[Turn] = []
        for move in evidence:
            state = turns[-1].state if turns else None
            if move.back and state is not None:
                del turns[-move.back :]
                turns[-1] = replace(turns[-1], state=self.recalled(turns[-1].state, self.kept(state)))
            else:
                turns = [*([] if move.begins else turns), self._again(state, move)]
        return turns

    def _again(self, state: State | None, move: Move) -> Turn:
        if state is None or move.choice is None:
            turns = self.begin(state)
        else:
            turns = self.take(state, self.story.scenes[state.scene].choices[move.choice], timed=move.timed)
        return next(turn for turn in turns if turn.move == move)

    # -- inside

    def _open(self, motion: _Motion, choice: Choice) -> bool:
        if choice.once and choice.key in motion.chosen:
            return False
        return choice.condition is None or motion.holds(choice.key, choice.condition.holds)

    def _motion(self, values: Sequence[Value], pick: Pick) -> _Motion:
        motion = _Motion(list(self._starts), {}, {}, frozenset(), pick)
        ended = []
        for slot, value in zip(self.observed.slots, values, strict=True):
            kind, name = slot.key
            if kind == "variable":
                motion.values[slot.index] = value
            elif kind == "visits":
                motion.visits[name] = int(value)
            elif value and kind == "chosen":
                motion.chosen[name] = 1
            elif value:
                ended.append(name)
        motion.ended = frozenset(ended)
        return motion

    def _arrived(self, move: Move, motion: _Motion, rest: tuple[str, bool]) -> Turn:
        self.looked += len(motion.marks)
        values = tuple(self._value(motion, slot.key, slot.index) for slot in self.observed.slots)
        made = Move(move.choice, move.timed, move.text, tuple(motion.rolls))
        return Turn(made, State(*rest, values), frozenset([*motion.marks, *motion.cuts]), motion.seconds)

    @staticmethod
    def _value(motion: _Motion, key: Key, index: int) -> Value:
        if key.kind == "variable":
            return motion.values[index]
        if key.kind == "visits":
            return motion.visits[key.name]
        return key.name in (motion.chosen if key.kind == "chosen" else motion.ended)

    def _arrive(self, motion: _Motion, scene_id: str) -> tuple[str, bool]:
        for chained in range(1, MAX_CHAIN + 1):
            scene = self.story.scenes[scene_id]
            self._enter(motion, scene)
            if scene.route is None:
                break
            if chained == MAX_CHAIN:
                motion.marks.append(Mark("endless", scene_id))
                break
            onward = self._follow(motion, scene.route)
            if onward is None:
                motion.marks.append(Mark("stuck", scene_id))
                break
            scene_id = onward
        return scene_id, False

    def _enter(self, motion: _Motion, scene: Scene) -> None:
        motion.marks.append(Mark("scene", scene.id))
        motion.seconds += self.story.seconds.get(scene.id, 0.0)
        if scene.id in self._most:
            most = self._most[scene.id]
            count = motion.visits[scene.id] + 1
            motion.visits[scene.id] = count if most is None else min(count, most)
        for n, entry in enumerate(scene.enter):
            address = f"{scene.id}!{n}"
            if entry.condition is None or motion.holds(address, entry.condition.holds):
                self._apply(motion, address)
        if scene.ending is not None:
            motion.ended |= {scene.id}

    def _apply(self, motion: _Motion, address: str) -> None:
        for act in self._acts[address]:
            value = act.value(motion.values, motion.visits, motion.chosen, motion.ended)
            fitting = fit(act.assignment, value)
            if fitting != value:
                motion.cuts.append(act.mark)
            motion.values[act.assignment.target.index] = fitting

    def _follow(self, motion: _Motion, route: Route) -> str | None:
        candidates = self._shuffled(motion, route) if route.random else route.candidates
        for candidate in candidates:
            address = self._sites.of(candidate)
            if not self._holds(motion, candidate, address):
                continue
            values, cuts = list(motion.values), len(motion.cuts)
            self._apply(motion, address)
            found = candidate.to if candidate.route is None else self._follow(motion, candidate.route)
            if found is not None:
                motion.marks.append(Mark("taken", address))
                return found
            motion.values = values
            del motion.cuts[cuts:]
        return None

    def _shuffled(self, motion: _Motion, route: Route) -> list[Candidate]:
        open_ones = [one for one in route.candidates if self._holds(motion, one, self._sites.of(one))]
        if len(open_ones) < 2:
            return open_ones
        first = motion.pick(len(open_ones))
        motion.rolls.append(sum(one.weight for one in open_ones[:first]))
        return [open_ones[first], *open_ones[:first], *open_ones[first + 1 :]]

    def _holds(self, motion: _Motion, candidate: Candidate, address: str) -> bool:
        return candidate.condition is None or motion.holds(address, candidate.condition.holds)


def fit(assignment: Assignment, value: Value) -> Value:
    """A value as its variable takes it."""
    variable = assignment.target.variable
    if variable.kind == "integer":
        return min(max(int(value), variable.low), variable.high)
    return str(value)[: variable.length] if variable.kind == "text" else value


def _first(alternatives: int) -> int:
    return 0


def _every() -> Iterator[Pick]:
    """A pick for each way that alternatives can go; each must be used up before the next is asked for."""
    script: list[int] = []
    for _ in range(MOST_WAYS):
        sizes: list[int] = []

        def pick(alternatives: int, sizes: list[int] = sizes) -> int:
            sizes.append(alternatives)
            if len(sizes) > len(script):
                script.append(0)
            return script[len(sizes) - 1]

        yield pick
        while script and script[-1] == sizes[len(script) - 1] - 1:
            script.pop()
        if not script:
            return
        script[-1] += 1
    raise Tangled
