"""The search that walks whole regions of states at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import NamedTuple

from bot.story.limits import MAX_CHAIN
from bot.story.prover.mark import Mark
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


EVERY = 500
"""Walks between two looks at the number of nodes, for which all are counted."""

BEFORE = Spot(0, "")
"""Where everything begins."""

Places = dict[Spot, Region]

Again = Callable[[Spot, Region], Region]


class Regions:
    """Every state that can be reached, spot by spot."""

    def __init__(self, story: Story, sites: Sites, observed: Observed) -> None:
        self.story = story
        self.sets = Sets(observed.slots)
        self.again = any(slot.keep for slot in observed.slots)
        passages = Passages(story, sites, self.sets)
        self.beginning = passages.beginning()
        self.onward = {scene.id: passages.onward(scene) for scene in story.scenes.values() if scene.route is not None}
        self.through = {
            scene.id: [_through(passages, choice, observed) for choice in scene.choices.values()]
            for scene in story.scenes.values()
        }
        self.seen = {scene.id: list(passages.view(scene)) for scene in story.scenes.values()}
        self.reached: Places = {BEFORE: self.sets.point([slot.start for slot in observed.slots])}

    def search(self, most_nodes: int, most: int, new: Places | None = None) -> bool:
        """Walk on, from what is new, until nothing is; False where that takes more diagram nodes, or more walks.

        The spot reached last goes on first. In layers of choices the regions would be full of holes, and no smaller
        than a list of their states.
        """
        waiting = dict(self.reached if new is None else new)
        for walked in count(1):
            if not waiting:
                return True
            spot, region = waiting.popitem()
            for to, edge, source in self.moves(spot, region):
                fresh = self.add(self.reached, to, image(self.sets, edge, source))
                if fresh != self.sets.nothing:
                    waiting[to] = waiting.get(to, self.sets.nothing) | fresh
            if walked > most or (walked % EVERY == 0 and len(self.sets.diagrams) > most_nodes):
                return False
        raise AssertionError("counting has no end")

    def add(self, places: Places, spot: Spot, region: Region) -> Region:
        """Put a region to others; what of it is new there."""
        known: Region = places.get(spot, self.sets.nothing)
        fresh: Region = region & ~known
        if fresh != self.sets.nothing:
            places[spot] = known | fresh
        return fresh

    # -- the shape of the story

    def moves(self, spot: Spot, region: Region) -> Iterator[tuple[Spot, Edge, Region]]:
        """Every edge that leads on from a region, with where it leads and the part that it is open to."""
        for edge in self.edges(spot):
            yield self.spot(edge, spot.chained), edge, region
        if self.again or spot == BEFORE:
            rested = self.resting(spot, region)
            for edge in self.beginning.edges:
                yield self.spot(edge, 0), edge, rested

    def edges(self, spot: Spot) -> Iterator[Edge]:
        """The edges that lead on from a spot within a playthrough."""
        if 0 < spot.chained < MAX_CHAIN:
            yield from self.onward[spot.at].edges
        for passage in self.through.get(spot.at, ()):
            yield from passage.edges

    def spot(self, edge: Edge, chained: int) -> Spot:
        """Where an edge leads that is taken behind the `chained`-th scene of a step."""
        goes_on = not edge.stuck and edge.to in self.onward
        return Spot(chained + 1 if goes_on else 0, edge.to)

    def scene(self, spot: Spot) -> Scene | None:
        """The scene of a spot; None behind a choice that led nowhere, and before everything."""
        return self.story.scenes.get(spot.at)

    def resting(self, spot: Spot, region: Region) -> Region:
        """The part of a region in which a play rests and does not go on by itself."""
        if spot.chained in (0, MAX_CHAIN):
            return region
        return region & self.onward[spot.at].lost

    def ends(self, spot: Spot) -> bool:
        """Whether a spot is an ending."""
        scene = self.scene(spot)
        return scene is not None and scene.ending is not None

    def stops(self, spot: Spot, region: Region) -> Region:
        """The part of a region in which a play can go no further: it has ended, or is stuck."""
        scene = self.scene(spot)
        if spot.chained or scene is None or scene.ending is not None:
            return self.resting(spot, region)
        stuck = [where for mark, where in self.seen[scene.id] if mark.what == "stuck"]
        return region & self.sets.union(stuck)

    # -- what was found

    def begun(self) -> Places:
        """Where every playthrough that can be begins, in its first scene."""
        rested = [self.resting(spot, region) for spot, region in self.reached.items() if self.again or spot == BEFORE]
        places: Places = {}
        for edge in self.beginning.edges:
            self.add(places, self.spot(edge, 0), image(self.sets, edge, self.sets.union(rested)))
        return places

    def states(self) -> int:
        """How many states there are in which a play rests."""
        places: dict[tuple[str, bool], Region] = {}
        for spot, region in self.reached.items():
            place = (spot.at.partition(".")[0], "." in spot.at)
            places[place] = places.get(place, self.sets.nothing) | self.resting(spot, region)
        return sum(self.sets.count(region) for place, region in places.items() if place[0])

    def leading_to(self, goals: Mapping[Spot, Region], again: Again | None = None) -> Places:
        """Of everything reached, what can come to the goals within a playthrough, goals included; `again` says what
        can be come back to as a region."""
        back = self.backwards()
        found, waiting = dict(goals), dict(goals)
        while waiting:
            spot, region = waiting.popitem()
            ways = [(before, origin(self.sets, edge, region)) for before, edge in back.get(spot, ())]
            for before, led in [*ways, *([(spot, again(spot, region))] if again else ())]:
                fresh = self.add(found, before, led & self.reached[before])
                if fresh != self.sets.nothing:
                    waiting[before] = waiting.get(before, self.sets.nothing) | fresh
        return found

    def backwards(self) -> dict[Spot, list[tuple[Spot, Edge]]]:
        """The edges within a playthrough by the spot that they lead to."""
        back: dict[Spot, list[tuple[Spot, Edge]]] = {}
        for spot in self.reached:
            for edge in self.edges(spot):
                back.setdefault(self.spot(edge, spot.chained), []).append((spot, edge))
        return back

    def marks(self) -> Iterator[tuple[Mark, Places]]:
        """Every mark with the regions in which the play stands when it is seen next, or as it rests there."""
        for spot, region in self.reached.items():
            for mark, where in self._asked(spot, region):
                if where != self.sets.nothing:
                    yield mark, {spot: where}

    def _asked(self, spot: Spot, region: Region) -> Iterator[tuple[Mark, Region]]:
        if spot.chained == MAX_CHAIN:
            yield Mark("endless", spot.at), region
        elif spot.chained:
            yield from ((mark, region & where) for mark, where in self.onward[spot.at].marks)
        else:
            for mark, where in self.seen.get(spot.at, ()):
                yield mark, region & where
            for passage in self.through.get(spot.at, ()):
                yield from ((mark, region & where) for mark, where in passage.marks)
        if self.again or spot == BEFORE:
            rested = self.resting(spot, region)
            yield from ((mark, rested & where) for mark, where in self.beginning.marks)


def _through(passages: Passages, choice: Choice, observed: Observed) -> Passage:
    typed = (None,) if choice.ask is None else observed.typed.get(choice.ask, (None,))
    return passages.choice(choice, typed)
