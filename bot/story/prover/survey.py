"""What the regions of a story come to: marks, ways out, and how long a play is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.story.prover.approach import Approach
from bot.story.prover.evidence import Evidence
from bot.story.prover.hindsight import Hindsight
from bot.story.prover.mark import Mark
from bot.story.prover.outcome import Outcome
from bot.story.prover.passage import image, origin
from bot.story.prover.regions import BEFORE, Places, Regions, Spot
from bot.story.prover.sets import Region
from bot.story.prover.walker import Walker

Known = Callable[[Mark], Evidence | None]
"""The shortest way to a mark, where it is known already."""


def survey(regions: Regions, walker: Walker, known: Known, hindsight: Hindsight) -> Outcome:
    """The outcome of a search that came to its end."""
    marked = _marked(regions)
    approach = Approach(regions, walker, hindsight)
    back = _Back(hindsight)

    def path(mark: Mark) -> Evidence:
        return known(mark) or approach.to_mark(mark, marked[mark])

    endings = {spot: region for spot, region in regions.reached.items() if regions.ends(spot)}
    return Outcome(
        True,
        regions.states(),
        frozenset(marked),
        path,
        _traps(regions, approach, back),
        {spot.at: approach.fewest({spot: region}) for spot, region in sorted(endings.items())},
        longest=_longest(regions, regions.leading_to(endings, back.origin), back) if endings else None,
    )


def _marked(regions: Regions) -> Mapping[Mark, Places]:
    marked: dict[Mark, Places] = {}
    for mark, places in regions.marks():
        whole = marked.setdefault(mark, {})
        for spot, region in places.items():
            regions.add(whole, spot, region)
    return marked


class _Back:
    """Going back, by all that is known of it."""

    def __init__(self, hindsight: Hindsight) -> None:
        self._hindsight = hindsight

    def origin(self, spot: Spot, region: Region) -> Region:
        return self._hindsight.origin(spot, region, self._hindsight.rounds)

    def image(self, spot: Spot, region: Region) -> Region:
        return self._hindsight.image(spot, region, self._hindsight.rounds)


def _traps(regions: Regions, approach: Approach, back: _Back) -> dict[str, Evidence]:
    stops = {spot: regions.stops(spot, region) for spot, region in regions.reached.items() if spot != BEFORE}
    safe = regions.leading_to({spot: region for spot, region in stops.items() if region != regions.sets.nothing})
    nothing = regions.sets.nothing
    lost: Places = {
        spot: region & ~safe[spot] if spot in safe else region
        for spot, region in regions.reached.items()
        if spot != BEFORE and spot.chained == 0
    }
    if all(region == nothing for region in lost.values()):
        return {}
    return {
        spot.at: approach.to_region({spot: region & lost[spot]})
        for spot, region in sorted(_entered(regions, safe, back).items())
        if spot in lost and region & lost[spot] != nothing
    }


def _entered(regions: Regions, safe: Places, back: _Back) -> Places:
    """Where moves from safe states, ways back to them, and beginnings come to rest."""
    arrived = regions.begun()
    for spot, region in safe.items():
        regions.add(arrived, spot, back.image(spot, region))
    waiting = {spot: region for spot, region in arrived.items() if spot.chained}
    waiting |= {spot: region for spot, region in safe.items() if spot.chained == 0}
    while waiting:
        spot, region = waiting.popitem()
        for edge in regions.edges(spot):
            to = regions.spot(edge, spot.chained)
            fresh = regions.add(arrived, to, image(regions.sets, edge, region))
            if fresh != regions.sets.nothing and to.chained:
                waiting[to] = waiting.pop(to, regions.sets.nothing) | fresh
    return arrived


def _longest(regions: Regions, alive: Places, back: _Back) -> int | None:
    """The most choices on the way to an ending; None where some way goes in circles."""
    if _circle(regions, alive, back):
        return None
    nothing, choices = regions.sets.nothing, -1
    last = regions.begun()
    while last:
        last = {spot: region & alive.get(spot, nothing) for spot, region in _chained(regions, last).items()}
        last = {spot: region for spot, region in last.items() if region != nothing}
        choices += bool(last)
        moved: Places = {}
        for spot, region in last.items():
            region |= back.image(spot, region)
            if spot.chained == 0:
                for edge in regions.edges(spot):
                    regions.add(moved, regions.spot(edge, 0), image(regions.sets, edge, region))
        last = moved
    return choices


def _chained(regions: Regions, places: Places) -> Places:
    """These places, and all to which they go on by themselves."""
    found, waiting = dict(places), dict(places)
    while waiting:
        spot, region = waiting.popitem()
        for edge in regions.edges(spot) if spot.chained else ():
            to = regions.spot(edge, spot.chained)
            fresh = regions.add(found, to, image(regions.sets, edge, region))
            if fresh != regions.sets.nothing:
                waiting[to] = waiting.pop(to, regions.sets.nothing) | fresh
    return found


def _circle(regions: Regions, alive: Places, again: _Back) -> bool:
    """Whether one can go on for ever within these states: what cannot is taken away until only that is left."""
    left = dict(alive)
    back = regions.backwards()
    waiting = dict.fromkeys(left)
    while waiting:
        spot, _ = waiting.popitem()
        onward = (
            origin(regions.sets, edge, left[to])
            for edge in regions.edges(spot)
            if (to := regions.spot(edge, spot.chained)) in left
        )
        moving = regions.sets.union(onward)
        stays = left[spot] & (moving | again.origin(spot, moving & regions.reached[spot]))
        if stays != left[spot]:
            left[spot] = stays
            waiting |= {before: None for before, _ in back.get(spot, ()) if before in left}
    return any(region != regions.sets.nothing for region in left.values())
