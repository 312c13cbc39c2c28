"""A side: one of two branches as it is read, to see whether they meet."""

from __future__ import annotations

from dataclasses import dataclass

from bot.app import App
from bot.library import UnknownStory
from bot.play.state import BadState, BranchState, unpack
from bot.rooms.kept import Kept, read
from bot.store.port import Session
from bot.story.story import Story
from bot.watch.meeting import Whereabouts, whereabouts
from bot.watch.room import BadRoom

UNREADABLE = (BadRoom, BadState, UnknownStory)
"""What reading a room and its place may raise, if it is damaged: no branch ends because the other one is."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of two branches as it was read, with the place of its session."""

    kept: Kept
    session: Session
    story: Story
    state: BranchState

    @property
    def id(self) -> int:
        return self.session.id

    @property
    def waits(self) -> bool:
        """Whether it waits for its twin."""
        return self.kept.room.meeting is not None

    @property
    def where(self) -> Whereabouts:
        """Where it is; of a room that is no branch nothing is known to have been walked."""
        branch = self.kept.room.branch
        return Whereabouts(self.state.scene, frozenset()) if branch is None else whereabouts(self.state, branch)


class Sides:
    """Reads them."""

    def __init__(self, app: App) -> None:
        self._store = app.store
        self._library = app.library

    async def kept(self, session: int) -> Kept | None:
        """The room of that session; None where there is none. Raises `BadRoom`."""
        row = await self._store.room(session)
        return None if row is None else read(row)

    async def of(self, kept: Kept) -> Side:
        """A room with the place of its session. Raises one of `UNREADABLE`."""
        session = await self._store.session(kept.row.session)
        if session is None:
            raise BadRoom(f"the session {kept.row.session} of a room is gone")
        story = await self._library.version(session.story, session.version)
        return Side(kept, session, story, unpack(story, session.state))
