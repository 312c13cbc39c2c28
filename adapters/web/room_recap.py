"""The picture of an evening, drawn once for all who ask for it."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import fields

from adapters.words import words
from bot.chart.draw import Names, RecapWords, recap_png
from bot.rooms import Rooms
from bot.rooms.booth import Booth

MOST = 50
"""Pictures at hand; some 200 KB each."""


class Recaps:
    """Pictures of rooms that have ended, by session."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._drawn: OrderedDict[int, asyncio.Task[bytes | None]] = OrderedDict()

    async def of(self, booth: Booth) -> bytes | None:
        """The picture as PNG, in the language of the room; None where there is nothing to tell."""
        session = booth.row.session
        drawing = self._drawn.get(session)
        if drawing is None:
            drawing = self._drawn[session] = asyncio.create_task(self._draw(booth))
            drawing.add_done_callback(lambda done: self._forget(session, done))
            if len(self._drawn) > MOST:
                self._drawn.popitem(last=False)
        # Others wait for the same picture: who leaves must not take it from them.
        return await asyncio.shield(drawing)

    async def _draw(self, booth: Booth) -> bytes | None:
        recap = await self._rooms.recap(booth.row.session)
        if recap is None or not any(stretch.decided for stretch in recap.stretches):
            return None
        language = booth.card.language
        said = words(language)
        written = RecapWords(**{field.name: said(f"recap_{field.name}") for field in fields(RecapWords)})
        return await asyncio.to_thread(recap_png, recap, Names(booth.story, language), written)

    def _forget(self, session: int, done: asyncio.Task[bytes | None]) -> None:
        """A picture that failed is drawn anew for the next who asks."""
        failed = done.cancelled() or done.exception() is not None
        if failed and self._drawn.get(session) is done:
            del self._drawn[session]
