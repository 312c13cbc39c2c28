"""Going back, whole regions at once: at which choices a viewer can be again, with which kept values from later."""

from __future__ import annotations

from itertools import count

from dd import cudd

from bot.story.prover.passage import origin
from bot.story.prover.regions import BEFORE, EVERY, Places, Regions, Spot
from bot.story.prover.sets import LATER, NEXT, Region


class Hindsight:
    """Relations between states at a choice and the kept values (`LATER`) of all that can come of them.

    They are found in rounds: on the way to what is kept, a round goes back only by what the rounds before it know.
    """

    def __init__(self, regions: Regions) -> None:
        self._regions = regions
        self._sets = regions.sets
        self._kept = [bit for n, slot in enumerate(self._sets.slots) if slot.keep for bit in self._sets.bits[n]]
        self._rounds: list[Places] = [{}]

    @property
    def rounds(self) -> int:
        """How many there are."""
        return len(self._rounds) - 1

    def search(self, most_nodes: int, most: int) -> bool:
        """Go back from everything reached until nothing new is; False, with nothing added, where that is too much."""
        reached = dict(self._regions.reached)
        while self._kept:
            learnt = self._learnt(most_nodes, most)
            if learnt == self._rounds[-1]:
                return True
            if learnt is not None:
                self._rounds.append(learnt)
            if learnt is None or not self._regions.search(most_nodes, most, self._returned(learnt)):
                self._regions.reached, self._rounds = reached, [{}]
                return False
        return True

    def image(self, spot: Spot, region: Region, rounds: int) -> Region:
        """As what a region can be come back to, by what so many rounds know."""
        relation = self._rounds[rounds].get(spot)
        if relation is None:
            return self._sets.nothing
        kept = cudd.and_exists(region, relation, self._kept)
        return self._named(kept, LATER, "")

    def origin(self, spot: Spot, region: Region, rounds: int) -> Region:
        """What can be come back to as this region, by what so many rounds know."""
        relation = self._rounds[rounds].get(spot)
        if relation is None:
            return self._sets.nothing
        # The region may be a relation too, so that the values between the two need bits of their own.
        between = [bit + NEXT for bit in self._kept]
        return cudd.and_exists(self._named(relation, LATER, NEXT), self._named(region, "", NEXT), between)

    # -- inside

    def _named(self, region: Region, old: str, new: str) -> Region:
        """The same of kept values under other names."""
        return self._sets.diagrams.let({bit + old: bit + new for bit in self._kept}, region)

    def _returned(self, learnt: Places) -> Places:
        """What of all that can be come back to was not reached before."""
        fresh = {}
        for spot in learnt:
            led = self.image(spot, self._regions.reached[spot], self.rounds)
            fresh[spot] = self._regions.add(self._regions.reached, spot, led)
        return {spot: region for spot, region in fresh.items() if region != self._sets.nothing}

    def _learnt(self, most_nodes: int, most: int) -> Places | None:
        """The relations as another round finds them; None where that takes too much."""
        found = self._resting()
        back = self._regions.backwards()
        waiting = dict(found)
        for walked in count(1):
            spot, relation = waiting.popitem()
            here = self.origin(spot, relation, self.rounds) & self._regions.reached[spot]
            led = [(before, origin(self._sets, edge, relation)) for before, edge in back.get(spot, ())]
            for before, region in [(spot, here), *led]:
                fresh = self._regions.add(found, before, region & self._regions.reached[before])
                if fresh != self._sets.nothing:
                    waiting[before] = waiting.get(before, self._sets.nothing) | fresh
            if not waiting:
                return {spot: relation for spot, relation in found.items() if self._regions.through.get(spot.at)}
            if walked > most or (walked % EVERY == 0 and len(self._sets.diagrams) > most_nodes):
                return None
        raise AssertionError("counting has no end")

    def _resting(self) -> Places:
        """Every state in which a play rests, with its own kept values."""
        same = self._sets.everything
        for bit in self._kept:
            same &= self._sets.diagrams.var(bit).equiv(self._sets.diagrams.var(bit + LATER))
        reached = self._regions.reached.items()
        return {spot: self._regions.resting(spot, region) & same for spot, region in reached if spot != BEFORE}
