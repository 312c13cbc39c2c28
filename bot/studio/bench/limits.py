"""How much of the machine the bench may have, and who may ask for how much of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from bot.studio.bench.job import Kind

SECONDS: Mapping[Kind, float] = MappingProxyType(
    {Kind.CHECK: 20.0, Kind.CLIPS: 60.0, Kind.PROVE: 60.0, Kind.PLAYS: 60.0, Kind.MAP: 30.0}
)
"""That a job of each kind may take, from its beginning; what it has waited before does not count."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`seconds` are those of kinds that are to have others than `SECONDS`; `memory` is address space in bytes, far more
    than what is used of it; `nice` makes the bench give way to the bot. `each` is how many jobs one creator may have
    waiting, `all` how many may wait together."""

    seconds: Mapping[Kind, float] = field(default_factory=dict)
    memory: int = 900 * 1024 * 1024
    nice: int = 5
    each: int = 3
    all: int = 60

    def time(self, kind: Kind) -> float:
        """Seconds that a job of this kind may take."""
        return self.seconds.get(kind, SECONDS[kind])
