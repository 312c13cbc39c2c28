"""How large a route is with all the routes it names written out: what the engine may have to try in one step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.story.limits import MAX_CANDIDATES, MAX_ROUTE_DEPTH
from bot.story.story import Route


@dataclass(frozen=True, slots=True)
class Extent:
    """Candidates in all, and how many routes stand inside one another."""

    candidates: int
    depth: int

    @property
    def fault(self) -> str | None:
        """What is wrong with a route of this extent."""
        if self.candidates > MAX_CANDIDATES:
            return f"more than {MAX_CANDIDATES} candidates, with those of the routes named here"
        if self.depth > MAX_ROUTE_DEPTH:
            return f"more than {MAX_ROUTE_DEPTH} routes inside one another"
        return None


def extent(route: Route, named: Mapping[str, Extent]) -> Extent:
    """The extent of a route, given that of the routes it names."""
    candidates, depth = len(route.candidates), 0
    for candidate in route.candidates:
        if candidate.route is not None:
            inner = named.get(candidate.route.name or "") or extent(candidate.route, named)
            candidates += inner.candidates
            depth = max(depth, inner.depth)
    return Extent(candidates, depth + 1)
