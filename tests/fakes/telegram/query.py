"""Questions that the bot has to answer in time: taps, inline queries, payments about to be made."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.fakes.telegram.bell import PATIENCE, Bell
from tests.fakes.telegram.clock import Clock
from tests.fakes.telegram.refusal import BadRequest

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@dataclass(eq=False)
class Query:
    """`ends` is when the bot can no longer answer, by the server's clock."""

    id: str
    kind: str
    person: int
    ends: float
    bell: Bell = field(default_factory=Bell)
    answer: Any = None

    async def answered(self, within: float = PATIENCE) -> Any:
        """What the bot answered; TimeoutError when it did not within these real seconds."""
        return await self.bell.until(lambda: self.answer, within, f"the answer to {self.kind} {self.id}")


class Queries:
    """All that are open. One that was answered is as unknown as one that never was."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: dict[str, Query] = {}
        self._numbers = count(4_000_000_000_000_000_001)
        clock.on_jump.append(self._ring)

    def open(self, kind: str, person: int, seconds: float) -> Query:
        query = Query(str(next(self._numbers)), kind, person, self._clock.now() + seconds)
        self._open[query.id] = query
        return query

    def answer(self, kind: str, query_id: str, answer: Any) -> Query:
        """BadRequest when it is unknown, of another kind, answered before, or too old."""
        query = self._open.get(query_id)
        if query is None or query.kind != kind or self._clock.now() > query.ends:
            raise BadRequest(TOO_OLD)
        del self._open[query_id]
        query.answer = answer
        query.bell.ring()
        return query

    def _ring(self) -> None:
        for query in self._open.values():
            query.bell.ring()
