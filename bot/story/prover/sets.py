"""Sets of states as decision diagrams: every slot's value is a number in bits, and a set is a function of the bits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dd import cudd

from bot.story.expression import Value
from bot.story.prover.slot import Slot

Region = Any
"""A set of slots' values: what `dd` calls a function. `&`, `|` and `~` are those of sets."""

Spread = Mapping[Value, Region]
"""A value that is not the same everywhere: each with the region where it is that."""

NEXT = "'"
"""Ends the name of a bit as it is after a step."""

LATER = '"'
"""Ends the name of a bit of something kept, as it is when a viewer goes back."""


class Sets:
    """The diagrams of one search."""

    def __init__(self, slots: Sequence[Slot]) -> None:
        self.slots = slots
        self.diagrams = cudd.BDD()
        self.diagrams.configure(reordering=False)
        self.bits = [self._declare(n, slot) for n, slot in enumerate(slots)]
        self.nothing: Region = self.diagrams.false
        self.everything: Region = self.diagrams.true
        self._spreads = [self._spread(n) for n in range(len(slots))]
        self._order = [bit for bits in self.bits for bit in bits]

    def _declare(self, n: int, slot: Slot) -> list[str]:
        bits = [f"s{n}b{bit}" for bit in range((len(slot.domain) - 1).bit_length())]
        for bit in bits:
            self.diagrams.declare(bit, bit + NEXT, *([bit + LATER] if slot.keep else ()))
        return bits

    def _spread(self, n: int) -> Spread:
        return {value: self._cube(n, number) for number, value in enumerate(self.slots[n].domain)}

    def _cube(self, n: int, number: int) -> Region:
        return self.diagrams.cube({bit: bool(number >> at & 1) for at, bit in enumerate(self.bits[n])})

    def value(self, n: int) -> Spread:
        """The value of the n-th slot."""
        return self._spreads[n]

    def constant(self, value: Value) -> Spread:
        """A value that is the same everywhere."""
        return {value: self.everything}

    def union(self, regions: Iterable[Region]) -> Region:
        """All of them together."""
        whole = self.nothing
        for region in regions:
            whole |= region
        return whole

    def functions(self, n: int, spread: Spread) -> dict[str, Region]:
        """The bits of the n-th slot where it takes this value."""
        if spread is self._spreads[n]:
            return {}
        numbers = {value: number for number, value in enumerate(self.slots[n].domain)}
        found = {
            bit: self.union(region for value, region in spread.items() if numbers[value] >> at & 1)
            for at, bit in enumerate(self.bits[n])
        }
        return {bit: region for bit, region in found.items() if region != self.diagrams.var(bit)}

    def count(self, region: Region) -> int:
        """How many states there are in a region."""
        return int(self.diagrams.count(region, nvars=len(self._order))) if self._order else int(region != self.nothing)

    def one(self, region: Region) -> tuple[Value, ...]:
        """The values of one state of a region that is not empty."""
        bits = self.diagrams.pick(region, care_vars=set(self._order))
        numbers = [sum(bits[bit] << at for at, bit in enumerate(names)) for names in self.bits]
        return tuple(slot.domain[number] for slot, number in zip(self.slots, numbers, strict=True))

    def point(self, values: Sequence[Value]) -> Region:
        """The region of one state."""
        return self._all(zip(self._spreads, values, strict=True))

    def keeping(self, kept: Iterable[Value]) -> Region:
        """The region where these values are kept."""
        spreads = (spread for spread, slot in zip(self._spreads, self.slots, strict=True) if slot.keep)
        return self._all(zip(spreads, kept, strict=True))

    def _all(self, held: Iterable[tuple[Spread, Value]]) -> Region:
        region = self.everything
        for spread, value in held:
            region &= spread[value]
        return region
