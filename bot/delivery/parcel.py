"""What lies in the outbox: a parcel (a card with what an adapter must know to show it), or a note (anything else)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import TypeAdapter
from pydantic_core import to_json

from bot.play.card import Card
from bot.record import record
from bot.store.port import Session
from bot.watch.verdict import Why


@record(frozen=True, slots=True)
class Counted:
    """How a group came to a choice: what decided, its share of the votes in percent, and how many voted."""

    why: Why
    percent: int
    voters: int


@record(frozen=True, slots=True)
class Taken:
    """The choice that led here: where it was offered, which it was, and whether the clock took it; in a watch-along,
    how the vote went."""

    scene: str
    choice: str
    timed_out: bool = False
    counted: Counted | None = None


@record(frozen=True, slots=True)
class Parcel:
    """A card of a story's version, for one session's revision. `taken` comes with the first card of its step, and
    `deadline` (Unix ms: the default is taken then) with the last."""

    story: str
    version: str
    session: int
    revision: int
    card: Card
    taken: Taken | None = None
    deadline: int | None = None
    room: bool = False
    """Whether a group votes on it."""
    again: str = ""
    """What it was asked for again by, where it was shown before: then it is a message of its own."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something a chat is told that is no card: which page of the adapter's, for whom, with what."""

    note: str
    user: str
    about: Mapping[str, str]


MOST_WRITTEN = 2_000
"""Cards whose JSON is kept; some 2 KiB each."""

_PARCELS = TypeAdapter(Parcel)
_CARDS = TypeAdapter(Card)
_CARDS_WRITTEN: dict[int, tuple[Card, bytes]] = {}
_NOTES = TypeAdapter(Note)
_NOTE = b'{"note":'
"""How a note begins, and no parcel does."""


def wrap(
    session: Session, card: Card, taken: Taken | None = None, deadline: int | None = None, *,
    room: bool = False, again: str = "",
) -> bytes:  # fmt: skip
    """The card as it lies in the outbox: JSON of a `Parcel`."""
    place = {
        "story": session.story,
        "version": session.version,
        "session": session.id,
        "revision": session.revision,
        "taken": taken,
        "deadline": deadline,
    }
    if room:
        place["room"] = True
    if again:
        place["again"] = again
    return b'%b,"card":%b}' % (to_json(place)[:-1], _written(card))


def _written(card: Card) -> bytes:
    """The card's JSON. Most cards are made once and shown to many, so it is kept: to write it is half of a parcel."""
    known = _CARDS_WRITTEN.get(id(card))
    if known is None or known[0] is not card:
        if len(_CARDS_WRITTEN) >= MOST_WRITTEN:
            _CARDS_WRITTEN.clear()
        # The card is kept with it: an id means a card only for as long as that lives.
        known = _CARDS_WRITTEN[id(card)] = (card, _CARDS.serializer.to_json(card))
    return known[1]


def wrap_note(note: Note) -> bytes:
    """The note as it lies in the outbox: JSON."""
    return _NOTES.serializer.to_json(note)


def unwrap(body: bytes) -> Parcel | Note:
    """What `wrap` or `wrap_note` made. Raises `ValueError` when it is damaged."""
    return (_NOTES if body.startswith(_NOTE) else _PARCELS).validate_json(body)
