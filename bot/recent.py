"""Places lately stepped to, so that a viewer who goes on tapping is not read and unpacked each time.

Only a shortcut: a step from a remembered place is committed under the revision it was made from, like any other.
"""

from __future__ import annotations

from collections import OrderedDict

from bot.play.state import BranchState
from bot.record import record
from bot.store.port import Identity, Session
from bot.story.story import Story

MOST = 2_000
"""Places remembered; each takes a few KiB."""


@record(frozen=True, slots=True)
class Place:
    """A session as it was last committed, with its story and state at hand."""

    session: Session
    story: Story
    state: BranchState


class Recent:
    """The latest places by session, each for the identity that stepped there."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._places: OrderedDict[int, tuple[Identity | None, Place]] = OrderedDict()

    def place(self, session: int, owner: Identity | None) -> Place | None:
        """Where the session was last known to stand; None when that is not known, or not of this owner."""
        known, place = self._places.get(session, (None, None))
        return place if place is not None and (owner is None or owner == known) else None

    def keep(self, owner: Identity | None, place: Place) -> None:
        """The session stands here now, by an event of this owner (None: by the agenda's)."""
        id = place.session.id
        before, _ = self._places.get(id, (None, None))
        self._places[id] = (owner or before, place)
        self._places.move_to_end(id)
        if len(self._places) > self._most:
            self._places.popitem(last=False)

    def forget(self, session: int) -> None:
        """What was remembered of it is no longer so."""
        self._places.pop(session, None)

    def clear(self) -> None:
        """Remember nothing."""
        self._places.clear()
