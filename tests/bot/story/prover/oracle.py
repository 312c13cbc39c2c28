"""Every play of a small story, walked by the engine itself: what the prover says is held against this."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from bot.play.event import Begin, Choose, Event, Restart, Rewind, TimeOut
from bot.play.path import choice_points
from bot.play.state import BranchState
from bot.play.step import Step, show, step
from bot.play.walk import Walk
from bot.story.compiler import Condition, Effect, compile_condition
from bot.story.domain import leaves
from bot.story.expression import Ended, Expression
from bot.story.prover.mark import Mark
from bot.story.prover.sites import Site, Sites
from bot.story.story import Candidate, Choice, Guarded, Route, Scene, Story, Values

COUNTED = 6
"""Visits from which on all are alike in the stories that are walked here: no number in them is larger."""

MOST_WAYS = 200
"""Ways of the dice in one step; a story with more is not walked."""

MOST_PLACES = 400
"""States, each with everything that one can go back to; a story with more is not walked."""


class TooMuch(Exception):
    """A story that is too large to be walked in a test."""


Heard = tuple[str, str, Any]
"""(what, where, more): "asked" with whether it held, "done" with what was cut."""


@dataclass
class Wired:
    """A story that tells what it is asked and what it does."""

    story: Story
    heard: list[Heard] = field(default_factory=list)
    leaves: dict[str, frozenset[str]] = field(default_factory=dict)
    """By a candidate with a route within: the candidates in it, however deep."""


def wired(story: Story) -> Wired:
    """The story with every condition, and an effect at every candidate, made to tell."""
    made = Wired(story)
    wire = _Wire(Sites(story), made)
    routes = {name: wire.route(route) for name, route in story.routes.items()}
    scenes = {scene.id: wire.scene(scene) for scene in story.scenes.values()}
    made.story = replace(story, scenes=scenes, routes=routes)
    return made


class _Wire:
    def __init__(self, sites: Sites, made: Wired) -> None:
        self._sites = sites
        self._made = made

    def scene(self, scene: Scene) -> Scene:
        enter = tuple(
            Guarded(self._condition(f"{scene.id}!{n}", one.condition), self._effect(f"{scene.id}!{n}", one.effect))
            for n, one in enumerate(scene.enter)
        )
        choices = {choice.id: self._choice(choice) for choice in scene.choices.values()}
        route = None if scene.route is None else self.route(scene.route)
        return replace(scene, enter=enter, choices=choices, route=route)

    def _choice(self, choice: Choice) -> Choice:
        return replace(
            choice,
            condition=self._condition(choice.key, choice.condition),
            effect=self._effect(choice.key, choice.effect),
            route=None if choice.route is None else self.route(choice.route),
        )

    def route(self, route: Route) -> Route:
        return replace(route, candidates=tuple(self._candidate(one) for one in route.candidates))

    def _candidate(self, candidate: Candidate) -> Candidate:
        address = self._sites.of(candidate)
        if candidate.route is not None:
            self._made.leaves[address] = frozenset(self._within(candidate.route))
        return replace(
            candidate,
            condition=self._condition(address, candidate.condition),
            effect=self._effect(address, candidate.effect),
            route=None if candidate.route is None else self.route(candidate.route),
        )

    def _within(self, route: Route) -> Iterator[str]:
        for candidate in route.candidates:
            yield self._sites.of(candidate)
            if candidate.route is not None:
                yield from self._within(candidate.route)

    def _condition(self, address: str, condition: Condition | None) -> Condition | None:
        if condition is None:
            return None

        def holds(*moment: Any) -> bool:
            held = condition.holds(*moment)
            self._made.heard.append(("asked", address, held))
            return held

        return replace(condition, holds=holds)

    def _effect(self, address: str, effect: Effect | None) -> Effect:
        def apply(values: list[Any], *rest: Any) -> None:
            cuts = _cuts(effect, list(values), rest) if effect is not None else ()
            self._made.heard.append(("done", address, tuple(f"{address}#{n}" for n in cuts)))
            if effect is not None:
                effect.apply(values, *rest)

        return Effect("", (), apply) if effect is None else replace(effect, apply=apply)


def _cuts(effect: Effect, values: list[Any], rest: Sequence[Any]) -> Iterator[int]:
    """The assignments whose values lie out of bounds, one after the other on a copy of the values."""
    for n, one in enumerate(effect.assignments):
        variable = one.target.variable
        value: Any = compile_condition("", one.value).holds(values, *rest)
        kept = value
        if variable.kind == "integer":
            kept = max(variable.low, min(variable.high, value))
        elif variable.kind == "text":
            kept = value[: variable.length]
        if kept != value:
            yield n
        values[one.target.index] = kept


@dataclass
class Walked:
    """What came to pass in all plays."""

    marks: set[Mark] = field(default_factory=set)
    traps: set[str] = field(default_factory=set)
    shortest: dict[str, int] = field(default_factory=dict)
    longest: int | None = None


Key = tuple[object, ...]

Stack = tuple[Key, ...]
"""The choices on a path to which a viewer can go back. Of several that look alike but for what is kept, the last one is
enough: from there they can go back to all that the others offer."""

Spot = tuple[Key, Stack]


class Oracle:
    """Walks all plays of a story, or gives up (`walked` is None) beyond so many states.

    Where something is kept, from every place it goes back to every choice before, and nothing is known of a place but
    what the engine makes of it.
    """

    def __init__(self, story: Story, most: int) -> None:
        self._wired = wired(story)
        self._story = self._wired.story
        self._keeps = keeps(story)
        self._spots: dict[Spot, BranchState] = {}
        self._states: dict[Key, BranchState] = {}
        self._onward: dict[Key, set[Key]] = {}
        self._back: dict[Key, set[Key]] = {}
        self._begun: set[Key] = set()
        self._found = Walked()
        self._waiting: deque[Spot] = deque()
        self.walked = self._walked(most)

    def _walked(self, most: int) -> Walked | None:
        try:
            return self._walk(most)
        except TooMuch:
            return None

    def _walk(self, most: int) -> Walked:
        for _, taken in self._steps(lambda dice: step(self._story, None, Begin("en"), 0, dice)):
            self._begun.add(self._note(taken, ()))
        while self._waiting:
            if len(self._states) > most or len(self._spots) > MOST_PLACES:
                raise TooMuch
            self._look(self._waiting.popleft())
        self._ways()
        return self._found

    def _look(self, spot: Spot) -> None:
        key, stack = spot
        state = self._spots[spot]
        self._wired.heard.clear()
        card = show(self._story, state)
        self._hear()
        open_ones = [option for option in card.options if not option.locked]
        scene = self._story.scenes[state.scene]
        if card.stuck and not self._between(state) and scene.route is None:
            self._found.marks.add(Mark("stuck", state.scene))
        if open_ones and scene.within is not None and not {one.id for one in open_ones} & set(scene.default):
            self._found.marks.add(Mark("default", state.scene))
        self._onward.setdefault(key, set())
        beyond = self._beyond(state, stack)
        for option in open_ones:
            self._found.marks.add(Mark("open", f"{state.scene}.{option.id}"))
            for text in (None,) if option.ask is None else (None, "you", "Ann", "else", "longer"):
                self._go(key, state, Choose(state.revision, option.id, text), beyond)
        if open_ones and scene.within is not None:
            self._go(key, state, TimeOut(state.revision), beyond)
        for _, taken in self._steps(lambda dice: step(self._story, state, Restart(state.revision), 0, dice)):
            self._begun.add(self._note(taken, ()))
        self._go_back(state, stack)

    def _go(self, key: Key, state: BranchState, event: Event, stack: Stack) -> None:
        for _, taken in self._steps(lambda dice: step(self._story, state, event, 0, dice)):
            self._onward[key].add(self._note(taken, stack))

    def _go_back(self, state: BranchState, stack: Stack) -> None:
        """To each of the stack's choices, where the path has it last."""
        points = choice_points(state.path) if stack else []
        stood = [self._walked_to(state, point.at) for point in points]
        for n, before in enumerate(stack):
            to = max(at for at, key in enumerate(stood) if self._alike(key) == self._alike(before))
            [(_, taken)] = self._steps(partial(self._rewound, state, to))
            self._back.setdefault(stood[to], set()).add(self._note(taken, stack[:n]))

    def _rewound(self, state: BranchState, to: int, dice: Callable[[int], int]) -> Step:
        return step(self._story, state, Rewind(state.revision, to), 0, dice)

    def _walked_to(self, state: BranchState, at: int) -> Key:
        walk = Walk.again(self._story, state.language, state.base, state.path[:at])
        self._wired.heard.clear()
        return self._key_of(walk.scene, False, tuple(walk.values), walk.visits, walk.chosen, walk.ended)

    def _beyond(self, state: BranchState, stack: Stack) -> Stack:
        """The stack behind a choice that is made here."""
        if not self._keeps:
            return ()
        here = self._key(state)
        return (*(key for key in stack if self._alike(key) != self._alike(here)), here)

    def _alike(self, key: Key) -> Key:
        """A key without what is kept."""
        scene, stuck, values, visits, chosen, _ = key
        variables = zip(self._story.variables, values, strict=True)  # type: ignore[call-overload]
        return (scene, stuck, tuple(value for one, value in variables if not one.keep), visits, chosen)

    @staticmethod
    def _between(state: BranchState) -> bool:
        return state.path[-1][:1] in '>~"%'

    def _steps(self, take: Callable[[Callable[[int], int]], Step]) -> Iterator[tuple[list[int], Step]]:
        """A step with every way that the dice can fall."""
        scripts: list[list[int]] = [[]]
        ways = 0
        while scripts:
            script, ways = scripts.pop(), ways + 1
            if ways > MOST_WAYS:
                raise TooMuch
            rolled: list[int] = []

            def dice(sides: int, script: list[int] = script, rolled: list[int] = rolled) -> int:
                if len(rolled) == len(script):
                    scripts.extend([*rolled, other] for other in range(1, sides))
                    script.append(0)
                rolled.append(script[len(rolled)])
                return rolled[-1]

            self._wired.heard.clear()
            yield rolled, take(dice)

    def _note(self, taken: Step, stack: Stack) -> Key:
        self._hear()
        state = taken.branch_state
        for card in taken.cards:
            self._found.marks.add(Mark("scene", card.scene))
        if self._between(state):
            self._found.marks.add(Mark("stuck", f"{state.scene}.{self._last_choice(state)}"))
        elif self._story.scenes[state.scene].route is not None:
            endless = len(taken.cards) == 64
            self._found.marks.add(Mark("endless" if endless else "stuck", state.scene))
        key = self._key(state)
        self._states.setdefault(key, state)
        if (key, stack) not in self._spots:
            self._spots[key, stack] = state
            self._waiting.append((key, stack))
        return key

    def _last_choice(self, state: BranchState) -> str:
        return next(token[1:] for token in reversed(state.path) if token[:1] in ">~")

    def _key(self, state: BranchState) -> Key:
        between = self._between(state)
        return self._key_of(state.scene, between, state.values, state.visits, state.chosen, state.ended)

    @staticmethod
    def _key_of(
        scene: str,
        between: bool,
        values: Values,
        visits: Mapping[str, int],
        chosen: Mapping[str, int],
        ended: frozenset[str],
    ) -> Key:
        counted = tuple(sorted((scene, min(times, COUNTED)) for scene, times in visits.items()))
        return (scene, between, values, counted, frozenset(chosen), ended)

    def _hear(self) -> None:
        """Takes in what was told: a candidate was taken when the one done next within it leads on."""
        marks, heard = self._found.marks, self._wired.heard
        for n, (what, where, more) in enumerate(heard):
            if what == "asked":
                marks.add(Mark("true" if more else "false", where))
                continue
            taken = self._led(heard[n + 1 :], self._wired.leaves.get(where))
            if taken:
                marks |= {Mark("cut", cut) for cut in more}
                if "/" in where:
                    marks.add(Mark("taken", where))
        heard.clear()

    def _led(self, after: Sequence[Heard], within: frozenset[str] | None) -> bool:
        if within is None:
            return True
        for what, where, _ in after:
            if where not in within:
                return False
            if what == "done" and where not in self._wired.leaves:
                return True
        return False

    # -- ways

    def _ways(self) -> None:
        endings = {key for key, state in self._states.items() if self._story.scenes[state.scene].ending}
        stops = {key for key, onward in self._onward.items() if not onward}
        safe = self._leading_to(stops, self._onward)
        entered = self._begun | {to for key in safe for to in self._onward[key] | self._back.get(key, set())}
        self._found.traps = {self._states[key].scene for key in entered - safe}
        onward = {
            key: ways.union(*(self._onward[to] for to in self._back.get(key, ()))) for key, ways in self._onward.items()
        }
        alive = self._leading_to(endings, onward)
        far, layer, most = 0, set(self._begun), None
        seen: set[Key] = set()
        while layer:
            for key in (layer & endings) - seen:
                self._found.shortest.setdefault(self._states[key].scene, far)
            seen |= layer
            layer = {to for key in layer for to in onward[key]} & alive
            far += 1
            if far > len(self._states) + 1:
                break
        else:
            most = far - 1
        self._found.longest = most if endings else None

    def _leading_to(self, goals: set[Key], ways: Mapping[Key, set[Key]]) -> set[Key]:
        found = set(goals)
        while more := {key for key, onward in ways.items() if key not in found and onward & found}:
            found |= more
        return found


def keeps(story: Story) -> bool:
    """Whether anything that a viewer keeps can make a difference."""
    told = [leaf for site in Sites(story) for tree in _trees(site) for leaf in leaves(tree)]
    return any(one.keep for one in story.variables) or any(isinstance(leaf, Ended) for leaf in told)


def _trees(site: Site) -> Iterator[Expression]:
    yield from () if site.condition is None else (site.condition.tree,)
    yield from () if site.effect is None else (one.value for one in site.effect.assignments)
