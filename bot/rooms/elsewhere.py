"""Elsewhere: what other workers do to rooms that are shown here, read anew once a second at most."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from bot.crew.news import EVERYTHING, Topic
from bot.rooms.scribe import Scribe

PACE = 1.0
"""Seconds between two looks at a room that others vote in."""

MOST = 1_000
"""Rooms that are remembered."""


class Elsewhere:
    """One for all rooms of a process. Rooms that nobody here looks at are left alone."""

    def __init__(self, scribe: Scribe) -> None:
        self._scribe = scribe
        self._looked: OrderedDict[int, float] = OrderedDict()
        """When each was last read anew, or will be, by the loop's clock."""
        scribe.app.crew.news.listen(Topic.ROOM, self._heard)

    def _heard(self, name: str) -> None:
        known = self._scribe.booths.sessions | self._looked.keys()
        wanted = known if name == EVERYTHING else known & {int(name)}
        for session in wanted:
            self._look(session)

    def _look(self, session: int) -> None:
        loop = asyncio.get_running_loop()
        now, last = loop.time(), self._looked.get(session, -PACE)
        if last > now:
            return  # it will be looked at, and that late enough to see this too
        at = self._looked[session] = max(now, last + PACE)
        self._looked.move_to_end(session)
        if len(self._looked) > MOST:
            self._looked.popitem(last=False)
        if at > now:
            loop.call_at(at, self._again, session)
        else:
            self._again(session)

    def _again(self, session: int) -> None:
        self._scribe.booths.forget(session)
        self._scribe.changed(session)
