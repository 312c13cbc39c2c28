"""Rooms, ballots, plans, purchases and what is shown, with only what a test cares about spelled out."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

from bot.store.port import (
    BallotRow,
    Commit,
    Due,
    Outcome,
    PlanRow,
    Purchase,
    RoomRow,
    Session,
    Shown,
    Store,
    VoteRow,
)
from tests.bot.store.steps import STORY, event

SHUT = b"c{}"
"""The body of a room whose ballot is final, and waits to be counted."""


def room(session: Session, code: str = "red-fox", **changes: Any) -> RoomRow:
    """A room of that session, its ballot open at revision 0."""
    return replace(RoomRow(session.id, code, "console", "chat-1", 0, True, b"{}", 1), **changes)


async def gather_room(store: Store, code: str = "red-fox", **changes: Any) -> RoomRow:
    """A room that the store has, with the session it plays."""
    viewer = await store.viewer("room", code)
    session = Session(secrets.randbits(62), viewer.id, STORY, "v1", 7, 0, b"at whistle", "console:chat-1", 1_000)
    made = room(session, code, **changes)
    assert await store.commit(Commit(event(), session, None, room=made)) is Outcome.COMMITTED
    return made


def vote(room: RoomRow, voter: str = "console:ann", ranking: str = "get-on", **changes: Any) -> VoteRow:
    """A vote at the revision of the room's ballot."""
    return replace(VoteRow(room.session, room.revision, voter, ranking, 1, 2_000), **changes)


def decided(room: RoomRow, **changes: Any) -> BallotRow:
    """The room's ballot, closed."""
    return replace(BallotRow(room.session, room.revision, "console:ann", b'{"choices":2}', "get-on", 2_500), **changes)


def planned(address: str = "chat-1", at: int = 9_000, **changes: Any) -> PlanRow:
    """A watch-along of ann's, later."""
    return replace(PlanRow(secrets.randbits(62), "console", address, "console:ann", at, b'{"story":1}'), **changes)


def closing_at(room: RoomRow, at: int) -> Due:
    """When the room's ballot closes."""
    return Due(at, "vote", room.session, room.revision)


def paid(viewer: int | None, charge: str = "charge-1", episode: str = "", **changes: Any) -> Purchase:
    """A purchase of ann's."""
    return replace(Purchase(charge, "console", "ann", viewer, STORY, episode, 50, 3_000), **changes)


def stands(session: int, address: str = "chat-1", **changes: Any) -> Shown:
    """Where a session's card stands."""
    return replace(Shown("console", address, session, 0, b"message 7", 1_000), **changes)
