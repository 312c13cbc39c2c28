"""The scribe: writes rooms where no step is taken, and tells whoever watches or carries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.app import App
from bot.crew import Topic
from bot.delivery.parcel import Note, wrap_note
from bot.rooms.booth import Booths
from bot.rooms.kept import FACELESS, Kept
from bot.store.errors import StoreError
from bot.store.port import Commit, Due, EventKey, OutboxCard, Outcome, RoomRow

Listener = Callable[[int], None]
"""Called with the session of a room that has changed."""


class Scribe:
    """One for all rooms of a process; the parts of the door share it."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.store = app.store
        self.booths = Booths(app.store, app.library)
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        """Have it called whenever votes, clock or state of a room have changed."""
        self._listeners.append(listener)

    def tell(self, session: int) -> None:
        """That room was changed here: other workers hear of it too."""
        self.changed(session)
        self.app.crew.news.tell(Topic.ROOM, str(session))

    def changed(self, session: int) -> None:
        """That room has changed, here or elsewhere."""
        for listener in self._listeners:
            listener(session)

    async def keep(
        self, key: EventKey | None, kept: Kept, rows: Sequence[Due], cards: Sequence[OutboxCard] = ()
    ) -> Outcome:
        """Write the room in place of the one it was made from, at the same revision."""
        row = kept.row
        try:
            outcome = await self.store.keep_room(key, row, row.version, cards, rows)
        except StoreError:
            self.booths.forget(row.session)  # Nobody knows whether it was written.
            raise
        if outcome is Outcome.COMMITTED and kept.running and kept.shut is None:
            self.booths.changed(row.session, replace(kept, row=replace(row, version=row.version + 1)))
        else:
            self.booths.forget(row.session)
        if outcome is Outcome.COMMITTED:
            self.app.carriers.call(cards)
        self.tell(row.session)
        return outcome

    def announce(self, commit: Commit) -> None:
        """A step was committed: whoever watches or carries need not look for it."""
        session = commit.session
        self.app.figures.committed(commit.event.platform, session.updated)
        self.app.moves.tell(session.id, session.revision)
        self.app.carriers.call(commit.cards)
        self.tell(session.id)


def note_card(row: RoomRow, address: str, page: str, **about: str) -> tuple[OutboxCard, ...]:
    """A note about a room, for a chat: ids only, the adapter has the words. None for a room that is in no chat."""
    if row.platform == FACELESS:
        return ()
    note = Note(page, "0", {"session": str(row.session), **about})
    return (OutboxCard(row.platform, address, row.session, row.revision, wrap_note(note)),)
