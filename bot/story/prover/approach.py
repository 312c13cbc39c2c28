"""The shortest way to a mark, found from behind: what leads there in one move, in two, until it is the beginning."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from bot.story.limits import MAX_CHAIN
from bot.story.prover.evidence import Evidence, Move
from bot.story.prover.mark import Mark
from bot.story.prover.passage import Edge, origin
from bot.story.prover.regions import BEFORE, Places, Regions, Spot
from bot.story.prover.sets import Region
from bot.story.prover.slot import State
from bot.story.prover.walker import Turn, Walker


class Approach:
    """Finds evidence in what `Regions` has reached."""

    def __init__(self, regions: Regions, walker: Walker) -> None:
        self._regions = regions
        self._walker = walker
        self._sets = regions.sets
        self._back = regions.backwards()

    def to_mark(self, mark: Mark, goals: Mapping[Spot, Region]) -> Evidence:
        """The shortest play in which a mark is seen, which is so next in these regions, or as the play rests there."""
        moves, state = self._walk(goals, mark, lambda state: mark in self._walker.view(state).marks)
        if mark.what == "default" and state is not None:
            first = self._walker.view(state).open[0]
            return (*moves, next(self._walker.take(state, first, timed=True)).move)
        return moves

    def to_region(self, goals: Mapping[Spot, Region]) -> Evidence:
        """The shortest play that rests in one of these regions."""
        return self._walk(goals, None, lambda state: self._stands(state, goals))[0]

    def fewest(self, goals: Mapping[Spot, Region]) -> int:
        """The fewest choices of one playthrough, whatever it begins with, that come to these regions."""
        begun = self._regions.begun()
        whole, fresh = dict(goals), dict(goals)
        self._chain(whole, fresh)
        far = 0
        while not any(whole[spot] & region != self._sets.nothing for spot, region in begun.items() if spot in whole):
            fresh = self._before(whole, fresh, again=False)
            far += 1
        return far

    # -- forwards

    def _walk(
        self, goals: Mapping[Spot, Region], mark: Mark | None, there: Callable[[State], bool]
    ) -> tuple[Evidence, State | None]:
        layers = self._layers(goals)
        moves: list[Move] = []
        state: State | None = None
        left = len(layers) - 1
        while state is None or not there(state):
            turns = list(self._turns(state))
            last = next((turn for turn in turns if mark in turn.marks), None)
            if last is not None:
                return (*moves, last.move), last.state
            left -= 1
            turn = next(turn for turn in turns if self._stands(turn.state, layers[left]))
            moves.append(turn.move)
            state = turn.state
        return tuple(moves), state

    def _turns(self, state: State | None) -> Iterator[Turn]:
        if state is not None:
            for choice in self._walker.view(state).open:
                yield from self._walker.take(state, choice)
        if state is None or self._regions.again:
            yield from self._walker.begin(state)

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

    def _layers(self, goals: Mapping[Spot, Region]) -> list[Places]:
        """The n-th holds all that n moves or fewer can bring to the goals; the last one holds the beginning."""
        whole, fresh = dict(goals), dict(goals)
        self._chain(whole, fresh)
        layers = [dict(whole)]
        while BEFORE not in whole:
            fresh = self._before(whole, fresh, again=True)
            layers.append(dict(whole))
        return layers

    def _before(self, whole: Places, last: Places, *, again: bool) -> Places:
        """Adds what comes to the last places in one move, `again` with beginnings; all that is new."""
        fresh: Places = {}
        for before, edge, region in self._moves(last, again=again):
            rested = self._regions.resting(before, self._regions.reached[before])
            self._add(whole, fresh, before, origin(self._sets, edge, region) & rested)
        self._chain(whole, fresh)
        return fresh

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
