"""Tells whoever watches a session, in this process, that it has moved."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Set
from contextlib import asynccontextmanager

ENDED = -1
"""Told in place of a revision when nothing more will be told."""

_MISSED = 8
"""Moves that a slow listener may be behind; only the newest matters, so older ones are dropped."""


class Moves:
    """Listeners by session id."""

    def __init__(self) -> None:
        self._listeners: dict[int, set[asyncio.Queue[int]]] = defaultdict(set)
        self._ended = False
        self.listening = 0
        """How many listen now."""

    @property
    def sessions(self) -> Set[int]:
        """Those that somebody listens to."""
        return self._listeners.keys()

    def tell(self, session: int, revision: int) -> None:
        """The session is now at `revision`."""
        for queue in self._listeners.get(session, ()):
            _put(queue, revision)

    def end(self) -> None:
        """Tell all who listen, now and later, that nothing more will be told: `ENDED`."""
        self._ended = True
        for queues in self._listeners.values():
            for queue in queues:
                _put(queue, ENDED)

    @asynccontextmanager
    async def of(self, session: int) -> AsyncIterator[asyncio.Queue[int]]:
        """A queue of the session's revisions for as long as the context lasts."""
        queue: asyncio.Queue[int] = asyncio.Queue(_MISSED)
        self._listeners[session].add(queue)
        self.listening += 1
        if self._ended:
            _put(queue, ENDED)
        try:
            yield queue
        finally:
            self.listening -= 1
            self._listeners[session].discard(queue)
            if not self._listeners[session]:
                del self._listeners[session]


def _put(queue: asyncio.Queue[int], revision: int) -> None:
    if queue.full():
        queue.get_nowait()
    queue.put_nowait(revision)
