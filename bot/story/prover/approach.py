"""The shortest way to a mark, found from behind: what leads there in one move, in two, until it is the beginning."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.story.limits import MAX_CHAIN
from bot.story.prover.evidence import Evidence, returning
from bot.story.prover.hindsight import Hindsight
from bot.story.prover.mark import Mark
from bot.story.prover.passage import Edge, origin
from bot.story.prover.regions import BEFORE, Places, Regions, Spot
from bot.story.prover.sets import Region
from bot.story.prover.slot import State
from bot.story.prover.walker import Turn, Walker


@dataclass(frozen=True, slots=True)
class _Means:
    """What a way may be made of besides choices: beginning, and going back by what so many rounds know."""

    again: bool
    rounds: int


@dataclass(frozen=True, slots=True)
class _Goal:
    """Regions to come to, how a state in them is told, and the mark that may be seen on the last move."""

    places: Places
    there: Callable[[State], bool]
    mark: Mark | None = None


class Approach:
    """Finds evidence in what `Regions` has reached."""

    def __init__(self, regions: Regions, walker: Walker, hindsight: Hindsight) -> None:
        self._regions = regions
        self._walker = walker
        self._hindsight = hindsight
        self._sets = regions.sets
        self._back = regions.backwards()

    def to_mark(self, mark: Mark, goals: Mapping[Spot, Region]) -> Evidence:
        """The shortest play in which a mark is seen, which is so next in these regions, or as the play rests there."""
        moves, state = self._way(_Goal(dict(goals), lambda state: mark in self._walker.view(state).marks, mark))
        if mark.what == "default" and state is not None:
            first = self._walker.view(state).open[0]
            return (*moves, next(self._walker.take(state, first, timed=True)).move)
        return moves

    def to_region(self, goals: Mapping[Spot, Region]) -> Evidence:
        """The shortest play that rests in one of these regions."""
        return self._way(_Goal(dict(goals), lambda state: self._stands(state, goals)))[0]

    def fewest(self, goals: Mapping[Spot, Region]) -> int:
        """The fewest choices of one playthrough, whatever it begins with, that come to these regions."""
        begun = self._regions.begun()
        whole, fresh = dict(goals), dict(goals)
        self._chain(whole, fresh)
        far = 0
        while not any(whole[spot] & region != self._sets.nothing for spot, region in begun.items() if spot in whole):
            fresh = self._before(whole, fresh, _Means(again=False, rounds=0))
            for spot, region in list(self._returns(fresh, self._hindsight.rounds)):
                self._add(whole, fresh, spot, region)
            self._chain(whole, fresh)
            far += 1
        return far

    # -- forwards

    def _way(self, goal: _Goal) -> tuple[Evidence, State | None]:
        """From the beginning, without going back where that can be."""
        for rounds in (0, self._hindsight.rounds):
            means = _Means(again=True, rounds=rounds)
            layers = self._layers(goal, means, None)
            if layers is not None:
                return self._walk(goal, means, layers, None)
        raise AssertionError("what was reached has a way that leads there")

    def _walk(
        self, goal: _Goal, means: _Means, layers: list[Places], state: State | None
    ) -> tuple[Evidence, State | None]:
        moves: Evidence = ()
        left = len(layers) - 1
        while state is None or not goal.there(state):
            turns = list(self._turns(state, means))
            last = next((turn for turn in turns if goal.mark in turn.marks), None)
            if last is not None:
                return (*moves, last.move), last.state
            left -= 1
            turn = next((turn for turn in turns if self._stands(turn.state, layers[left])), None)
            if turn is not None:
                moves, state = (*moves, turn.move), turn.state
            elif state is not None:
                to, known = self._returned(state, layers[left], means.rounds)
                moves, state = (*moves, *self._round_trip(state, to, known)), to
        return moves, state

    def _turns(self, state: State | None, means: _Means) -> Iterator[Turn]:
        if state is not None:
            for choice in self._walker.view(state).open:
                yield from self._walker.take(state, choice)
        if state is None or (means.again and self._regions.again):
            yield from self._walker.begin(state)

    def _returned(self, state: State, places: Places, rounds: int) -> tuple[State, int]:
        """Another state of these places, as which this one can be come back to, and the first round that knows of it:
        whatever must be gone back for on the way is known before."""
        spot, here = Spot(0, state.scene), self._sets.point(state.values)
        for known in range(1, rounds + 1):
            back = self._hindsight.image(spot, here, known) & places[spot] & ~here
            if back != self._sets.nothing:
                return state._replace(values=self._sets.one(back)), known
        raise AssertionError("a state in these layers has a move on")

    def _round_trip(self, state: State, to: State, known: int) -> Evidence:
        """From a state to the nearest one beyond it with the kept values of the other, and back."""
        kept = self._walker.kept(to)
        wanted = self._sets.keeping(kept)
        reached = self._regions.reached.items()
        places = {one: self._regions.resting(one, region) & wanted for one, region in reached if one != BEFORE}
        goal = _Goal(places, lambda state: self._walker.kept(state) == kept)
        means = _Means(again=False, rounds=known - 1)
        layers = self._layers(goal, means, state)
        if layers is None:
            raise AssertionError("what a round knows has a way by those before it")
        moves, _ = self._walk(goal, means, layers, state)
        return returning(moves)

    def _stands(self, state: State, places: Mapping[Spot, Region]) -> bool:
        point = self._sets.point(state.values)
        stood = (self._regions.resting(spot, places[spot]) for spot in self._spots(state) if spot in places)
        return any(point & region != self._sets.nothing for region in stood)

    def _spots(self, state: State) -> Iterable[Spot]:
        """Where a state at rest can be: behind which choice it is stuck, or how long the chain was, it does not say."""
        if state.stuck:
            return (Spot(0, choice.key) for choice in self._walker.story.scenes[state.scene].choices.values())
        if state.scene in self._regions.onward:
            return (Spot(chained, state.scene) for chained in range(1, MAX_CHAIN + 1))
        return (Spot(0, state.scene),)

    # -- backwards

    def _layers(self, goal: _Goal, means: _Means, start: State | None) -> list[Places] | None:
        """The n-th holds all that n moves or fewer can bring to the goal; the last one holds the start (None is the
        beginning). None where there is no way from there."""
        whole, fresh = dict(goal.places), dict(goal.places)
        self._chain(whole, fresh)
        layers = [dict(whole)]
        while not (BEFORE in whole if start is None else self._stands(start, whole)):
            fresh = self._before(whole, fresh, means)
            if not fresh:
                return None
            layers.append(dict(whole))
        return layers

    def _before(self, whole: Places, last: Places, means: _Means) -> Places:
        """Adds what comes to the last places in one move; all that is new."""
        fresh: Places = {}
        for before, edge, region in self._moves(last, again=means.again):
            rested = self._regions.resting(before, self._regions.reached[before])
            self._add(whole, fresh, before, origin(self._sets, edge, region) & rested)
        for spot, region in self._returns(last, means.rounds):
            self._add(whole, fresh, spot, region)
        self._chain(whole, fresh)
        return fresh

    def _returns(self, places: Places, rounds: int) -> Iterator[tuple[Spot, Region]]:
        """What can be come back to as something in these places."""
        for spot, region in places.items():
            yield spot, self._hindsight.origin(spot, region, rounds) & self._regions.reached[spot]

    def _moves(self, places: Places, *, again: bool) -> Iterator[tuple[Spot, Edge, Region]]:
        for spot, region in places.items():
            for before, edge in self._back.get(spot, ()):
                if before.chained == 0:
                    yield before, edge, region
        for edge in self._regions.beginning.edges if again else ():
            led = places.get(self._regions.spot(edge, 0))
            if led is not None:
                for before in list(self._regions.reached) if self._regions.again else [BEFORE]:
                    yield before, edge, led

    def _chain(self, whole: Places, fresh: Places) -> None:
        """Adds what leads into the fresh part without a move: scenes that go on by themselves."""
        waiting = dict(fresh)
        while waiting:
            spot, region = waiting.popitem()
            for before, edge in self._back.get(spot, ()):
                if before.chained:
                    led = origin(self._sets, edge, region) & self._regions.reached[before]
                    new = self._add(whole, fresh, before, led)
                    if new != self._sets.nothing:
                        waiting[before] = waiting.pop(before, self._sets.nothing) | new

    def _add(self, whole: Places, fresh: Places, spot: Spot, region: Region) -> Region:
        new = self._regions.add(whole, spot, region)
        if new != self._sets.nothing:
            fresh[spot] = fresh.get(spot, self._sets.nothing) | new
        return new
