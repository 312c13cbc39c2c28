"""The search that walks all plays at once: regions of states, one layer of choices after the other."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import NamedTuple

from bot.story.limits import MAX_CHAIN
from bot.story.prover.observed import Observed
from bot.story.prover.passage import Edge, Passage, Passages, image, origin
from bot.story.prover.sets import Region, Sets
from bot.story.prover.sites import Sites
from bot.story.story import Choice, Scene, Story


class Spot(NamedTuple):
    """Where a region of states is: at rest in a scene (`chained` 0), behind a choice that led nowhere ("scene.choice"),
    or in a scene that goes on by itself, as the `chained`-th of a step."""

    chained: int
    at: str


BEFORE = Spot(0, "")
"""Where everything begins."""

Layer = dict[Spot, Region]


class Regions:
    """Every region that was reached, layer by layer: the n-th layer holds what n moves first lead to."""

    def __init__(self, story: Story, sites: Sites, observed: Observed) -> None:
        self.story = story
        self.sets = Sets(observed.slots)
        self.passages = Passages(story, sites, self.sets)
        self.beginning = self.passages.beginning()
        self.onward = {scene.id: self.passages.onward(scene) for scene in story.scenes.values()}
        self.through = {
            scene.id: {choice.id: self._through(choice, observed) for choice in scene.choices.values()}
            for scene in story.scenes.values()
        }
        start = self.sets.point([slot.start for slot in observed.slots])
        self.again = any(slot.keep for slot in observed.slots)
        self.layers: list[Layer] = [{BEFORE: start}]
        self.reached: Layer = {BEFORE: start}

    def _through(self, choice: Choice, observed: Observed) -> Passage:
        return self.passages.choice(choice, observed.typed.get(choice.ask if choice.ask is not None else -1, (None,)))

    def search(self, most: int) -> bool:
        """Walk until nothing new is reached; False where it would take more than `most` nodes of diagrams."""
        while self.layers[-1]:
            self._step()
            if len(self.sets.diagrams) > most:
                return False
        self.layers.pop()
        return True

    # -- one layer

    def _step(self) -> None:
        """The next layer: every move that the last one can make, and the chains of scenes behind it."""
        last = self.layers[-1]
        arrived: Layer = {}
        for spot, region in last.items():
            for edge in self.moves(spot):
                self._add(arrived, self.spot(edge, 0), image(self.sets, edge, region))
        if self.again or last is self.layers[0]:
            rested = self.sets.union(self.resting(spot, region) for spot, region in last.items())
            for edge in self.beginning.edges:
                self._add(arrived, self.spot(edge, 0), image(self.sets, edge, rested))
        self.layers.append(dict(self._chained(arrived)))

    def _chained(self, arrived: Layer) -> Iterator[tuple[Spot, Region]]:
        """What is new of all that was arrived at, chains of scenes walked to their ends."""
        for chained in range(1, MAX_CHAIN + 1):
            for spot in [spot for spot in arrived if spot.chained == chained]:
                fresh = self._fresh(spot, arrived.pop(spot))
                if fresh != self.sets.nothing:
                    yield spot, fresh
                    for edge in self.moves(spot):
                        self._add(arrived, self.spot(edge, chained), image(self.sets, edge, fresh))
        for spot, region in arrived.items():
            fresh = self._fresh(spot, region)
            if fresh != self.sets.nothing:
                yield spot, fresh

    def _fresh(self, spot: Spot, region: Region) -> Region:
        known = self.reached.get(spot, self.sets.nothing)
        self.reached[spot] = known | region
        return region & ~known

    def _add(self, layer: Layer, spot: Spot, region: Region) -> None:
        if region != self.sets.nothing:
            layer[spot] = layer.get(spot, self.sets.nothing) | region

    # -- the shape of it

    def spot(self, edge: Edge, chained: int) -> Spot:
        """Where an edge leads that is taken as one of a chain (0: by a move)."""
        goes_on = not edge.stuck and self.story.scenes[edge.to].route is not None
        return Spot(chained + 1 if goes_on else 0, edge.to)

    def scene(self, spot: Spot) -> Scene | None:
        """The scene of a spot; None behind a choice that led nowhere, and before everything."""
        return self.story.scenes.get(spot.at)

    def moves(self, spot: Spot) -> Iterator[Edge]:
        """The edges that lead on from a spot, beginning again left out."""
        if spot.chained == MAX_CHAIN:
            return
        if spot.chained:
            yield from self.onward[spot.at].edges
        for passage in self.through.get(spot.at, {}).values():
            yield from passage.edges

    def resting(self, spot: Spot, region: Region) -> Region:
        """The part of a region in which a play rests and does not go on by itself."""
        if spot.chained in (0, MAX_CHAIN):
            return region
        return region & self.onward[spot.at].lost

    def ended(self, spot: Spot) -> bool:
        """Whether a spot is an ending."""
        scene = self.scene(spot)
        return scene is not None and scene.ending is not None

    def stops(self, spot: Spot, region: Region) -> Region:
        """The part of a region in which a play can go no further: endings, and where it is stuck."""
        scene = self.scene(spot)
        if spot.chained or scene is None or scene.ending is not None:
            return self.resting(spot, region)
        return region & ~self.sets.union(self.passages.open(choice) for choice in scene.choices.values())

    def states(self) -> int:
        """How many states there are in which a play rests."""
        found = ((spot, self.resting(spot, region)) for spot, region in self.reached.items() if spot != BEFORE)
        return sum(self.sets.count(region) for _, region in found)

    # -- backwards

    def leading_to(self, goals: Mapping[Spot, Region]) -> Layer:
        """Of everything reached, what can come to the goals, goals included."""
        back: dict[Spot, list[tuple[Spot, Edge]]] = {}
        for spot in self.reached:
            for edge in self.moves(spot):
                back.setdefault(self.spot(edge, spot.chained), []).append((spot, edge))
        found = dict(goals)
        frontier = dict(goals)
        while frontier:
            spot, region = frontier.popitem()
            for before, edge in back.get(spot, ()):
                known = found.get(before, self.sets.nothing)
                led = origin(self.sets, edge, region) & self.reached[before] & ~known
                if led != self.sets.nothing:
                    found[before] = known | led
                    self._add(frontier, before, led)
        return found

    # -- distances

    def distances(self, *, timed: bool) -> dict[str, int]:
        """How far each ending is from the nearest beginning: in milliseconds when `timed`, else in choices."""
        settled: Layer = {}
        nearest: dict[str, int] = {}
        heap: list[tuple[int, int]] = []
        waiting: dict[int, Layer] = {}
        endings = {spot for spot in self.reached if self.ended(spot)}
        ticket = count()
        del ticket

        def put(far: int, spot: Spot, region: Region) -> None:
            if far not in waiting:
                waiting[far] = {}
                heapq.heappush(heap, (far, 0))
            self._add(waiting[far], spot, region)

        for edge in self.beginning.edges:
            rested = self.sets.union(self.resting(spot, region) for spot, region in self.reached.items())
            started = image(self.sets, edge, rested if self.again else self.reached[BEFORE])
            put(self._length(edge) if timed else 0, self.spot(edge, 0), started)
        while heap and len(nearest) < len(endings):
            far, _ = heapq.heappop(heap)
            while waiting[far]:
                spot, region = waiting[far].popitem()
                known = settled.get(spot, self.sets.nothing)
                fresh = region & ~known
                if fresh == self.sets.nothing:
                    continue
                settled[spot] = known | fresh
                if spot in endings:
                    nearest.setdefault(spot.at, far)
                for edge in self.moves(spot):
                    onward = self._length(edge) if timed else int(spot.chained == 0)
                    put(far + onward, self.spot(edge, spot.chained), image(self.sets, edge, fresh))
            del waiting[far]
        return nearest

    def _length(self, edge: Edge) -> int:
        return 0 if edge.stuck else round(self.story.seconds.get(edge.to, 0.0) * 1000)


def joined(sets: Sets, layers: Iterable[Mapping[Spot, Region]]) -> Layer:
    """All of these together."""
    whole: Layer = {}
    for layer in layers:
        for spot, region in layer.items():
            whole[spot] = whole.get(spot, sets.nothing) | region
    return whole
