"""The lookout: sees when sessions that are watched here move in other workers."""

from __future__ import annotations

import asyncio

import structlog

from bot.app import App
from bot.store.errors import StoreError

log = structlog.get_logger()

PACE = 1.0
"""Seconds between two looks: how late a second tab may be."""


class Lookout:
    """One per process, where there may be several. However many sessions are watched, they are read together."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._known: dict[int, int] = {}

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await asyncio.sleep(PACE)
            try:
                await self.look()
            except StoreError as error:
                log.warning("lookout_blind", error=str(error))

    async def look(self) -> None:
        """Tell of every session that has moved since the last look, or is new to it. Raises `StoreError`."""
        watched = list(self._app.moves.sessions)
        found = await asyncio.gather(*map(self._app.store.session, watched))
        known, self._known = self._known, {}
        for session in found:
            if session is not None:
                self._known[session.id] = session.revision
                # One that was not looked at before is told too: it may have moved since it was first watched.
                if session.revision != known.get(session.id):
                    self._app.moves.tell(session.id, session.revision)
