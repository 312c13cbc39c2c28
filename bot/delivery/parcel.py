"""A parcel: a card with what an adapter must know to show it, as it lies in the outbox."""

from __future__ import annotations

from pydantic import TypeAdapter

from bot.play.card import Card
from bot.record import record
from bot.store.port import Session


@record(frozen=True, slots=True)
class Parcel:
    """A card of a story's version, for one session's revision."""

    story: str
    version: str
    session: int
    revision: int
    card: Card


_PARCELS = TypeAdapter(Parcel)


def wrap(session: Session, card: Card) -> bytes:
    """The card as it lies in the outbox: JSON."""
    return _PARCELS.serializer.to_json(Parcel(session.story, session.version, session.id, session.revision, card))


def unwrap(body: bytes) -> Parcel:
    """What `wrap` made. Raises `ValueError` when it is damaged."""
    return _PARCELS.validate_json(body)
