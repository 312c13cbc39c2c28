"""The agenda: turns what falls due into events, at its time and also after a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import structlog

from bot.app import App, SetAside, UnknownSession
from bot.event import Event, Tell
from bot.library import UnknownStory
from bot.play.event import TimeOut
from bot.rooms import Rooms
from bot.rooms.kept import CLOSE, MEET
from bot.store.errors import StoreError
from bot.store.port import Due, EventKey

log = structlog.get_logger()

PLATFORM = "agenda"
"""Where its events come from, as their keys say."""

BATCH = 200

CLAIMED = 15_000
"""Milliseconds for which a row is left to the worker that took it up: if it dies, another one takes it up then."""

LONGEST_SLEEP = 1.0
"""Seconds between looks at the agenda at the most; a new row may be due earlier than the one slept for."""


class Agenda:
    """One per process. A row that cannot be handled is dropped with its event set aside; the others go on."""

    def __init__(self, app: App, rooms: Rooms, clock: Callable[[], int]) -> None:
        self._app = app
        self._rooms = rooms
        self._clock = clock

    async def run(self) -> None:
        """Work until cancelled. Nothing but that ends it: time goes on for everybody else."""
        while True:
            try:
                await self.take_due()
                await asyncio.sleep(await self._until_next())
            except StoreError as error:
                log.warning("agenda_waits", error=str(error))
                await asyncio.sleep(LONGEST_SLEEP)
            except Exception:
                log.exception("agenda_failed")
                await asyncio.sleep(LONGEST_SLEEP)

    async def take_due(self) -> None:
        """Handle everything that is due by now, and begin what was planned. Raises `StoreError` when some of it must be
        tried again.
        """
        worker = self._app.crew.worker
        while rows := await self._app.store.claim_due(worker, self._clock(), BATCH, CLAIMED):
            self._note_lateness(rows)
            outcomes = await asyncio.gather(*map(self._handle, rows), return_exceptions=True)
            for outcome in outcomes:
                if outcome is not None:
                    raise outcome
        await self._rooms.begin_planned(self._clock())
        self._app.figures.agenda_looked = self._clock() / 1000

    def _note_lateness(self, rows: Sequence[Due]) -> None:
        now = self._clock()
        for row in rows:
            self._app.figures.agenda_seconds.note((now - row.at) / 1000)

    async def _until_next(self) -> float:
        store = self._app.store
        wanted = [at for at in (await store.next_due(self._app.crew.worker), await store.next_plan()) if at is not None]
        at = min(wanted, default=None)
        return LONGEST_SLEEP if at is None else min(max(at - self._clock(), 0) / 1000, LONGEST_SLEEP)

    async def _handle(self, due: Due) -> None:
        try:
            if due.kind == CLOSE:
                await self._rooms.close(due, self._clock())
            elif due.kind == MEET:
                await self._rooms.meet(due, self._clock())
            else:
                await self._app.handle(self._time_out(due))
        except (SetAside, UnknownSession, UnknownStory) as error:
            log.warning("agenda_row_dropped", kind=due.kind, error=type(error).__name__)
            await self._app.store.drop_due(due)

    def _time_out(self, due: Due) -> Event:
        # The key names the step and not the row, so that a clock can end a revision only once.
        key = EventKey(PLATFORM, f"{due.kind}:{due.session}:{due.revision}")
        return Event(key, "", Tell(due.session, TimeOut(due.revision, present=False)), self._clock(), done=due)
