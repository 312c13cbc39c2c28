"""How a session stands: read from the store with its story, and told as an answer, once more if need be."""

from __future__ import annotations

import secrets

from bot.event import Answer, Event, Tell
from bot.library import Library
from bot.play.event import Choose, Restart, TimeOut
from bot.play.state import unpack
from bot.play.step import Reason, retell
from bot.play.toll import arrival, paid_part, standing
from bot.recent import Place
from bot.store.port import Identity, Session, Store, Viewer
from bot.story.story import Story
from bot.toll import Tolls

WALKS = (Choose, TimeOut, Restart)
"""Events that may show several cards in a row; the others show the one where the session stands."""


ID_BITS = 62
"""Random bits of a session's id and seed: unguessable, and inside SQLite's and PostgreSQL's 64-bit integers."""


class UnknownSession(LookupError):
    """No such session, or it is somebody else's; the two are not told apart."""


class Standings:
    """Raises `UnknownSession`, `UnknownStory` and `StoreError`."""

    def __init__(self, store: Store, library: Library, tolls: Tolls) -> None:
        self._store = store
        self._library = library
        self._tolls = tolls

    async def session(self, session_id: int, owner: Identity | None) -> Session:
        """The session, if it is that owner's (None: anybody's)."""
        session = await self._store.session(session_id, owner)
        if session is None:
            raise UnknownSession(str(session_id))
        return session

    async def stored(self, session: Session) -> Session:
        """The session as it is stored, which for a new one may have been begun under another id meanwhile."""
        stored = await self._store.session_in(session.viewer, session.story)
        if stored is None:
            raise UnknownSession(str(session.id))
        return stored

    async def place(self, session: Session) -> Place:
        """With its story, in the version it is pinned to."""
        story = await self._library.version(session.story, session.version)
        return Place(session, story, unpack(story, session.state))

    async def current(self, session: Session, notice: Reason | None) -> Answer:
        """The card where it stands; with a notice, why nothing else is shown."""
        place = await self.place(session)
        story, state = place.story, place.state
        granted = await self._tolls.granted(story, session.viewer)
        cards = arrival(story, state, granted) if notice is None else standing(story, state, granted)
        return Answer(session, story, state, cards, notice, granted)

    async def repeated(self, event: Event, session: Session) -> Answer:
        """What the event showed when it was counted, as far as the session has not moved since."""
        if isinstance(event.what, Tell) and not isinstance(event.what.what, WALKS):
            return await self.current(session, None)
        place = await self.place(session)
        story, state = place.story, place.state
        granted = await self._tolls.granted(story, session.viewer)
        return Answer(session, story, state, paid_part(story, state, retell(story, state), granted), granted=granted)


def new_session(viewer: Viewer, story: Story, event: Event) -> Session:
    """One that the event begins, before its first step."""
    return Session(
        id=secrets.randbits(ID_BITS),
        viewer=viewer.id,
        story=story.id,
        version=story.version,
        seed=secrets.randbits(ID_BITS),
        revision=0,
        state=b"",
        address=event.address,
        updated=event.at,
    )
